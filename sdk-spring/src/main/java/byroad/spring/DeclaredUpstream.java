package byroad.spring;

import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Upstream;
import byroad.spring.PropertyPath.Asked;
import byroad.spring.UpstreamProperties.EndpointProperties;
import byroad.spring.UpstreamProperties.Streams;
import java.util.List;
import java.util.Map;

/** One upstream as it is declared in the properties. */
record DeclaredUpstream(String name, UpstreamProperties said) {
    private static final String EXPECTED_AT = "a base URL, as in \"https://api.example.ai\"";

    Upstream upstream() {
        PropertyPath path = PropertyPath.ROOT.at("upstreams").at(name);
        Upstream upstream = path.checked(name, () -> Upstream.named(name));
        List<EndpointProperties> properties = said.endpoints();
        for (int i = 0; i < properties.size(); i++) {
            upstream = upstream.endpoint(endpoint(path.at("endpoints").at(i), properties.get(i)));
        }
        upstream = path.value(upstream, "called-at", said.calledAt(), Upstream::calledAt);
        upstream = path.value(upstream, "deadline", said.deadline(), Upstream::deadline);
        upstream = path.value(upstream, "attempt-limit", said.attemptLimit(), Upstream::attemptLimit);
        upstream = path.flag(upstream, "repeatable", Asked.of(said.repeatable()), Upstream::repeatable);
        upstream = path.flag(upstream, "strictly-once", Asked.of(said.strictlyOnce()), Upstream::strictlyOnce);
        upstream = path.value(upstream, "origin-marker", said.originMarker(), Upstream::originMarker);
        upstream = path.value(upstream, "attempt-header", said.attemptHeader(), Upstream::attemptHeader);
        Streams streams = said.eventStreams();
        if (streams != null) {
            upstream = upstream.eventStreams(eventStreams(path.at("event-streams"), streams));
        }
        return validated(path, upstream);
    }

    private Upstream validated(PropertyPath path, Upstream upstream) {
        if (said.endpoints().isEmpty()) {
            throw new ByroadPropertyException(
                    path.at("endpoints").text(), null, "no endpoints (expected: at least one, with \"at\")");
        }
        if (said.repeatable() && said.strictlyOnce()) {
            throw new ByroadPropertyException(
                    path.at("strictly-once").text(), true, "\"repeatable\" is true too (expected: one of the two)");
        }
        return path.checked(said, upstream::validated);
    }

    private static Endpoint endpoint(PropertyPath path, EndpointProperties properties) {
        Endpoint endpoint = path.required("at", properties.at(), EXPECTED_AT, Endpoint::at);
        endpoint = path.value(endpoint, "named", properties.named(), Endpoint::named);
        endpoint = path.values(endpoint, "through", properties.through(), Endpoint::through);
        endpoint = path.value(endpoint, "hosted-by", properties.hostedBy(), Endpoint::hostedBy);
        endpoint = path.values(endpoint, "connect-to", properties.connectTo(), Endpoint::connectTo);
        endpoint = path.flag(
                endpoint, "shares-credentials", Asked.of(properties.sharesCredentials()), Endpoint::sharesCredentials);
        for (Map.Entry<String, String> header : properties.headers().entrySet()) {
            endpoint = path.at("headers")
                    .value(
                            endpoint,
                            header.getKey(),
                            header.getValue(),
                            (e, value) -> e.header(header.getKey(), value));
        }
        endpoint = path.values(endpoint, "forwards", properties.forwards(), Endpoint::forwards);
        endpoint = path.value(endpoint, "carries", properties.carries(), Endpoint::carries);
        endpoint = path.values(endpoint, "seeds", properties.seeds(), Endpoint::seeds);
        endpoint = path.values(endpoint, "only-for", properties.onlyFor(), Endpoint::onlyFor);
        endpoint = path.value(endpoint, "health-request", properties.healthRequest(), Endpoint::healthRequest);
        return path.value(endpoint, "origin-marker", properties.originMarker(), Endpoint::originMarker);
    }

    private static EventStreams eventStreams(PropertyPath path, Streams said) {
        EventStreams streams = streamsByEnd(path, said);
        streams = path.value(streams, "first-event-within", said.firstEventWithin(), EventStreams::firstEventWithin);
        streams = path.value(streams, "silence-limit", said.silenceLimit(), EventStreams::silenceLimit);
        return path.flag(
                streams,
                "commit-at-first-event",
                Asked.of(said.commitAtFirstEvent()),
                EventStreams::committedAtFirstEvent);
    }

    private static EventStreams streamsByEnd(PropertyPath path, Streams said) {
        int ends = (said.endsWith().isEmpty() ? 0 : 1) + (said.anyEnd() ? 1 : 0) + (said.ofAiServices() ? 1 : 0);
        if (ends != 1) {
            throw new ByroadPropertyException(
                    path.text(),
                    null,
                    ends
                            + " ways for a stream to end (expected: one of ends-with, any-end: true, of-ai-services: true)");
        }
        if (said.anyEnd()) {
            return EventStreams.withAnyEnd();
        }
        return said.ofAiServices()
                ? EventStreams.ofAiServices()
                : EventStreams.endingWith(said.endsWith().toArray(String[]::new));
    }
}

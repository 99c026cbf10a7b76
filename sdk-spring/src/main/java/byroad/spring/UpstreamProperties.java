package byroad.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * One HTTP dependency under {@code byroad.upstreams}, by its name.
 *
 * @param calledAt Base URL that the application calls. Defaults to that of the first endpoint.
 * @param deadline Longest time from the start of a call until its response headers are delivered, including all
 *     attempts and waits. Defaults to the call's own time-out, else none.
 * @param attemptLimit Longest silence of an attempt before its response headers. Defaults to the client's read
 *     time-out.
 * @param repeatable Whether every request may be processed twice, POST included. Defaults to false.
 * @param strictlyOnce Whether no request may be processed twice, not even a GET. Defaults to false.
 * @param originMarker Response header that the origin always sends: an error without it was made by an edge. Defaults
 *     to none.
 * @param attemptHeader Request header for the number of the attempt. Defaults to none.
 * @param eventStreams Requirements for event streams. Defaults to none.
 * @param endpoints Endpoints in order of preference. At least one is needed.
 */
record UpstreamProperties(
        @Nullable String calledAt,
        @Nullable Duration deadline,
        @Nullable Duration attemptLimit,
        @DefaultValue("false") boolean repeatable,
        @DefaultValue("false") boolean strictlyOnce,
        @Nullable String originMarker,
        @Nullable String attemptHeader,
        @Nullable Streams eventStreams,
        @DefaultValue List<EndpointProperties> endpoints) {

    /**
     * Requirements for event streams.
     *
     * @param endsWith Data or names of events, one of which must be the last of a stream. Defaults to none.
     * @param anyEnd Whether a stream may end with any event. Defaults to false.
     * @param ofAiServices Whether streams end as those of OpenAI, Anthropic and compatible services do. Defaults to
     *     false.
     * @param firstEventWithin Longest time from the response headers to the first event. Defaults to none.
     * @param silenceLimit Longest silence inside a stream. Defaults to the client's read time-out.
     * @param commitAtFirstEvent Whether a response is delivered with its first event and not before, so that a stream
     *     that begins with an error can be retried. Defaults to false.
     */
    record Streams(
            @DefaultValue List<String> endsWith,
            @DefaultValue("false") boolean anyEnd,
            @DefaultValue("false") boolean ofAiServices,
            @Nullable Duration firstEventWithin,
            @Nullable Duration silenceLimit,
            @DefaultValue("false") boolean commitAtFirstEvent) {}

    /**
     * One endpoint of an upstream.
     *
     * @param at Base URL. Must be given.
     * @param named Name for reports and for "avoid". Defaults to the first name in "connect-to", else to its host.
     * @param through Edges between the caller and the host, such as "cloudflare". Defaults to none: direct.
     * @param hostedBy Where it is hosted, such as "aws/us-west-2". Defaults to unknown.
     * @param connectTo Names or IP addresses to connect to in place of the URL's host, for the same authority. Defaults
     *     to that host.
     * @param sharesCredentials Whether credentials of a call may be sent to this endpoint if it has another authority.
     *     Defaults to false.
     * @param headers Headers for this endpoint only, such as its own key. Defaults to none.
     * @param forwards Only headers of a call that are sent to this endpoint if it has another authority. Defaults to
     *     those that are known to hold no credential.
     * @param carries Share of the upstream's normal calls that it can take, from just above 0 to 1. Defaults to
     *     undeclared: the concurrency limit finds it out.
     * @param seeds IP addresses that are used last, over https only: while the resolvers do not answer. Defaults to none.
     * @param onlyFor Methods and paths of the calls that it serves, such as "GET" or "/v1/models". Defaults to all
     *     calls.
     * @param healthRequest Path of a GET request every 5 minutes that proves a fallback endpoint before it is needed.
     *     Defaults to none.
     * @param originMarker Response header that this endpoint's origin always sends. Defaults to that of the upstream.
     */
    record EndpointProperties(
            @Nullable String at,
            @Nullable String named,
            @DefaultValue List<String> through,
            @Nullable String hostedBy,
            @DefaultValue List<String> connectTo,
            @DefaultValue("false") boolean sharesCredentials,
            @DefaultValue Map<String, String> headers,
            @DefaultValue List<String> forwards,
            @Nullable Double carries,
            @DefaultValue List<String> seeds,
            @DefaultValue List<String> onlyFor,
            @Nullable String healthRequest,
            @Nullable String originMarker) {}
}

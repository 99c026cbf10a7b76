package byroad.spring;

import byroad.Avoidance;
import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.FailureDomain;
import byroad.TrafficShift;
import byroad.Upstream;
import byroad.dns.KnownHost;
import byroad.okhttp.Byroad;
import byroad.spring.ByroadDescription.Budget;
import byroad.spring.ByroadDescription.EndpointDescription;
import byroad.spring.ByroadDescription.Health;
import byroad.spring.ByroadDescription.Limit;
import byroad.spring.ByroadDescription.Name;
import byroad.spring.ByroadDescription.ResolverDescription;
import byroad.spring.ByroadDescription.Shift;
import byroad.spring.ByroadDescription.Suspected;
import byroad.spring.ByroadDescription.Told;
import byroad.spring.ByroadDescription.Undeclared;
import byroad.spring.ByroadDescription.UpstreamDescription;
import byroad.spring.ByroadDescription.Verdict;
import java.net.InetAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Describes a client for the actuator endpoint; all text is redacted. */
final class Describer {
    private static final int UNDECLARED = 100;
    private static final int NAMES = 200;

    private final Byroad byroad;
    private final LatestEvents events;
    private final Redaction redaction;

    Describer(Byroad byroad, LatestEvents events, Redaction redaction) {
        this.byroad = byroad;
        this.events = events;
        this.redaction = redaction;
    }

    ByroadDescription describe() {
        List<EndpointStatus> status = byroad.status();
        return new ByroadDescription(
                byroad.mode(),
                byroad.upstreams().stream().map(up -> upstream(up, status)).toList(),
                undeclared(status),
                byroad.resolvers().stream()
                        .map(one -> new ResolverDescription(
                                one.resolver(), one.domain().path(), words(one.state())))
                        .toList(),
                names(),
                byroad.avoidances().stream().map(this::verdict).toList(),
                byroad.suspected().stream()
                        .map(one -> new Suspected(redaction.redact(one.domain().path()), one.upstreams()))
                        .toList(),
                byroad.shifts().stream().map(this::shift).toList(),
                events.all().stream().map(this::told).toList());
    }

    private UpstreamDescription upstream(Upstream upstream, List<EndpointStatus> status) {
        Map<String, EndpointStatus> byEndpoint = status.stream()
                .filter(one -> one.upstream().equals(upstream.name()))
                .collect(Collectors.toMap(EndpointStatus::endpoint, one -> one, (first, second) -> first));
        Budget budget = byEndpoint.values().stream()
                .findFirst()
                .map(one -> new Budget(one.budget().tokens(), one.budget().capacity()))
                .orElse(null);
        return new UpstreamDescription(
                upstream.name(),
                redaction.redact(upstream.calledAt()),
                upstream.deadline().orElse(null),
                upstream.attemptLimit().orElse(null),
                budget,
                upstream.endpoints().stream()
                        .map(endpoint -> endpoint(upstream, endpoint, byEndpoint.get(endpoint.name())))
                        .toList());
    }

    private EndpointDescription endpoint(Upstream upstream, Endpoint endpoint, @Nullable EndpointStatus status) {
        return new EndpointDescription(
                redaction.redact(endpoint.name()),
                redaction.redact(endpoint.domainIn(upstream.name()).path()),
                redaction.redact(endpoint.at()),
                redaction.redact(endpoint.connectTo()),
                endpoint.edges().stream().map(FailureDomain::path).toList(),
                endpoint.hosting().map(FailureDomain::path).orElse(null),
                status == null ? null : health(status));
    }

    private static Health health(EndpointStatus status) {
        return new Health(
                words(status.circuit()),
                status.limit()
                        .map(limit -> new Limit(limit.inFlight(), limit.allowed()))
                        .orElse(null),
                status.restLeft(),
                status.answeredAgo().orElse(null));
    }

    private List<Undeclared> undeclared(List<EndpointStatus> status) {
        Set<String> declared = byroad.upstreams().stream().map(Upstream::name).collect(Collectors.toSet());
        return status.stream()
                .filter(one -> !declared.contains(one.upstream()))
                .sorted(Comparator.comparing(EndpointStatus::circuit, Comparator.reverseOrder()))
                .limit(UNDECLARED)
                .map(one -> new Undeclared(redaction.redact(one.endpoint()), health(one)))
                .toList();
    }

    private List<Name> names() {
        return byroad.knownHosts().stream()
                .sorted(Comparator.comparing(known -> known.from().isInDoubt() ? 0 : 1))
                .limit(NAMES)
                .map(this::name)
                .toList();
    }

    private Name name(KnownHost known) {
        return new Name(
                redaction.redact(known.host()),
                words(known.from().source()),
                known.from().age(),
                known.from().resolver(),
                redaction.redact(known.from().reason()),
                redaction.redact(known.addresses().stream()
                        .map(InetAddress::getHostAddress)
                        .toList()),
                known.proven().size());
    }

    private Verdict verdict(Avoidance verdict) {
        return new Verdict(
                redaction.redact(verdict.domain().path()),
                verdict.until(),
                redaction.redact(verdict.because()),
                words(verdict.voice()));
    }

    private Shift shift(TrafficShift shift) {
        return new Shift(
                shift.upstream(),
                redaction.redact(shift.domain().path()),
                shift.since(),
                shift.to50().orElse(null),
                shift.to90().orElse(null),
                shift.to99().orElse(null),
                shift.back().orElse(null));
    }

    private Told told(LatestEvents.Told told) {
        return new Told(
                told.at(),
                told.event().getClass().getSimpleName(),
                redaction.redact(told.event().toString()));
    }

    private static String words(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package byroad.call;

import byroad.Endpoint;
import byroad.Event;
import byroad.Mode;
import byroad.Scheme;
import byroad.Seams;
import byroad.Signature;
import byroad.Upstream;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The engine of one client: it knows the upstreams and their health, and makes a {@link CallPlan} for each call. Safe for
 * use by any thread.
 */
public final class CallPlanner {
    /** How many undeclared hosts are known at a time; the one not called for the longest time is forgotten. */
    private static final int UNDECLARED_HOSTS = 1_000;

    private static final Pattern NOT_IN_A_DOMAIN = Pattern.compile("[^a-z0-9._:\\-]");

    private final Seams seams;
    private final Attribution attribution;
    private final CircuitBreakerRegistry circuits;
    private final List<UpstreamHealth> declared;
    private volatile Mode mode;

    // Guarded by itself.
    private final Map<String, UpstreamHealth> undeclared = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, UpstreamHealth> eldest) {
            boolean forgotten = size() > UNDECLARED_HOSTS;
            if (forgotten) {
                eldest.getValue().endpoints.forEach(health -> circuits.remove(health.domain.path()));
            }
            return forgotten;
        }
    };

    /**
     * An engine for these upstreams.
     *
     * @throws IllegalArgumentException if an upstream makes no sense, or two have one name or claim one URL
     */
    public CallPlanner(List<Upstream> upstreams, Signature signature, Mode mode, Seams seams) {
        this.seams = seams;
        this.attribution = new Attribution(signature, seams.time());
        this.circuits = Circuit.registry(seams.time());
        this.mode = mode;
        this.declared = new ArrayList<>();
        Map<String, String> nameByUrl = new LinkedHashMap<>();
        for (Upstream upstream : upstreams) {
            upstream.validated();
            String other = nameByUrl.put(upstream.calledAt(), upstream.name());
            if (other != null) {
                throw new IllegalArgumentException(
                        "upstreams \"" + other + "\" and \"" + upstream.name() + "\": both are called at "
                                + upstream.calledAt() + " (expected: different URLs, as by calledAt)");
            }
            if (declared.stream().anyMatch(known -> known.upstream.name().equals(upstream.name()))) {
                throw new IllegalArgumentException(
                        "two upstreams named \"" + upstream.name() + "\" (expected: different names)");
            }
            declared.add(new UpstreamHealth(upstream, HeaderRules.ofDeclared(upstream), seams, circuits));
        }
        declared.sort(Comparator.comparing(
                        (UpstreamHealth known) -> known.upstream.calledAt().length())
                .reversed());
    }

    /** A plan for one call; the clock of its deadline starts now. */
    public CallPlan plan(RequestTraits request) {
        UpstreamHealth upstream = upstreamOf(request.url());
        upstream.callStarted();
        if (request.alreadyRetried()) {
            upstream.budget.tryWithdraw(RetryBudget.TRANSIENT_COST);
        }
        return new CallPlan(seams, mode, attribution, upstream, request);
    }

    /** The longest declared prefix wins; a host that nobody claims is an upstream of its own. */
    private UpstreamHealth upstreamOf(String url) {
        for (UpstreamHealth known : declared) {
            if (CallUrl.isBelow(url, known.upstream.calledAt())) {
                return known;
            }
        }
        String origin = CallUrl.origin(url);
        synchronized (undeclared) {
            UpstreamHealth known = undeclared.get(origin);
            if (known == null) {
                Endpoint only = Endpoint.at(origin);
                // Both ports are the default: http and https of one host are two upstreams, with two names.
                boolean http = only.scheme() == Scheme.HTTP && only.name().equals(only.host());
                String name = NOT_IN_A_DOMAIN.matcher(only.name()).replaceAll("_") + (http ? ":80" : "");
                Upstream itself = Upstream.named(name).endpoint(only);
                known = new UpstreamHealth(itself, HeaderRules.ofUndeclared(itself), seams, circuits);
                undeclared.put(origin, known);
            }
            return known;
        }
    }

    /** How much is done of what is decided. */
    public Mode mode() {
        return mode;
    }

    /** Changes the mode for calls that start from now on. */
    public void mode(Mode mode) {
        Mode before = this.mode;
        this.mode = mode;
        seams.emit(new Event.ModeChanged(before, mode));
    }

    /** Health of every declared endpoint in words, for diagnosis. */
    @Override
    public String toString() {
        StringBuilder all = new StringBuilder("mode " + mode);
        for (UpstreamHealth known : declared) {
            all.append('\n').append(known.upstream.name()).append(": ").append(known.endpoints);
            all.append(", budget ").append(known.budget);
        }
        return all.toString();
    }
}

package byroad.spring;

import byroad.Mode;
import byroad.Preset;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The properties {@code byroad.*}: all values that can be set in Java. For a missing property the default of the core
 * applies, which the description names.
 *
 * @param resolvers Resolvers, in the order in which they are asked: "system", "quad9", "tls://google",
 *     "https://dns.example/dns-query", "udp://10.0.0.53", or the name of a Resolver bean. Defaults to "system", because
 *     other resolvers learn which names are looked up.
 * @param mode Whether the client acts, only watches, or is off: "act", "watch" or "off". Defaults to "act".
 * @param preset Set of defaults: "server" or "mobile". Defaults to the detected one.
 * @param installationId Text that is the same for this installation at each start; on mobile, "carries" selects a share
 *     of all installations by it. Defaults to none.
 * @param avoidSuspectedFor How long a domain is avoided after failures of two upstreams certainly pointed at it.
 *     Defaults to never.
 * @param chain How the resolvers work together.
 * @param lastGood How long old answers are used.
 * @param store Store that keeps proven addresses over restarts.
 * @param upstreams HTTP dependencies by name; their endpoints get failover. Defaults to none.
 */
@ConfigurationProperties("byroad")
record ByroadProperties(
        @DefaultValue List<String> resolvers,
        @Nullable Mode mode,
        @Nullable Preset preset,
        @Nullable String installationId,
        @Nullable Duration avoidSuspectedFor,
        @DefaultValue Chain chain,
        @DefaultValue LastGood lastGood,
        @DefaultValue Store store,
        @DefaultValue Map<String, UpstreamProperties> upstreams) {

    /**
     * How the resolvers work together.
     *
     * @param deadline Longest time one lookup may take, over all resolvers. Defaults to 3 s.
     * @param stagger Wait for a resolver before the next one is asked too. Defaults to 250 ms, on mobile 300 ms.
     * @param independent Least number of different failure domains that the resolvers must depend on. Defaults to no
     *     check.
     * @param localOnly Name suffixes that only local resolvers are asked for, such as "corp.example". Defaults to none.
     * @param publicOnly Whether addresses of private networks are dropped from answers. Defaults to false.
     * @param publicOnlyExcept Name suffixes that "public-only" does not apply to. Defaults to none.
     */
    record Chain(
            @Nullable Duration deadline,
            @Nullable Duration stagger,
            @Nullable Integer independent,
            @DefaultValue List<String> localOnly,
            @DefaultValue("false") boolean publicOnly,
            @DefaultValue List<String> publicOnlyExcept) {}

    /**
     * How long old answers are used.
     *
     * @param retainFor How long proven addresses are retained against a negative answer that all resolvers agree on,
     *     for https. Defaults to 1 h.
     * @param staleFor How long past their TTL addresses are used while resolvers give no answer. Defaults to 24 h.
     * @param names Most hosts that are remembered. Defaults to 1000.
     * @param keep Hosts to keep resolved while there is traffic, beside those of declared endpoints. Defaults to none.
     */
    record LastGood(
            @Nullable Duration retainFor,
            @Nullable Duration staleFor,
            @Nullable Integer names,
            @DefaultValue List<String> keep) {}

    /**
     * Store that keeps proven addresses over restarts.
     *
     * @param directory Directory of the records, created if it is missing. Defaults to none: nothing is stored.
     */
    record Store(@Nullable Path directory) {}
}

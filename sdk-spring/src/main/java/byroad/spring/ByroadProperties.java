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
 * What {@code byroad.*} can say: every value that Java can. What is not said is left to the core, whose defaults the
 * descriptions repeat.
 *
 * @param resolvers Resolvers, in the order in which they are asked: "system", "quad9", "tls://google",
 *     "https://dns.example/dns-query", "udp://10.0.0.53", or the name of a Resolver bean. Defaults to "system", others
 *     learn which names are looked up.
 * @param mode How much is done of what is decided: "act", "watch" or "off". Defaults to "act".
 * @param preset Which defaults fit: "server" or "mobile". Defaults to what is detected.
 * @param installationId Any text that is the same for this installation at each start, by which "carries" takes a share of
 *     all installations on mobile. Defaults to none.
 * @param avoidSuspectedFor How long calls are kept away from a domain that two upstreams suspect with certainty. Defaults to
 *     never.
 * @param chain How the resolvers work together.
 * @param lastGood How long old answers are used.
 * @param store Where proven addresses outlive the process.
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
     * @param stagger How long a resolver is waited for before the next is asked too. Defaults to 250 ms, on mobile 300 ms.
     * @param independent Number of different failure domains that the resolvers must at least depend on. Defaults to no
     *     such check.
     * @param localOnly Name suffixes that only local resolvers are asked for, such as "corp.example". Defaults to none.
     * @param publicOnly Whether addresses of private networks are dropped from answers. Defaults to false.
     * @param publicOnlyExcept Name suffixes that "public-only" leaves alone. Defaults to none.
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
     * @param retainFor How long proven addresses are held against an empty answer that all resolvers agree on, for https.
     *     Defaults to 1 h.
     * @param staleFor How long past their TTL addresses are used while resolvers give no answer. Defaults to 24 h.
     * @param names How many hosts are remembered. Defaults to 1000.
     * @param keep Hosts to keep resolved while there is traffic, beside those of declared endpoints. Defaults to none.
     */
    record LastGood(
            @Nullable Duration retainFor,
            @Nullable Duration staleFor,
            @Nullable Integer names,
            @DefaultValue List<String> keep) {}

    /**
     * Where proven addresses outlive the process.
     *
     * @param directory Directory of the records, made where it is missing. Defaults to none: nothing is stored.
     */
    record Store(@Nullable Path directory) {}
}

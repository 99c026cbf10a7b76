package byroad.benchmarks.outages;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.Byroad;
import java.util.List;
import okhttp3.OkHttpClient;

/** Who takes part, each under the same limits. */
final class Contestants {
    static final String PLAIN = "OkHttp";
    static final String FALLBACK = "OkHttp + Resilience4j, hand-written fallback";
    static final String ARMERIA = "Armeria, health-checked group";
    static final String OURS = "Byroad";

    private Contestants() {}

    /** All of them, new. */
    static List<Contestant> all(Site site) {
        return List.of(plain(site), fallback(site), new ArmeriaContestant(ARMERIA, site), ours(site));
    }

    private static Contestant plain(Site site) {
        return new OkHttpContestant(
                PLAIN, site.url(), base(site).callTimeout(Limits.DEADLINE).build(), () -> {});
    }

    private static Contestant fallback(Site site) {
        OkHttpClient http = base(site)
                .callTimeout(Limits.DEADLINE)
                .addInterceptor(new HandWrittenFallback())
                .build();
        return new OkHttpContestant(FALLBACK, site.url(), http, () -> {});
    }

    private static Contestant ours(Site site) {
        String at = "https://" + Site.NAME + ":" + site.url().port();
        Byroad byroad = Byroad.builder()
                .upstream(Upstream.named("items")
                        .endpoint(Endpoint.at(at).through("cloudflare").hostedBy("aws/eu-west-1"))
                        .endpoint(Endpoint.at(at).connectTo(Site.ORIGIN_NAME).hostedBy("aws/eu-west-1"))
                        .deadline(Limits.DEADLINE)
                        .attemptLimit(Limits.ATTEMPT))
                .build();
        return new OkHttpContestant(
                OURS, site.url(), byroad.installOn(base(site)).build(), byroad::close);
    }

    private static OkHttpClient.Builder base(Site site) {
        return site.ca
                .trustedBy(new OkHttpClient.Builder())
                .dns(Site::lookup)
                .connectTimeout(Limits.ATTEMPT)
                .readTimeout(Limits.ATTEMPT)
                .writeTimeout(Limits.ATTEMPT);
    }
}

package byroad.okhttp;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.dns.Answer;
import byroad.dns.Question;
import byroad.dns.Resolver;
import byroad.dns.ResolverSpec;
import byroad.dns.Resolvers;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;

/**
 * A resolver over HTTPS (DoH, RFC 8484) with its own OkHttp client: it shares no cookies, credentials, cache, proxies
 * or interceptors with the client that it resolves for. Its host has fixed addresses, so that it needs no other
 * resolver. It follows no redirects, and its connection is closed after 10 s without a question.
 *
 * <pre>{@code
 * DohResolver.at("https://dns.quad9.net/dns-query", "quad9", "quad9", "9.9.9.9", "149.112.112.112")
 * }</pre>
 */
public final class DohResolver implements Resolver {
    private static final int IDLE_SECONDS = 10;
    private static final int PING_SECONDS = 2; // finds and closes a dead connection

    private final HttpUrl url;
    private final OkHttpClient client;
    private final boolean isLocal;
    private final Resolver resolver;

    private DohResolver(HttpUrl url, String name, FailureDomain domain, boolean isLocal, OkHttpClient client) {
        this.url = url;
        this.client = client;
        this.isLocal = isLocal;
        this.resolver = Resolvers.over(
                name,
                domain.path(),
                runtime -> new DohTransport(url, () -> withOwnConnections(client), runtime.blocking()));
    }

    private static OkHttpClient withOwnConnections(OkHttpClient client) {
        return client.newBuilder()
                .dispatcher(new Dispatcher())
                .connectionPool(new ConnectionPool(1, IDLE_SECONDS, TimeUnit.SECONDS))
                .build();
    }

    /**
     * The resolver at that URL.
     *
     * @param url an https URL
     * @param name its name in reports
     * @param domain the failure domain it depends on, as in {@link FailureDomain}
     * @param bootstrap the IP addresses of its host, tried in order
     * @throws IllegalArgumentException if the URL is not https, or an address is not an IP literal
     */
    public static DohResolver at(String url, String name, String domain, String... bootstrap) {
        HttpUrl parsed = HttpUrl.get(url);
        if (!parsed.isHttps()) {
            throw new IllegalArgumentException("resolver: \"" + url + "\" (expected: https)");
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (String literal : bootstrap) {
            addresses.add(parseLiteral(literal));
        }
        if (addresses.isEmpty()) {
            throw new IllegalArgumentException(
                    "resolver \"" + name + "\": no bootstrap address (expected: at least one IP)");
        }
        return new DohResolver(
                parsed, name, FailureDomain.of(domain), isWithinNetwork(addresses), clientFor(host -> addresses));
    }

    /** The resolver of a configured text; without a bootstrap address the system looks its host up. */
    static DohResolver of(ResolverSpec.Https spec) {
        Dns dns = spec.bootstrap().isEmpty() ? Dns.SYSTEM : host -> spec.bootstrap();
        return new DohResolver(
                HttpUrl.get(spec.url()), spec.name(), spec.domain(), isWithinNetwork(spec.bootstrap()), clientFor(dns));
    }

    /** As of other resolvers: if its servers all have private addresses. */
    private static boolean isWithinNetwork(List<InetAddress> addresses) {
        return !addresses.isEmpty() && addresses.stream().allMatch(Resolvers::isPrivate);
    }

    private static OkHttpClient clientFor(Dns dns) {
        return new OkHttpClient.Builder()
                .dns(dns)
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .pingInterval(PING_SECONDS, TimeUnit.SECONDS)
                .build();
    }

    private static InetAddress parseLiteral(String literal) {
        boolean isLiteral = literal.contains(":") || literal.matches("[0-9.]+");
        try {
            if (isLiteral) {
                return InetAddress.getByName(literal);
            }
        } catch (UnknownHostException notAnAddress) {
            // reported below
        }
        throw new IllegalArgumentException("bootstrap: \"" + literal + "\" (expected: an IP address)");
    }

    /**
     * Uses the trust of that client: its socket factory, host name verifier and pins. Defaults to the platform's trust.
     */
    public DohResolver trustingLike(OkHttpClient other) {
        X509TrustManager trust = other.x509TrustManager();
        OkHttpClient.Builder changed = client.newBuilder()
                .hostnameVerifier(other.hostnameVerifier())
                .certificatePinner(other.certificatePinner());
        if (trust != null) {
            changed.sslSocketFactory(other.sslSocketFactory(), trust);
        }
        return new DohResolver(url, name(), domain(), isLocal, changed.build());
    }

    @Override
    public String name() {
        return resolver.name();
    }

    @Override
    public FailureDomain domain() {
        return resolver.domain();
    }

    @Override
    public boolean isLocal() {
        return isLocal;
    }

    @Override
    public Resolver on(ClientRuntime runtime) {
        return resolver.on(runtime);
    }

    @Override
    public CompletableFuture<Answer> resolve(Question question) {
        return resolver.resolve(question);
    }

    @Override
    public String toString() {
        return resolver.toString();
    }
}

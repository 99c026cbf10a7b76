package byroad.okhttp;

import byroad.FailureDomain;
import byroad.Seams;
import byroad.dns.Answer;
import byroad.dns.Question;
import byroad.dns.Resolver;
import byroad.dns.ResolverSpec;
import byroad.dns.WireFormat;
import byroad.dns.WireFormat.Family;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * A resolver over HTTPS (RFC 8484), on an OkHttp client of its own: no cookies, cache, proxies or interceptors are shared
 * with the client it serves, and its own host has fixed addresses, so that it needs no other resolver.
 *
 * <pre>{@code
 * DohResolver.at("https://dns.quad9.net/dns-query", "quad9", "quad9", "9.9.9.9", "149.112.112.112")
 * }</pre>
 */
public final class DohResolver implements Resolver {
    private static final MediaType MESSAGE = MediaType.get("application/dns-message");
    private static final long LARGEST_MESSAGE = 64 * 1024;

    private final HttpUrl url;
    private final String name;
    private final FailureDomain domain;
    private final OkHttpClient client;
    private final @Nullable Seams seams; // null until it is started

    private DohResolver(HttpUrl url, String name, FailureDomain domain, OkHttpClient client, @Nullable Seams seams) {
        this.url = url;
        this.name = name;
        this.domain = domain;
        this.client = client;
        this.seams = seams;
    }

    /**
     * The resolver at that URL.
     *
     * @param url an https URL
     * @param name what it is called in reports
     * @param domain whom it depends on, as in {@link FailureDomain}
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
        return new DohResolver(parsed, name, FailureDomain.of(domain), clientFor(host -> addresses), null);
    }

    /** The resolver of a configured text; without a bootstrap address its host is looked up by the system. */
    static DohResolver of(ResolverSpec.Https spec) {
        Dns dns = spec.bootstrap().isEmpty() ? Dns.SYSTEM : host -> spec.bootstrap();
        return new DohResolver(HttpUrl.get(spec.url()), spec.name(), spec.domain(), clientFor(dns), null);
    }

    private static OkHttpClient clientFor(Dns dns) {
        return new OkHttpClient.Builder()
                .dns(dns)
                .proxy(Proxy.NO_PROXY)
                .followRedirects(false)
                .build();
    }

    private static InetAddress parseLiteral(String literal) {
        boolean isLiteral = literal.contains(":") || literal.matches("[0-9.]+");
        try {
            if (isLiteral) {
                return InetAddress.getByName(literal);
            }
        } catch (UnknownHostException notAnAddress) {
            // said below
        }
        throw new IllegalArgumentException("bootstrap: \"" + literal + "\" (expected: an IP address)");
    }

    /** Trusts what that client trusts: its socket factory, host name verifier and pins. Defaults to the platform's trust. */
    public DohResolver trustingLike(OkHttpClient other) {
        X509TrustManager trust = other.x509TrustManager();
        OkHttpClient.Builder changed = client.newBuilder()
                .hostnameVerifier(other.hostnameVerifier())
                .certificatePinner(other.certificatePinner());
        if (trust != null) {
            changed.sslSocketFactory(other.sslSocketFactory(), trust);
        }
        return new DohResolver(url, name, domain, changed.build(), seams);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain domain() {
        return domain;
    }

    @Override
    public Resolver on(Seams seams) {
        return new DohResolver(url, name, domain, client, seams);
    }

    @Override
    public CompletableFuture<Answer> resolve(Question question) {
        if (seams == null) {
            throw new IllegalStateException(name + ": not started (expected: on(seams) first)");
        }
        CompletableFuture<byte[]> v4 = ask(question, Family.IPV4, seams);
        CompletableFuture<byte[]> v6 = ask(question, Family.IPV6, seams);
        return v4.thenCombine(v6, (a, aaaa) -> WireFormat.answer(question.host(), nullIfEmpty(a), nullIfEmpty(aaaa)))
                .exceptionally(broken -> new Answer.Failed(name + ": " + broken));
    }

    private static byte @Nullable [] nullIfEmpty(byte[] message) {
        return message.length == 0 ? null : message;
    }

    /** One message, empty where there was none. HTTP/2 carries both families on one connection. */
    private CompletableFuture<byte[]> ask(Question question, Family family, Seams running) {
        CompletableFuture<byte[]> message = new CompletableFuture<>();
        RequestBody query = RequestBody.create(WireFormat.query(question.host(), family), MESSAGE);
        Request request = new Request.Builder()
                .url(url)
                .header("Accept", MESSAGE.toString())
                .post(query)
                .build();
        Call call = client.newCall(request);
        call.timeout().timeout(Math.max(1, question.within().toMillis()), TimeUnit.MILLISECONDS);
        try {
            running.blocking().execute(() -> message.complete(execute(call)));
        } catch (RejectedExecutionException full) {
            message.complete(new byte[0]);
        }
        return message;
    }

    private static byte[] execute(Call call) {
        try (Response response = call.execute()) {
            return response.code() == 200 ? response.peekBody(LARGEST_MESSAGE).bytes() : new byte[0];
        } catch (IOException noAnswer) {
            return new byte[0];
        }
    }

    @Override
    public void close() {
        client.connectionPool().evictAll();
    }

    @Override
    public String toString() {
        return name;
    }
}

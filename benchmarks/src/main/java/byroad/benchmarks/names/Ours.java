package byroad.benchmarks.names;

import byroad.ClientRuntime;
import byroad.Provenance;
import byroad.Scheme;
import byroad.dns.LastGood;
import byroad.dns.Question;
import byroad.dns.Resolution;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import byroad.dns.Resolvers;
import byroad.okhttp.Byroad;
import byroad.okhttp.DohResolver;
import byroad.test.DnsServer;
import byroad.test.DnsZone;
import byroad.test.TestCa;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** Byroad in its two forms: the {@code Dns} that OkHttp calls, and what stands behind it. */
final class Ours {
    private static final Provenance NOBODY = new Provenance(Provenance.Source.FRESH, "", Duration.ZERO, "");

    private Ours() {}

    static LookUp lastGood(Resolver... resolvers) {
        ClientRuntime runtime = ClientRuntime.standard();
        LastGood names = LastGood.builder(ResolverChain.of(resolvers), runtime).build();
        return new LookUp() {
            @Override
            public Object of(String host) throws Exception {
                return some(names.lookup(host, Scheme.HTTPS).get());
            }

            @Override
            public void close() {
                names.close();
                runtime.close();
            }
        };
    }

    private static Resolution some(Resolution found) throws UnknownHostException {
        if (found.addresses().isEmpty()) {
            throw new UnknownHostException(found.toString());
        }
        return found;
    }

    static Resolver udp(InetSocketAddress server) {
        return Resolvers.udp("udp " + server.getPort(), "loopback/" + server.getPort(), server);
    }

    /**
     * Without a cache, for its server knows one name only: that of the tests, which speaks TLS and HTTPS and takes longer to
     * answer. The connection is kept.
     */
    static LookUp overStreams(String client) {
        TestCa ca = TestCa.create();
        DnsZone zone = new DnsZone().put("api.byroad.test", Duration.ofHours(1), "198.51.100.7", "2001:db8::7");
        DnsServer server = DnsServer.start("127.0.0.1", zone, ca);
        ClientRuntime runtime = ClientRuntime.standard();
        Resolver resolver = overStreams(client, server, ca).on(runtime);
        Question question = new Question("api.byroad.test", Duration.ofSeconds(3));
        return new LookUp() {
            @Override
            public Object of(String host) throws Exception {
                return some(new Resolution(resolver.resolve(question).get(), NOBODY));
            }

            @Override
            public void close() {
                resolver.close();
                runtime.close();
                server.close();
            }
        };
    }

    private static Resolver overStreams(String client, DnsServer server, TestCa ca) {
        switch (client) {
            case ColdClients.TCP:
                return Resolvers.tcp("tcp", "loopback", server.address());
            case ColdClients.TLS:
                return Resolvers.tls(
                        "tls",
                        "loopback",
                        "127.0.0.1",
                        List.of(server.dotAddress()),
                        ca.clientContext().getSocketFactory());
            default:
                OkHttpClient trusting = ca.trustedBy(new OkHttpClient.Builder()).build();
                return DohResolver.at(server.dohUrl(), "https", "loopback", "127.0.0.1")
                        .trustingLike(trusting);
        }
    }

    /** The very object that OkHttp looks names up with, of an attempt that stays under way until this is closed. */
    static LookUp dns(String host, Resolver resolver) throws Exception {
        Byroad byroad = Byroad.builder().resolver(resolver).build();
        CompletableFuture<Dns> given = new CompletableFuture<>();
        CountDownLatch over = new CountDownLatch(1);
        OkHttpClient client = byroad.installOn(new OkHttpClient.Builder())
                .addInterceptor(chain -> {
                    given.complete(chain.getDns());
                    awaitQuietly(over);
                    throw new IOException("over");
                })
                .build();
        client.newCall(new Request.Builder().url("https://" + host).build()).enqueue(new Unheard());
        Dns dns = given.get(10, TimeUnit.SECONDS);
        return new LookUp() {
            @Override
            public Object of(String asked) throws UnknownHostException {
                return dns.lookup(asked);
            }

            @Override
            public void close() {
                over.countDown();
                client.dispatcher().executorService().shutdown();
                byroad.close();
            }
        };
    }

    private static void awaitQuietly(CountDownLatch over) {
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Unheard implements Callback {
        @Override
        public void onFailure(Call call, IOException why) {}

        @Override
        public void onResponse(Call call, Response response) {
            response.close();
        }
    }
}

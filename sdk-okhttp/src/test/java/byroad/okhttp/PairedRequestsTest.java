package byroad.okhttp;

import static byroad.okhttp.LineServer.OK;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.LineServer.Reply;
import byroad.okhttp.Paired.Kind;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dns;
import okhttp3.FormBody;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.BufferedSink;
import okio.ByteString;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests and settings of callers, beside a plain client: what stands below Byroad sees what it would see without. */
class PairedRequestsTest {
    private static final ByteString ECH = ByteString.encodeUtf8("an ECH configuration");

    /** Either the upstream, or an error when it is declared. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://API.Example.TEST",
                "HTTPS://api.example.test",
                "https://api.example.test.",
                "https://user:pass@api.example.test",
                "https://xn--bcher-kva.example.test"
            })
    void anUpstreamInAnySpellingIsMatchedOrRefused(String spelling) throws Exception {
        matchedOrRefused(spelling);
    }

    @Test
    void anUpstreamWithAnInternationalNameIsMatchedOrRefused() throws Exception {
        matchedOrRefused("https://bücher.example.test");
    }

    private static void matchedOrRefused(String spelling) throws Exception {
        String host = spelling.contains("cher") ? "xn--bcher-kva.example.test" : TestServers.HOST;
        String authority = spelling.contains("example.test.") ? host + "." : host;
        Upstream[] refused = new Upstream[1];
        Paired paired = Paired.over(
                Http.H2,
                servers -> {
                    try {
                        String at = spelling + ":" + servers.port();
                        return DeclaredUrls.checked(Upstream.named("assistant")
                                .endpoint(Endpoint.at(at).through("cloudflare").named("edge"))
                                .endpoint(Endpoint.at(at)
                                        .connectTo(TestServers.ORIGIN)
                                        .named("origin")));
                    } catch (IllegalArgumentException atBuildTime) {
                        refused[0] = PairedDay.twoEndpoints(servers);
                        return refused[0];
                    }
                },
                day -> {
                    TestServers servers = day.servers;
                    for (String ip : List.of("127.0.0.5", "127.0.0.6")) {
                        TestServer server = servers.closing(new TestServer("named " + ip)
                                .useHttps(servers.ca.serverSocketFactory(host, authority))
                                .speaking(Protocol.HTTP_2, Protocol.HTTP_1_1)
                                .open(ip, servers.port()));
                        if (ip.equals("127.0.0.5")) {
                            server.answers(TestServer.edgePage(500));
                        }
                    }
                    servers.name(host, "127.0.0.5");
                    servers.name(authority, "127.0.0.5");
                    servers.name(TestServers.ORIGIN, "127.0.0.6");
                    day.call(new Request.Builder()
                            .url("https://" + authority + ":" + servers.port() + "/")
                            .build());
                });
        if (refused[0] == null) {
            paired.only(Kind.TWO_ENDPOINTS).holds("the answer of the fallback", result -> result.answered() == 1);
        }
    }

    /** A call may be spelled as it likes, or carry credentials. */
    @ParameterizedTest
    @ValueSource(strings = {"https://API.EXAMPLE.test", "HTTPS://api.example.test", "https://api.example.test"})
    void aCallInAnySpellingHasItsFallback(String called) throws Exception {
        fallbackOf(called);
    }

    @Test
    void aCallWithUserInfoHasItsFallback() throws Exception {
        fallbackOf("https://user:pass@api.example.test");
    }

    private static void fallbackOf(String called) throws Exception {
        Paired.over(Http.H2, servers -> servers.assistant(), day -> {
                    day.servers.edge.answers(TestServer.edgePage(500));
                    day.call(new Request.Builder()
                            .url(called + ":" + day.servers.port() + "/größe/../v2")
                            .build());
                })
                .only(Kind.TWO_ENDPOINTS)
                .holds("the answer of the fallback", result -> result.answered() == 1);
    }

    private static Dns withRecords(TestServers servers) {
        return new Dns() {
            @Override
            public List<InetAddress> lookup(String hostname) throws UnknownHostException {
                return servers.lookup(hostname);
            }

            @Override
            public Dns.Call newCall(Dns.Request request) {
                return new Dns.Call() {
                    @Override
                    public Dns.Request getRequest() {
                        return request;
                    }

                    @Override
                    public void enqueue(Dns.Callback callback) {
                        try {
                            List<Dns.Record> records = new ArrayList<>();
                            for (InetAddress address : servers.lookup(request.hostname())) {
                                records.add(new Dns.Record.IpAddress(request.hostname(), address));
                            }
                            records.add(new Dns.Record.ServiceMetadata(
                                    request.hostname(),
                                    List.of(Protocol.HTTP_2, Protocol.HTTP_1_1),
                                    request.port(),
                                    List.of(),
                                    ECH));
                            callback.onRecords(this, true, records);
                        } catch (IOException e) {
                            callback.onFailure(this, e);
                        }
                    }

                    @Override
                    public void cancel() {}

                    @Override
                    public boolean isCanceled() {
                        return false;
                    }
                };
            }
        };
    }

    @Test
    void theEncryptedClientHelloOfADnsReachesTheRoute() throws Exception {
        Paired.over(Http.H2, day -> {
                    day.set(builder -> builder.dns(withRecords(day.servers)).addNetworkInterceptor(chain -> {
                        day.tell("ECH: " + ECH.equals(chain.connection().route().echConfigList()));
                        return chain.proceed(chain.request());
                    }));
                    day.get("/");
                })
                .neverWorse();
    }

    /** Counts how often it is written. */
    private static final class Counted extends RequestBody {
        final AtomicInteger written = new AtomicInteger();
        private final int size;

        Counted(int size) {
            this.size = size;
        }

        @Override
        public @Nullable MediaType contentType() {
            return null;
        }

        @Override
        public long contentLength() {
            return size;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            written.incrementAndGet();
            sink.write(new byte[size]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"401 No", "413 Too Much", "417 No Expectations", "200 OK", "503 Busy"})
    void aBodyThatTheServerDoesNotWantIsNotSent(String status) throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(
                            day,
                            seen -> Reply.answerAndClose(
                                            "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                                    .withoutReadingTheBody());
                    Counted body = new Counted(10_000);
                    day.call(day.servers
                            .post("/pay")
                            .newBuilder()
                            .post(body)
                            .header("Expect", "100-continue")
                            .build());
                    day.tell("written: " + body.written);
                })
                .neverWorse();
    }

    @Test
    void aBodyThatTheServerWantsIsSentOnce() throws Exception {
        Paired.over(Http.H1, day -> {
                    LineServer.of(
                            day,
                            seen -> Reply.answer("HTTP/1.1 100 Continue\r\n\r\n" + OK)
                                    .withoutReadingTheBody());
                    Counted body = new Counted(0);
                    day.call(day.servers
                            .post("/pay")
                            .newBuilder()
                            .post(body)
                            .header("Expect", "100-continue")
                            .build());
                    day.tell("written: " + body.written);
                })
                .neverWorse();
    }

    private static RequestBody body(String kind) {
        return kind.equals("form")
                ? new FormBody.Builder().add("name", "value").build()
                : new MultipartBody.Builder().addFormDataPart("name", "value").build();
    }

    @ParameterizedTest
    @ValueSource(strings = {"form", "multipart"})
    void anInterceptorBelowSeesTheClassOfTheBody(String kind) throws Exception {
        Paired.over(Http.H2, day -> {
                    day.below(chain -> {
                        day.tell(chain.request().body().getClass().getSimpleName());
                        return chain.proceed(chain.request());
                    });
                    day.call(day.servers.post("/").newBuilder().post(body(kind)).build());
                })
                .neverWorse();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aNetworkInterceptorSeesTheBodyItself(Http http) throws Exception {
        Paired.over(http, day -> {
                    RequestBody form = body("form");
                    day.set(builder -> builder.addNetworkInterceptor(chain -> {
                        day.tell("the same: " + (chain.request().body() == form));
                        return chain.proceed(chain.request());
                    }));
                    day.call(day.servers.post("/").newBuilder().post(form).build());
                })
                .neverWorse();
    }
}

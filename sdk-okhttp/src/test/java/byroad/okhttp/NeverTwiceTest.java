package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.FrameServer.Act;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import mockwebserver3.MockResponse;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import okio.BufferedSink;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A server has processed a POST: it does not arrive again, here or elsewhere, whatever comes after. */
class NeverTwiceTest {
    private static final MediaType TEXT = MediaType.get("text/plain");

    private static MockResponse seeOther(String where) {
        return new MockResponse.Builder().code(303).setHeader("Location", where).build();
    }

    /** Leads on from the POST to a page that answers like that. */
    private static void leadsOnTo(TestServer server, MockResponse page) {
        server.answers(request -> request.getMethod().equals("POST") ? seeOther("/done") : page);
    }

    private static MockResponse busyNow(String header, String value) {
        return TestServer.answer(503, "busy")
                .newBuilder()
                .setHeader(header, value)
                .build();
    }

    private static void call(OkHttpClient client, Request request) {
        try {
            got(client, request);
        } catch (IOException asItMay) {
            // what counts is who got it
        }
    }

    private static List<String> posts(TestServer... servers) {
        List<String> posts = new ArrayList<>();
        for (TestServer server : servers) {
            server.requests.stream()
                    .filter(request -> request.getMethod().equals("POST"))
                    .forEach(request -> posts.add(request.getTarget()));
        }
        return posts;
    }

    private static OkHttpClient failingOver(TestServers servers) {
        return servers.with(servers.byroad(
                Upstream.named("assistant").endpoint(servers.atEdge()).endpoint(servers.atOrigin())));
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aProcessedPostIsNotSentAgainThoughTheRedirectTargetIsUnknown(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(seeOther(servers.url("unknown.example.test", "/done")));

            call(failingOver(servers), servers.post("/pay"));

            assertThat(posts(servers.edge, servers.origin)).hasSize(1);
        }
    }

    /** It would arrive empty. */
    @Test
    void aBodyThatIsSpentIsNotSentTwice() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(seeOther(servers.url("unknown.example.test", "/done")));
            Buffer content = new Buffer().writeUtf8("once");
            RequestBody once = new RequestBody() {
                @Override
                public MediaType contentType() {
                    return TEXT;
                }

                @Override
                public boolean isOneShot() {
                    return true;
                }

                @Override
                public void writeTo(BufferedSink sink) throws IOException {
                    sink.writeAll(content);
                }
            };

            call(
                    failingOver(servers),
                    servers.post("/pay").newBuilder().post(once).build());

            assertThat(posts(servers.edge, servers.origin)).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"REFUSE", "GO_AWAY"})
    void aProcessedPostIsNotSentAgainThoughTheRedirectTargetDidNotAcceptIt(Act act) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.name(TestServers.OTHER, "127.0.0.8");
            servers.closing(new FrameServer(
                    servers.ca.serverSocketFactory(TestServers.OTHER), "127.0.0.8", servers.port(), act));
            servers.edge.answers(seeOther(servers.url(TestServers.OTHER, "/done")));

            call(failingOver(servers), servers.post("/pay"));

            assertThat(posts(servers.edge, servers.origin)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aProcessedPostIsNotSentAgainThoughTheEdgeDidNotReachTheRedirectTarget(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            leadsOnTo(servers.edge, TestServer.edgePage(522));
            servers.name(TestServers.OTHER, "127.0.0.4");
            TestServer other = servers.opened("other", "127.0.0.4");
            Endpoint elsewhere = Endpoint.at(servers.url(TestServers.OTHER, "")).hostedBy("gcp/europe-west1");
            Upstream both =
                    Upstream.named("assistant").endpoint(servers.atEdge()).endpoint(elsewhere);

            call(servers.with(servers.byroad(both)), servers.post("/pay"));
            assertThat(posts(servers.edge, other)).hasSize(1);

            Upstream alone = Upstream.named("assistant").endpoint(servers.atEdge());
            call(servers.with(servers.byroad(alone)), servers.post("/alone"));
            assertThat(posts(servers.edge)).containsExactly("/pay", "/alone");
        }
    }

    @Test
    void aProcessedPostIsNotSentAgainThoughTheRedirectTargetAsksForARetry() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            leadsOnTo(servers.edge, busyNow("x-should-retry", "true"));

            call(
                    servers.with(servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge()))),
                    servers.post("/pay"));

            assertThat(posts(servers.edge)).hasSize(1);
        }
    }

    /** As openai-java strips headers; that it then is not let in counts only before anything was done. */
    @Test
    void aProcessedPostIsNotSentAgainThoughTheRedirectTargetMissesAHeader() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.name(TestServers.OTHER, "127.0.0.4");
            TestServer other = servers.opened("other", "127.0.0.4");
            leadsOnTo(other, TestServer.answer(403, "who are you?"));
            Byroad byroad = servers.byroad(Upstream.named("assistant")
                    .endpoint(Endpoint.at(servers.url(TestServers.OTHER, ""))
                            .named("other")
                            .sharesCredentials())
                    .endpoint(servers.atEdge())
                    .calledAt(servers.url("")));
            OkHttpClient client = servers.built(byroad.installOn(servers.client())
                    .addNetworkInterceptor(chain -> chain.proceed(
                            chain.request().newBuilder().removeHeader("X-Trace").build())));

            call(
                    client,
                    servers.post("/pay").newBuilder().header("X-Trace", "1").build());

            assertThat(posts(other, servers.edge)).hasSize(1);
        }
    }

    @Test
    void aProcessedPostIsNotSentAgainThoughAnInterceptorBelowFailsToLookUpAName() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Byroad byroad = servers.byroad(
                    Upstream.named("assistant").endpoint(servers.atEdge()).endpoint(servers.atOrigin()));
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).addInterceptor(chain -> {
                        chain.proceed(chain.request()).close();
                        throw new UnknownHostException("audit.example.test");
                    }));

            call(client, servers.post("/pay"));

            assertThat(posts(servers.edge, servers.origin)).hasSize(1);
        }
    }

    /** OkHttp would repeat it by itself after such an answer. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aBodyThatARewritePutInItsPlaceIsNotSentTwice(boolean full) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(busyNow("Retry-After", "0"));
            Byroad byroad = servers.closing(Byroad.builder()
                    .upstream(Upstream.named("assistant").endpoint(servers.atEdge()))
                    .rewrite(
                            "assistant/edge",
                            request -> request.newBuilder()
                                    .post(RequestBody.create("rewritten", TEXT))
                                    .build())
                    .build());

            call(installed(servers, byroad, full), servers.post("/pay"));

            assertThat(posts(servers.edge)).hasSize(full ? 1 : 2); // without the builder as plain OkHttp
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aDuplexBodyIsNotSentTwice(boolean full) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.next(busyNow("Retry-After", "0"));
            RequestBody duplex = new RequestBody() {
                @Override
                public MediaType contentType() {
                    return TEXT;
                }

                @Override
                public boolean isDuplex() {
                    return true;
                }

                @Override
                public void writeTo(BufferedSink sink) throws IOException {
                    sink.writeUtf8("once");
                    sink.close();
                }
            };
            Byroad byroad = servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge()));

            call(
                    installed(servers, byroad, full),
                    servers.post("/pay").newBuilder().post(duplex).build());

            assertThat(posts(servers.edge)).hasSize(full ? 1 : 2); // without the builder as plain OkHttp
        }
    }

    private static OkHttpClient installed(TestServers servers, Byroad byroad, boolean full) {
        return full ? servers.with(byroad) : servers.built(servers.client().addInterceptor(byroad));
    }

    /** Where it may arrive again, it does so with its key. */
    @Test
    void whatMakesARetryHarmlessGoesWhereverItIsRepeated() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.edgePage(500));
            servers.name(TestServers.OTHER, "127.0.0.4");
            TestServer other = servers.opened("other", "127.0.0.4");
            OkHttpClient client = servers.with(servers.byroad(Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .endpoint(Endpoint.at(servers.url(TestServers.OTHER, ""))
                            .hostedBy("gcp/europe-west1")
                            .forwards("Content-Type"))));

            call(
                    client,
                    servers.post("/pay")
                            .newBuilder()
                            .header("Idempotency-Key", "1")
                            .build());

            assertThat(other.requests)
                    .singleElement()
                    .satisfies(request -> assertThat(request.getHeaders().get("Idempotency-Key"))
                            .isEqualTo("1"));
        }
    }
}

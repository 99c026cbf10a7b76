package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.Doors.Http;
import byroad.okhttp.FrameServer.Act;
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
    private static void leadsOnTo(Door door, MockResponse page) {
        door.answers(request -> request.getMethod().equals("POST") ? seeOther("/done") : page);
    }

    private static MockResponse busyNow(String header, String value) {
        return Door.answer(503, "busy").newBuilder().setHeader(header, value).build();
    }

    private static void call(OkHttpClient client, Request request) {
        try {
            got(client, request);
        } catch (IOException asItMay) {
            // what counts is who got it
        }
    }

    private static List<String> posts(Door... doors) {
        List<String> posts = new ArrayList<>();
        for (Door door : doors) {
            door.requests.stream()
                    .filter(request -> request.getMethod().equals("POST"))
                    .forEach(request -> posts.add(request.getTarget()));
        }
        return posts;
    }

    private static OkHttpClient failingOver(Doors doors) {
        return doors.with(doors.byroad(
                Upstream.named("assistant").endpoint(doors.atEdge()).endpoint(doors.atOrigin())));
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void thoughNobodyKnowsTheHostItWasLedOnTo(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(seeOther(doors.url("unknown.example.test", "/done")));

            call(failingOver(doors), doors.post("/pay"));

            assertThat(posts(doors.edge, doors.origin)).hasSize(1);
        }
    }

    /** It would arrive empty. */
    @Test
    void norDoesABodyThatIsSpent() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            doors.edge.answers(seeOther(doors.url("unknown.example.test", "/done")));
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

            call(failingOver(doors), doors.post("/pay").newBuilder().post(once).build());

            assertThat(posts(doors.edge, doors.origin)).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"REFUSE", "GO_AWAY"})
    void thoughTheServerItWasLedOnToTookNothing(Act act) throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.name(Doors.OTHER, "127.0.0.8");
            doors.closing(new FrameServer(doors.ca.serverSocketFactory(Doors.OTHER), "127.0.0.8", doors.port(), act));
            doors.edge.answers(seeOther(doors.url(Doors.OTHER, "/done")));

            call(failingOver(doors), doors.post("/pay"));

            assertThat(posts(doors.edge, doors.origin)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void thoughTheEdgeDidNotReachTheNextPage(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            leadsOnTo(doors.edge, Door.edgePage(522));
            doors.name(Doors.OTHER, "127.0.0.4");
            Door other = doors.opened("other", "127.0.0.4");
            Endpoint elsewhere = Endpoint.at(doors.url(Doors.OTHER, "")).hostedBy("gcp/europe-west1");
            Upstream both = Upstream.named("assistant").endpoint(doors.atEdge()).endpoint(elsewhere);

            call(doors.with(doors.byroad(both)), doors.post("/pay"));
            assertThat(posts(doors.edge, other)).hasSize(1);

            Upstream alone = Upstream.named("assistant").endpoint(doors.atEdge());
            call(doors.with(doors.byroad(alone)), doors.post("/alone"));
            assertThat(posts(doors.edge)).containsExactly("/pay", "/alone");
        }
    }

    @Test
    void thoughTheNextPageAsksForARepeat() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            leadsOnTo(doors.edge, busyNow("x-should-retry", "true"));

            call(doors.with(doors.byroad(Upstream.named("assistant").endpoint(doors.atEdge()))), doors.post("/pay"));

            assertThat(posts(doors.edge)).hasSize(1);
        }
    }

    /** As openai-java strips headers; that it then is not let in counts only before anything was done. */
    @Test
    void thoughTheNextPageRefusesItForWantOfAHeader() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.name(Doors.OTHER, "127.0.0.4");
            Door other = doors.opened("other", "127.0.0.4");
            leadsOnTo(other, Door.answer(403, "who are you?"));
            Byroad byroad = doors.byroad(Upstream.named("assistant")
                    .endpoint(Endpoint.at(doors.url(Doors.OTHER, ""))
                            .named("other")
                            .sharesCredentials())
                    .endpoint(doors.atEdge())
                    .calledAt(doors.url("")));
            OkHttpClient client = doors.built(byroad.installOn(doors.client())
                    .addNetworkInterceptor(chain -> chain.proceed(
                            chain.request().newBuilder().removeHeader("X-Trace").build())));

            call(client, doors.post("/pay").newBuilder().header("X-Trace", "1").build());

            assertThat(posts(other, doors.edge)).hasSize(1);
        }
    }

    @Test
    void thoughAnInterceptorBelowFailsByANameOfItsOwn() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Byroad byroad = doors.byroad(
                    Upstream.named("assistant").endpoint(doors.atEdge()).endpoint(doors.atOrigin()));
            OkHttpClient client = doors.built(byroad.installOn(doors.client()).addInterceptor(chain -> {
                chain.proceed(chain.request()).close();
                throw new UnknownHostException("audit.example.test");
            }));

            call(client, doors.post("/pay"));

            assertThat(posts(doors.edge, doors.origin)).hasSize(1);
        }
    }

    /** OkHttp would repeat it by itself after such an answer. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void norDoesABodyThatARewritePutInItsPlace(boolean full) throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(busyNow("Retry-After", "0"));
            Byroad byroad = doors.closing(Byroad.builder()
                    .upstream(Upstream.named("assistant").endpoint(doors.atEdge()))
                    .rewrite(
                            "assistant/edge",
                            request -> request.newBuilder()
                                    .post(RequestBody.create("rewritten", TEXT))
                                    .build())
                    .build());

            call(installed(doors, byroad, full), doors.post("/pay"));

            assertThat(posts(doors.edge)).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void norDoesADuplexBody(boolean full) throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.next(busyNow("Retry-After", "0"));
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
            Byroad byroad = doors.byroad(Upstream.named("assistant").endpoint(doors.atEdge()));

            call(
                    installed(doors, byroad, full),
                    doors.post("/pay").newBuilder().post(duplex).build());

            assertThat(posts(doors.edge)).hasSize(1);
        }
    }

    private static OkHttpClient installed(Doors doors, Byroad byroad, boolean full) {
        return full ? doors.with(byroad) : doors.built(doors.client().addInterceptor(byroad));
    }

    /** Where it may arrive again, it does so with its key. */
    @Test
    void whatMakesARepeatHarmlessGoesWhereverItIsRepeated() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(Door.edgePage(500));
            doors.name(Doors.OTHER, "127.0.0.4");
            Door other = doors.opened("other", "127.0.0.4");
            OkHttpClient client = doors.with(doors.byroad(Upstream.named("assistant")
                    .endpoint(doors.atEdge())
                    .endpoint(Endpoint.at(doors.url(Doors.OTHER, ""))
                            .hostedBy("gcp/europe-west1")
                            .forwards("Content-Type"))));

            call(
                    client,
                    doors.post("/pay")
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

package byroad.okhttp;

import static byroad.okhttp.OpenAi.HELLO;
import static byroad.okhttp.OpenAi.KEY;
import static byroad.okhttp.OpenAi.text;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Event;
import byroad.Upstream;
import byroad.okhttp.OpenAi.Seam;
import byroad.okhttp.TestServers.Http;
import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * openai-java, whose network interceptor removes credentials from requests to another host than the call's, with a fallback
 * operator of another authority that knows its callers by a key of its own.
 */
class OpenAiOperatorTest {
    private static final String OWN_KEY = "key-of-the-other-operator";

    static Stream<Arguments> waysIn() {
        return Stream.of(Http.values()).flatMap(http -> Stream.of(Seam.values()).map(seam -> Arguments.of(http, seam)));
    }

    /** The edge fails; the other operator answers those who have its key. */
    private static TestServers servers(Http http, MockResponse answer) {
        TestServers servers = TestServers.open(http);
        servers.name(TestServers.OTHER, TestServers.ORIGIN_IP);
        servers.edge.answers(TestServer.edgePage(500));
        servers.origin.answers(
                request -> OWN_KEY.equals(request.getHeaders().get("api-key")) ? answer : TestServer.answer(401, "{}"));
        return servers;
    }

    private static Upstream upstream(TestServers servers, UnaryOperator<Endpoint> operator) {
        Endpoint edge = Endpoint.at(servers.url("/v1")).through("cloudflare").named("edge");
        Endpoint other = Endpoint.at(servers.url(TestServers.OTHER, "/other")).named("other");
        return Upstream.named("assistant")
                .endpoint(edge)
                .endpoint(operator.apply(other))
                .repeatable();
    }

    private static Upstream withOwnKey(TestServers servers) {
        return upstream(servers, other -> other.header("api-key", OWN_KEY));
    }

    private static OpenAIClient client(TestServers servers, Seam seam, Byroad byroad) {
        return OpenAi.client(servers, seam, byroad, sdk -> sdk);
    }

    private static List<String> values(RecordedRequest request) {
        List<String> values = new ArrayList<>(); // Headers.toString() hides credentials
        request.getHeaders().forEach(header -> values.add(header.getSecond()));
        return values;
    }

    private static void assertOnlyItsOwnKeyArrived(TestServers servers) {
        assertThat(servers.origin.count()).isEqualTo(1);
        assertThat(servers.origin.last().getUrl().encodedPath()).isEqualTo("/other/chat/completions");
        assertThat(values(servers.origin.last())).contains(OWN_KEY).noneMatch(value -> value.contains(KEY));
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void aCompletionComesFromTheOtherOperatorByItsOwnKey(Http http, Seam seam) throws Exception {
        try (TestServers servers = servers(http, OpenAi.completion("from the other operator"))) {
            List<Event> events = new CopyOnWriteArrayList<>();
            Byroad byroad = OpenAi.byroad(servers, withOwnKey(servers))
                    .onEvent(events::add)
                    .build();

            assertThat(text(client(servers, seam, byroad).chat().completions().create(HELLO)))
                    .isEqualTo("from the other operator");

            assertOnlyItsOwnKeyArrived(servers);
            assertThat(servers.edge.last().getHeaders().get("Authorization")).isEqualTo("Bearer " + KEY);
            assertThat(events).noneMatch(Event.Impaired.class::isInstance);
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void anAsynchronousCompletionComesFromTheOtherOperator(Http http, Seam seam) throws Exception {
        try (TestServers servers = servers(http, OpenAi.completion("from the other operator"))) {
            OpenAIClient ai = client(
                    servers, seam, OpenAi.byroad(servers, withOwnKey(servers)).build());

            assertThat(text(ai.async().chat().completions().create(HELLO).get(10, TimeUnit.SECONDS)))
                    .isEqualTo("from the other operator");

            assertOnlyItsOwnKeyArrived(servers);
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void aStreamComesFromTheOtherOperator(Http http, Seam seam) throws Exception {
        try (TestServers servers =
                servers(http, OpenAi.stream("one", "two", "three").build())) {
            OpenAIClient ai = client(
                    servers, seam, OpenAi.byroad(servers, withOwnKey(servers)).build());

            try (StreamResponse<ChatCompletionChunk> stream =
                    ai.chat().completions().createStreaming(HELLO)) {
                assertThat(OpenAi.texts(stream.stream().toList())).containsExactly("one", "two", "three");
            }

            assertOnlyItsOwnKeyArrived(servers);
        }
    }

    /** Nothing of the call goes to the edge, so that its first request is one to another host. */
    @ParameterizedTest
    @MethodSource("waysIn")
    void aCompletionComesFromTheOtherOperatorWhileTheEdgeIsAvoided(Http http, Seam seam) throws Exception {
        try (TestServers servers = servers(http, OpenAi.completion("from the other operator"))) {
            Byroad byroad = OpenAi.byroad(servers, withOwnKey(servers)).build();
            byroad.avoid("cloudflare", Duration.ofMinutes(1), "test");

            assertThat(text(client(servers, seam, byroad).chat().completions().create(HELLO)))
                    .isEqualTo("from the other operator");

            assertThat(servers.edge.count()).isZero();
            assertOnlyItsOwnKeyArrived(servers);
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void aCompletionComesFromAnOperatorThatSharesTheKey(Http http, Seam seam) throws Exception {
        try (TestServers servers = servers(http, OpenAi.completion("unused"))) {
            servers.origin.answers(
                    request -> ("Bearer " + KEY).equals(request.getHeaders().get("Authorization"))
                            ? OpenAi.completion("from the other operator")
                            : TestServer.answer(401, "{}"));
            Upstream upstream = upstream(servers, Endpoint::sharesCredentials);
            OpenAIClient ai =
                    client(servers, seam, OpenAi.byroad(servers, upstream).build());

            assertThat(text(ai.chat().completions().create(HELLO))).isEqualTo("from the other operator");
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }
}

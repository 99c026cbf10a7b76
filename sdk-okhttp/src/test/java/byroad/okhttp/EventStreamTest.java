package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.EventStreams;
import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.SocketEffect;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okio.Buffer;
import okio.GzipSink;
import okio.Okio;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What event streams have to look like, and what is done where they do not. */
class EventStreamTest {
    private static final String HELLO = "data: {\"delta\":\"hello\"}\n\n";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String OVERLOADED =
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}\n\n";

    private final List<Event> events = new CopyOnWriteArrayList<>();

    private static MockResponse.Builder stream(String body) {
        return new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream; charset=utf-8")
                .body(body);
    }

    private OkHttpClient client(TestServers servers, EventStreams expected) {
        return client(servers, servers.assistant().eventStreams(expected));
    }

    private OkHttpClient client(TestServers servers, Upstream upstream) {
        return servers.with(servers.closing(
                Byroad.builder().upstream(upstream).onEvent(events::add).build()));
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aStreamWithItsTerminatorPassesByteForByte(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(HELLO + DONE).build());
            try (Response response = post(servers, EventStreams.endingWith("[DONE]"))) {
                assertThat(response.body().string()).isEqualTo(HELLO + DONE);
                assertThat(Byroad.reportOf(response).notes()).isEmpty();
            }
            assertThat(events).isEmpty();
        }
    }

    private Response post(TestServers servers, EventStreams expected) throws IOException {
        return client(servers, expected).newCall(servers.post("/")).execute();
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aStreamWithoutItsTerminatorIsAnErrorToItsReaderAfterAllItHadToSay(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(HELLO).build());
            try (Response response = post(servers, EventStreams.endingWith("[DONE]"))) {
                assertThat(response.body().source().readUtf8(HELLO.length())).isEqualTo(HELLO);
                assertThatThrownBy(() -> response.body().source().exhausted())
                        .isInstanceOf(ProtocolException.class)
                        .hasMessage("stream ended without its last event (none of [[DONE]])");
                assertThat(Byroad.reportOf(response).notes())
                        .containsExactly("the body failed: stream ended without its last event (none of [[DONE]])");
            }
            assertThat(events)
                    .singleElement()
                    .hasToString("assistant: the body of an answer by edge failed: stream ended without its last event"
                            + " (none of [[DONE]])");
            assertThat(servers.origin.count()).isZero();
        }
    }

    /** Lines of data that no empty line parts are one event, and what only one of them says is not what the event says. */
    @Test
    void aSecondLineOfDataIsNoEventOfItsOwn() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(stream("data: say\n" + DONE).build());
            try (Response response = post(servers, EventStreams.endingWith("[DONE]"))) {
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(ProtocolException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anErrorInsideCountsAndIsReadAsItIs(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(HELLO + OVERLOADED).build());
            try (Response response = post(servers, EventStreams.ofAiServices())) {
                assertThat(response.body().string()).isEqualTo(HELLO + OVERLOADED);
                assertThat(Byroad.reportOf(response).notes())
                        .containsExactly("the body failed: stream tells of overloaded_error");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void streamsOfWhichNothingIsExpectedPassAsTheyAre(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(HELLO).build());
            OkHttpClient client = client(servers, servers.assistant());
            try (Response response = client.newCall(servers.post("/")).execute()) {
                assertThat(response.body().string()).isEqualTo(HELLO);
                assertThat(Byroad.reportOf(response).notes()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aCompressedStreamIsReadAlongWith(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Buffer zipped = new Buffer();
            try (var sink = Okio.buffer(new GzipSink(zipped))) {
                sink.writeUtf8(HELLO);
            }
            servers.edge.answers(stream("")
                    .setHeader("Content-Encoding", "gzip")
                    .body(zipped)
                    .build());
            try (Response response = post(servers, EventStreams.endingWith("[DONE]"))) {
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(ProtocolException.class);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void silenceInsideAStreamIsLimited(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(HELLO + DONE)
                    .throttleBody(HELLO.length(), 30, TimeUnit.SECONDS)
                    .build());
            EventStreams expected = EventStreams.ofAiServices().silenceLimit(Duration.ofMillis(300));
            long started = System.nanoTime();
            try (Response response = post(servers, expected)) {
                assertThat(response.body().source().readUtf8(HELLO.length())).isEqualTo(HELLO);
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(SocketTimeoutException.class);
                assertThat(TestServers.took(started)).isBetween(Duration.ofMillis(300), Duration.ofSeconds(3));
                assertThat(Byroad.reportOf(response).notes())
                        .singleElement()
                        .asString()
                        .startsWith("the body failed: SocketTimeoutException");
            }
        }
    }

    /** It is the stream that is waited for, and not its reader. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aReaderMayTakeItsTime(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(HELLO + DONE).build());
            OffsetTime time = new OffsetTime();
            OkHttpClient client = servers.with(servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().time(time))
                    .upstream(servers.assistant()
                            .eventStreams(EventStreams.ofAiServices().firstEventWithin(Duration.ofSeconds(3))))
                    .build()));
            try (Response response = client.newCall(servers.post("/")).execute()) {
                time.jump(Duration.ofMinutes(1));
                assertThat(response.body().string()).isEqualTo(HELLO + DONE);
            }
        }
    }

    /** Its headers have just come over it: a model that thinks for long says nothing of the connection. */
    @Test
    void aSlowFirstEventLeavesTheConnectionToOthers() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            MockResponse slow =
                    stream(HELLO + DONE).bodyDelay(2, TimeUnit.SECONDS).build();
            EventStreams expected =
                    EventStreams.ofAiServices().committedAtFirstEvent().firstEventWithin(Duration.ofMillis(100));
            OkHttpClient client = client(servers, expected);
            servers.edge.answers(slow);
            client.newCall(servers.post("/")).execute().close(); // by the origin, as its start was waited for in vain
            client.newCall(servers.post("/")).execute().close();

            assertThat(servers.edge.count()).isEqualTo(2);
            assertThat(servers.edge.connections()).isEqualTo(1);
        }
    }

    /** The client's read timeout is 5 s; a stream may be declared to be silent for longer, and for shorter before it begins. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void theFirstEventHasALimitOfItsOwnThatPingsDoNotExtend(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            String pings = ": ping\n\n".repeat(200);
            servers.edge.answers(stream(pings + HELLO + DONE)
                    .throttleBody(8, 100, TimeUnit.MILLISECONDS)
                    .build());
            EventStreams expected = EventStreams.ofAiServices()
                    .firstEventWithin(Duration.ofMillis(500))
                    .silenceLimit(Duration.ofSeconds(20));
            long started = System.nanoTime();
            try (Response response = post(servers, expected)) {
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(SocketTimeoutException.class);
                assertThat(TestServers.took(started)).isBetween(Duration.ofMillis(400), Duration.ofSeconds(4));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aStreamMayBeSilentForLongerThanTheClientsReadTimeoutWhereThatIsDeclared(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(HELLO + DONE)
                    .throttleBody(HELLO.length(), 900, TimeUnit.MILLISECONDS)
                    .build());
            Byroad byroad = servers.byroad(
                    servers.assistant().eventStreams(EventStreams.ofAiServices().silenceLimit(Duration.ofSeconds(10))));
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client()).readTimeout(Duration.ofMillis(300)));
            try (Response response = client.newCall(servers.post("/")).execute()) {
                assertThat(response.body().string()).isEqualTo(HELLO + DONE);
            }
            assertThat(TestServers.got(client, servers.get("/")).code())
                    .as("the connection is as before")
                    .isEqualTo(200);
        }
    }

    static Stream<Arguments> falseStarts() {
        String ping = "event: ping\ndata: {}\n\n";
        List<MockResponse> all = List.of(
                stream(": hello\n\n" + OVERLOADED).build(),
                stream(": hello\n\n").build(),
                stream("").build(),
                stream(ping.repeat(20) + HELLO + DONE)
                        .throttleBody(ping.length(), 100, TimeUnit.MILLISECONDS)
                        .build(),
                stream(": hello\n\n" + HELLO)
                        .throttleBody(10, 30, TimeUnit.SECONDS)
                        .build(),
                stream(": hello\n\n".repeat(1_000))
                        .onResponseBody(SocketEffect.ShutdownConnection.INSTANCE)
                        .build());
        return Stream.of(Http.values()).flatMap(http -> all.stream().map(answer -> Arguments.arguments(http, answer)));
    }

    @ParameterizedTest
    @MethodSource("falseStarts")
    void aFalseStartIsAnsweredByAnotherRegion(Http http, MockResponse falseStart) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(falseStart);
            servers.origin.answers(stream(HELLO + DONE).build());
            Upstream regions = Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .endpoint(servers.atOrigin().hostedBy("aws/eu-west-1"))
                    .repeatable()
                    .eventStreams(EventStreams.ofAiServices()
                            .firstEventWithin(Duration.ofMillis(400))
                            .committedAtFirstEvent());
            OkHttpClient client = client(servers, regions);
            try (Response response = client.newCall(servers.post("/")).execute()) {
                String report = Byroad.reportOf(response).toString();
                assertThat(response.body().string()).as(report).isEqualTo(HELLO + DONE);
                assertThat(Byroad.reportOf(response).answeredBy()).isEqualTo("origin");
            }
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(client.connectionPool().connectionCount())
                    .as("connections, all of them idle")
                    .isEqualTo(client.connectionPool().idleConnectionCount());
        }
    }

    /** The overload is the origin's: another server to it would only add to it. */
    @Test
    void anOverloadIsNotTakenToAnotherEndpointOfTheSameHost() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge
                    .next(stream(OVERLOADED).build())
                    .answers(stream(HELLO + DONE).build());
            try (Response response = post(servers, EventStreams.ofAiServices().committedAtFirstEvent())) {
                assertThat(response.body().string()).isEqualTo(HELLO + DONE);
                assertThat(Byroad.reportOf(response).notes())
                        .containsExactly("origin not tried: aws/us-west-2 is under suspicion");
            }
            assertThat(servers.edge.count()).isEqualTo(2);
            assertThat(servers.origin.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aFalseStartThatMayNotBeRepeatedIsHandedOverAsItIs(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(OVERLOADED).build());
            Upstream careful = Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .endpoint(servers.atOrigin())
                    .eventStreams(EventStreams.ofAiServices().committedAtFirstEvent());
            try (Response response =
                    client(servers, careful).newCall(servers.post("/")).execute()) {
                assertThat(response.code()).isEqualTo(200);
                assertThat(response.body().string()).isEqualTo(OVERLOADED);
                assertThat(Byroad.reportOf(response).toString())
                        .contains("origin fault, likely (stream begins with overloaded_error)")
                        .contains("not sent again: POST may have been processed");
            }
            assertThat(servers.origin.count()).isZero();
        }
    }

    /** Every endpoint begins with an error: the caller gets the last one, from what was kept of it. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void theLastAnswerIsDeliveredIfEveryStartIsFalse(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(OVERLOADED).build());
            servers.origin.answers(stream(OVERLOADED).build());
            EventStreams expected = EventStreams.ofAiServices().committedAtFirstEvent();
            try (Response response = post(servers, expected)) {
                assertThat(response.body().string()).isEqualTo(OVERLOADED);
                assertThat(response.header("X-Should-Retry")).isEqualTo("false");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void whatIsHeldBackIsHandedOverWithItsFirstEventAndTheRestAsItComes(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(HELLO + DONE)
                    .throttleBody(HELLO.length(), 900, TimeUnit.MILLISECONDS)
                    .build());
            long started = System.nanoTime();
            try (Response response = post(servers, EventStreams.ofAiServices().committedAtFirstEvent())) {
                assertThat(response.body().source().readUtf8(HELLO.length())).isEqualTo(HELLO);
                assertThat(TestServers.took(started)).isLessThan(Duration.ofMillis(850));
                assertThat(response.body().string()).isEqualTo(DONE);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void noMoreThanSixteenKibibytesAreHeldBack(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            String comments = ": nothing to say yet\n".repeat(1_000);
            servers.edge.answers(stream(comments + HELLO + DONE)
                    .throttleBody(20_000, 3, TimeUnit.SECONDS)
                    .build());
            long started = System.nanoTime();
            try (Response response = post(servers, EventStreams.ofAiServices().committedAtFirstEvent())) {
                assertThat(TestServers.took(started)).isLessThan(Duration.ofMillis(2_500));
                assertThat(response.body().string()).isEqualTo(comments + HELLO + DONE);
            }
            assertThat(servers.edge.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void whoOnlyWatchesChangesNoStream(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(stream(HELLO).build());
            Byroad byroad = servers.byroad(
                    servers.assistant().eventStreams(EventStreams.ofAiServices().committedAtFirstEvent()));
            byroad.mode(Mode.WATCH);
            try (Response response =
                    servers.with(byroad).newCall(servers.post("/")).execute()) {
                assertThat(response.body().string()).isEqualTo(HELLO);
            }
        }
    }
}

package byroad.okhttp;

import static byroad.okhttp.OpenAi.HELLO;
import static byroad.okhttp.OpenAi.KEY;
import static byroad.okhttp.OpenAi.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import byroad.AttemptReport;
import byroad.CallReport;
import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.OpenAi.Seam;
import byroad.okhttp.TestServers.Http;
import com.openai.client.OpenAIClient;
import com.openai.core.Timeout;
import com.openai.core.http.StreamResponse;
import com.openai.errors.InternalServerException;
import com.openai.errors.OpenAIIoException;
import com.openai.models.chat.completions.ChatCompletionChunk;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import okhttp3.Call;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** openai-java through an outage of the edge, by both ways that it lets an interceptor in. */
class OpenAiTest {
    static Stream<Arguments> waysIn() {
        return Stream.of(Http.values()).flatMap(http -> Stream.of(Seam.values()).map(seam -> Arguments.of(http, seam)));
    }

    private static OpenAIClient client(TestServers servers, Seam seam, Upstream upstream) {
        return OpenAi.client(servers, seam, upstream, UnaryOperator.identity());
    }

    private static TestServers serversOfAnOutage(Http http) {
        TestServers servers = TestServers.open(http);
        servers.edge.answers(TestServer.edgePage(500));
        servers.origin.answers(OpenAi.completion("from the origin"));
        return servers;
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void aCompletionComesFromTheOriginWithTheSameCredentials(Http http, Seam seam) throws Exception {
        try (TestServers servers = serversOfAnOutage(http)) {
            OpenAIClient ai = client(servers, seam, servers.assistant());

            assertThat(text(ai.chat().completions().create(HELLO))).isEqualTo("from the origin");

            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isEqualTo(1);
            assertThat(servers.edge.last().getHeaders().get("Authorization")).isEqualTo("Bearer " + KEY);
            assertThat(servers.origin.last().getHeaders().get("Authorization")).isEqualTo("Bearer " + KEY);
            assertThat(servers.origin.last().getBody())
                    .isEqualTo(servers.edge.last().getBody());
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void anAsynchronousCompletionIsAnswered(Http http, Seam seam) throws Exception {
        try (TestServers servers = serversOfAnOutage(http)) {
            OpenAIClient ai = client(servers, seam, servers.assistant());

            assertThat(text(ai.async().chat().completions().create(HELLO).get(10, TimeUnit.SECONDS)))
                    .isEqualTo("from the origin");
            assertThat(servers.origin.last().getHeaders().get("Authorization")).isEqualTo("Bearer " + KEY);
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void aStreamFromTheOriginPassesEventByEvent(Http http, Seam seam) throws Exception {
        try (TestServers servers = serversOfAnOutage(http)) {
            servers.origin.answers(OpenAi.stream("one", "two", "three")
                    .throttleBody(200, 700, TimeUnit.MILLISECONDS)
                    .build());
            OpenAIClient ai = client(servers, seam, servers.assistant().attemptLimit(Duration.ofMillis(500)));

            long started = System.nanoTime();
            try (StreamResponse<ChatCompletionChunk> stream =
                    ai.chat().completions().createStreaming(HELLO)) {
                Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
                assertThat(text(chunks.next())).isEqualTo("one");
                Duration untilFirst = TestServers.took(started);
                assertThat(text(chunks.next())).isEqualTo("two");
                assertThat(text(chunks.next())).isEqualTo("three");
                assertThat(chunks.hasNext()).isFalse();
                assertThat(TestServers.took(started)).isGreaterThan(untilFirst.plusMillis(600));
            }
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void aSubscribedStreamIsAnswered(Http http, Seam seam) throws Exception {
        try (TestServers servers = serversOfAnOutage(http)) {
            servers.origin.answers(OpenAi.stream("one", "two", "three").build());
            OpenAIClient ai = client(servers, seam, servers.assistant());
            List<ChatCompletionChunk> chunks = new CopyOnWriteArrayList<>();

            ai.async()
                    .chat()
                    .completions()
                    .createStreaming(HELLO)
                    .subscribe(chunks::add)
                    .onCompleteFuture()
                    .get(10, TimeUnit.SECONDS);

            assertThat(OpenAi.texts(chunks)).containsExactly("one", "two", "three");
        }
    }

    @ParameterizedTest
    @EnumSource(Seam.class)
    void withoutRetriesOfTheSdkACallIsTriedThreeTimesAndOnceAtTheFallback(Seam seam) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.answer(503, "{}"));
            servers.origin.answers(TestServer.answer(503, "{}"));
            OpenAIClient ai = client(servers, seam, servers.assistant());

            assertThat(catchThrowable(() -> ai.chat().completions().create(HELLO)))
                    .isInstanceOf(InternalServerException.class);

            assertThat(servers.edge.count()).isEqualTo(3);
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    /** The SDK is left at its two retries, and asks whether to make them: {@code X-Should-Retry: false} ends its loop with ours. */
    @ParameterizedTest
    @EnumSource(Seam.class)
    void retriesOfTheSdkEndWithOurs(Seam seam) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.answer(503, "{}"));
            Upstream repeatable =
                    Upstream.named("assistant").endpoint(servers.atEdge()).repeatable();
            OpenAIClient ai = OpenAi.client(servers, seam, repeatable, sdk -> sdk.maxRetries(2));

            assertThat(catchThrowable(() -> ai.chat().completions().create(HELLO)))
                    .isInstanceOf(InternalServerException.class);

            assertThat(servers.edge.count()).isEqualTo(3);
            assertThat(servers.edge.last().getHeaders().get("x-stainless-retry-count"))
                    .isEqualTo("0");
        }
    }

    @ParameterizedTest
    @EnumSource(Seam.class)
    void whereAPostMayNotBeSentTwiceOnlyTheSdkRepeatsIt(Seam seam) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.answer(503, "{}"));
            Upstream once = Upstream.named("assistant").endpoint(servers.atEdge());
            OpenAIClient ai = OpenAi.client(servers, seam, once, sdk -> sdk.maxRetries(2));

            assertThat(catchThrowable(() -> ai.chat().completions().create(HELLO)))
                    .isInstanceOf(InternalServerException.class);

            assertThat(servers.edge.count()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource(Seam.class)
    void anExceptionMadeOfAnAnswerCarriesNoReportButTheCallDoes(Seam seam) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.edgePage(500));
            servers.origin.answers(TestServer.answer(500, "{}"));
            List<Call> calls = new CopyOnWriteArrayList<>();
            OpenAIClient ai = OpenAi.client(
                    servers,
                    seam,
                    servers.assistant(),
                    sdk -> sdk.addInterceptor(chain -> {
                        calls.add(chain.call());
                        return chain.proceed(chain.request());
                    }));

            Throwable thrown = catchThrowable(() -> ai.chat().completions().create(HELLO));

            assertThat(thrown).isInstanceOf(InternalServerException.class);
            assertThat(Byroad.reportOf(thrown)).isSameAs(CallReport.NONE); // it holds nothing of OkHttp's
            assertThat(Byroad.reportOf(calls.get(0)).attempts())
                    .extracting(AttemptReport::endpoint)
                    .startsWith("edge", "origin");
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void aDeadlineEndsTheCallAndTheSdksExceptionTellsItsStory(Http http, Seam seam) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.SILENCE);
            servers.origin.answers(TestServer.SILENCE);
            OpenAIClient ai = client(
                    servers,
                    seam,
                    servers.assistant().attemptLimit(Duration.ofMillis(400)).deadline(Duration.ofSeconds(1)));

            long started = System.nanoTime();
            Throwable thrown = catchThrowable(() -> ai.chat().completions().create(HELLO));

            assertThat(TestServers.took(started)).isBetween(Duration.ofMillis(700), Duration.ofSeconds(20));
            assertThat(thrown).isInstanceOf(OpenAIIoException.class).hasCauseInstanceOf(SocketTimeoutException.class);
            CallReport report = Byroad.reportOf(thrown);
            assertThat(report.upstream()).isEqualTo("assistant");
            assertThat(report.attempts()).extracting("endpoint").startsWith("edge", "origin");
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void theTimeoutsOfTheSdkAreKept(Http http, Seam seam) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.SILENCE);
            servers.origin.answers(TestServer.SILENCE);
            Timeout whole = Timeout.builder().request(Duration.ofMillis(700)).build();
            OpenAIClient ai = OpenAi.client(servers, seam, servers.assistant(), sdk -> sdk.timeout(whole));

            long started = System.nanoTime();
            Throwable thrown = catchThrowable(() -> ai.chat().completions().create(HELLO));

            assertThat(TestServers.took(started)).isBetween(Duration.ofMillis(600), Duration.ofSeconds(20));
            assertThat(thrown).isInstanceOf(OpenAIIoException.class).hasCauseInstanceOf(InterruptedIOException.class);
            assertThat(Byroad.reportOf(thrown).attempts()).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void itsReadTimeoutIsTheLimitOfAnAttempt(Http http, Seam seam) throws Exception {
        try (TestServers servers = serversOfAnOutage(http)) {
            servers.edge.answers(TestServer.SILENCE);
            Timeout read = Timeout.builder().read(Duration.ofMillis(400)).build();
            OpenAIClient ai = OpenAi.client(servers, seam, servers.assistant(), sdk -> sdk.timeout(read));

            assertThat(text(ai.chat().completions().create(HELLO))).isEqualTo("from the origin");
        }
    }

    @ParameterizedTest
    @MethodSource("waysIn")
    void anotherAuthorityThatKnowsTheCallerByAnotherHeaderTakesOver(Http http, Seam seam) throws Exception {
        try (TestServers servers = serversOfAnOutage(http)) {
            OpenAIClient ai = client(servers, seam, withAzure(servers, azure -> azure.header("x-own-key", "own")));

            assertThat(text(ai.chat().completions().create(HELLO))).isEqualTo("from the origin");

            assertThat(servers.origin.last().getUrl().encodedPath()).isEqualTo("/azure/chat/completions");
            assertThat(servers.origin.last().getHeaders().get("x-own-key")).isEqualTo("own");
            assertThat(servers.origin.last().getHeaders())
                    .noneMatch(header -> header.getSecond().contains(KEY));
        }
    }

    /** The edge, and another operator at another host. */
    private static Upstream withAzure(TestServers servers, UnaryOperator<Endpoint> change) {
        servers.name(TestServers.OTHER, TestServers.ORIGIN_IP);
        Endpoint edge = Endpoint.at(servers.url("/v1")).through("cloudflare").named("edge");
        Endpoint azure = Endpoint.at(servers.url(TestServers.OTHER, "/azure")).named("azure");
        return Upstream.named("assistant")
                .endpoint(edge)
                .endpoint(change.apply(azure))
                .repeatable();
    }
}

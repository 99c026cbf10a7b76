package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Upstream;
import byroad.dns.Resolvers;
import byroad.okhttp.AiLibrary.Session;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okio.Buffer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each library through each kind of trouble: what its caller gets, and what the servers count. */
class AiLibrariesTest {
    private static TestServers servers() {
        return servers(Http.H2);
    }

    /** Over HTTP/1.1 where the server has to cut a connection: MockWebServer does so there only. */
    private static TestServers servers(Http http) {
        TestServers servers = TestServers.open(http);
        servers.edge.answers(request -> AiApi.says(request, "edge"));
        servers.origin.answers(request -> AiApi.says(request, "origin"));
        return servers;
    }

    private static Session session(AiLibrary library, TestServers servers, Upstream upstream) {
        return library.over(servers.with(servers.byroad(upstream)), servers.url(""), 0);
    }

    private static List<String> credentialsAt(TestServer server) {
        RecordedRequest last = server.last();
        return Stream.of("authorization", "x-api-key", "x-goog-api-key")
                .flatMap(name -> last.getHeaders().values(name).stream())
                .toList();
    }

    @Row(
            trouble = "the edge answers 500 by itself",
            result = "answered by the origin, credentials kept, one request each")
    @ParameterizedTest
    @EnumSource(AiLibrary.class)
    void anEdgeThatAnswersByItselfIsPassedByWithTheCredentials(AiLibrary library) throws Exception {
        try (TestServers servers = servers();
                Session ai = session(library, servers, servers.assistant())) {
            assertThat(ai.ask()).isEqualTo("edge");
            servers.edge.answers(TestServer.edgePage(500));

            assertThat(ai.ask()).isEqualTo("origin");
            assertThat(ai.stream()).isEqualTo("origin");
            assertThat(servers.edge.count()).isEqualTo(3);
            assertThat(servers.origin.count()).isEqualTo(2);
            assertThat(credentialsAt(servers.origin)).singleElement().asString().endsWith(AiLibrary.KEY);
        }
    }

    /** As on 20 October 2025: the record set is empty, and every resolver agrees. */
    @Row(trouble = "the name goes empty", result = "answered at the address that TLS proved")
    @ParameterizedTest
    @EnumSource(AiLibrary.class)
    void aNameThatGoesEmptyIsHeld(AiLibrary library) throws Exception {
        OffsetTime time = new OffsetTime();
        try (TestServers servers = servers()) {
            Byroad byroad = servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().time(time))
                    .resolver(Resolvers.blocking("servers", "servers", servers::lookup))
                    .upstream(Upstream.named("assistant").endpoint(servers.atEdge()))
                    .build());
            OkHttpClient client = servers.with(byroad);
            try (Session ai = library.over(client, servers.url(""), 0)) {
                assertThat(ai.ask()).isEqualTo("edge");
                servers.name(TestServers.HOST);
                time.jump(Duration.ofSeconds(31));
                client.connectionPool().evictAll();

                assertThat(ai.ask()).isEqualTo("edge");
                assertThat(ai.stream()).isEqualTo("edge");
            }
        }
    }

    @Row(trouble = "cut before the headers, declared repeatable", result = "answered by the origin")
    @ParameterizedTest
    @EnumSource(AiLibrary.class)
    void aConnectionCutBeforeTheHeadersGoesElsewhere(AiLibrary library) throws Exception {
        try (TestServers servers = servers(Http.H1);
                Session ai = session(library, servers, servers.assistant())) {
            servers.edge.answers(new MockResponse.Builder()
                    .onResponseStart(new SocketEffect.CloseSocket())
                    .build());

            assertThat(ai.ask()).isEqualTo("origin");
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    /** What asks for a second gets it, and the call its answer. */
    @Row(
            trouble = "529 with `Retry-After: 1`, declared repeatable",
            result = "answered after the second that was asked for")
    @ParameterizedTest
    @EnumSource(AiLibrary.class)
    void anOverloadThatAsksForAMomentIsRepeatedAfterIt(AiLibrary library) throws Exception {
        try (TestServers servers = servers();
                Session ai = session(
                        library,
                        servers,
                        Upstream.named("assistant").endpoint(servers.atEdge()).repeatable())) {
            servers.edge.next(new MockResponse.Builder()
                    .code(529)
                    .setHeader("Retry-After", "1")
                    .body("{}")
                    .build());
            long started = System.nanoTime();

            assertThat(ai.ask()).isEqualTo("edge");
            assertThat(TestServers.took(started)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(servers.edge.count()).isEqualTo(2);
        }
    }

    @Row(
            trouble = "everything answers 503, the library told to make no retries",
            result = "three requests to the edge, one to the origin, then the error")
    @ParameterizedTest
    @EnumSource(AiLibrary.class)
    void withEverythingDownOnlyByroadRepeats(AiLibrary library) throws Exception {
        try (TestServers servers = servers();
                Session ai = session(library, servers, servers.assistant())) {
            servers.edge.answers(TestServer.answer(503, "{}"));
            servers.origin.answers(TestServer.answer(503, "{}"));

            assertThatThrownBy(ai::ask).isInstanceOf(Exception.class);
            assertThat(servers.edge.count()).isEqualTo(3);
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    /** Left at their own retries, the SDKs of OpenAI and Anthropic end with ours; LangChain4j does not ask. */
    @Row(trouble = "everything answers 503, the library left at two retries", result = "the same: they end with ours")
    @ParameterizedTest
    @EnumSource(
            value = AiLibrary.class,
            names = {"OPENAI_JAVA", "OPENAI_JAVA_ASYNC", "ANTHROPIC_JAVA", "ANTHROPIC_JAVA_ASYNC"})
    void retriesOfTheSdkEndWithOurs(AiLibrary library) throws Exception {
        try (TestServers servers = servers();
                Session ai = library.over(servers.with(servers.byroad(servers.assistant())), servers.url(""), 2)) {
            servers.edge.answers(TestServer.answer(503, "{}"));
            servers.origin.answers(TestServer.answer(503, "{}"));

            assertThatThrownBy(ai::ask).isInstanceOf(Exception.class);
            assertThat(servers.edge.count()).isEqualTo(3);
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    @Row(trouble = "a stream is cut in the middle", result = "an error, nothing repeated")
    @ParameterizedTest
    @EnumSource(AiLibrary.class)
    void aStreamThatIsCutIsAnErrorAndNotRepeated(AiLibrary library) throws Exception {
        try (TestServers servers = servers(Http.H1);
                Session ai = session(library, servers, servers.assistant())) {
            servers.edge.answers(request -> AiApi.stream(request, List.of("one", "two".repeat(20_000)))
                    .onResponseBody(new SocketEffect.CloseSocket())
                    .build());

            assertThatThrownBy(ai::stream).isInstanceOf(Exception.class);
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isZero();
        }
    }

    /** Streams of Google's API have no last event. */
    @Row(trouble = "a stream ends without its last event", result = "a silent success; an error with `eventStreams`")
    @ParameterizedTest
    @EnumSource(value = AiLibrary.class, mode = EnumSource.Mode.EXCLUDE, names = "GOOGLE_GENAI")
    void aStreamWithoutItsEndIsASuccessUnlessItsEndIsDeclared(AiLibrary library) throws Exception {
        try (TestServers servers = servers()) {
            servers.edge.answers(
                    request -> AiApi.unfinished(request, List.of("half")).build());
            try (Session ai = session(library, servers, servers.assistant())) {
                assertThat(ai.stream()).isEqualTo("half");
            }
            try (Session ai =
                    session(library, servers, servers.assistant().eventStreams(EventStreams.ofAiServices()))) {
                assertThatThrownBy(ai::stream).isInstanceOf(Exception.class);
            }
        }
    }

    @Row(trouble = "an overload inside a 200", result = "answered by another region with `committedAtFirstEvent`")
    @ParameterizedTest
    @EnumSource(AiLibrary.class)
    void anOverloadInsideA200IsAnsweredByAnotherRegionWhereTheFirstEventCommits(AiLibrary library) throws Exception {
        try (TestServers servers = servers()) {
            servers.edge.answers(AiApi.overloaded());
            Upstream regions = Upstream.named("assistant")
                    .endpoint(servers.atEdge())
                    .endpoint(servers.atOrigin().hostedBy("aws/eu-west-1"))
                    .repeatable()
                    .eventStreams(library.streams().committedAtFirstEvent());
            try (Session ai = session(library, servers, regions)) {
                assertThat(ai.stream()).isEqualTo("origin");
            }
            assertThat(servers.edge.count()).isEqualTo(1);
        }
    }

    /** As long as a model may think, of all libraries at once. */
    @Test
    @Tag("slow")
    @Timeout(120)
    void aFirstTokenAfterHalfAMinuteIsWaitedFor() throws Exception {
        try (TestServers servers = servers()) {
            servers.edge.answers(request -> AiApi.stream(request, List.of("edge"))
                    .bodyDelay(30, TimeUnit.SECONDS)
                    .build());
            Upstream upstream = servers.assistant().attemptLimit(Duration.ofMillis(700));
            OkHttpClient patient = servers.built(
                    servers.byroad(upstream).installOn(servers.client()).readTimeout(Duration.ofMinutes(2)));
            ExecutorService threads = Executors.newCachedThreadPool();
            Map<AiLibrary, Future<String>> streams = new EnumMap<>(AiLibrary.class);
            for (AiLibrary library : AiLibrary.values()) {
                streams.put(library, threads.submit(() -> {
                    try (Session ai = library.over(patient, servers.url(""), 0)) {
                        return ai.stream();
                    }
                }));
            }
            threads.shutdown();
            for (AiLibrary library : AiLibrary.values()) {
                assertThat(Objects.requireNonNull(streams.get(library)).get())
                        .as(library.spelling)
                        .isEqualTo("edge");
            }
            assertThat(servers.edge.count()).isEqualTo(AiLibrary.values().length);
            assertThat(servers.origin.count()).isZero();
        }
    }

    /** The attempt limit is for headers; a model that thinks is not cut off. */
    @Row(trouble = "a slow first token", result = "waited for")
    @ParameterizedTest
    @EnumSource(AiLibrary.class)
    void aSlowFirstTokenIsNoFault(AiLibrary library) throws Exception {
        try (TestServers servers = servers();
                Session ai = session(library, servers, servers.assistant().attemptLimit(Duration.ofMillis(700)))) {
            servers.edge.answers(request -> AiApi.stream(request, List.of("edge"))
                    .bodyDelay(1_500, TimeUnit.MILLISECONDS)
                    .build());

            assertThat(ai.stream()).isEqualTo("edge");
            assertThat(servers.origin.count()).isZero();
        }
    }

    @Row(trouble = "the library's client is closed", result = "the OkHttp client stays open")
    @ParameterizedTest
    @EnumSource(AiLibrary.class)
    void closingTheLibrarysClientLeavesOursOpen(AiLibrary library) throws Exception {
        try (TestServers servers = servers()) {
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));
            try (Session ai = library.over(client, servers.url(""), 0)) {
                assertThat(ai.ask()).isEqualTo("edge");
            }
            assertThat(TestServers.got(client, servers.get("/")).code()).isEqualTo(200);
            assertThat(client.dispatcher().executorService().isShutdown()).isFalse();
        }
    }

    /** Each of these has a longer one of its own. */
    @Row(trouble = "the library's timeout is longer than the client's", result = "the library's holds")
    @ParameterizedTest
    @EnumSource(
            value = AiLibrary.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"RETROFIT", "GOOGLE_GENAI"})
    void theTimeoutOfTheLibraryHolds(AiLibrary library) throws Exception {
        try (TestServers servers = servers()) {
            OkHttpClient hasty =
                    servers.built(servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge()))
                            .installOn(servers.client())
                            .readTimeout(Duration.ofMillis(300)));
            servers.edge.answers(request -> AiApi.says(request, "edge")
                    .newBuilder()
                    .headersDelay(900, TimeUnit.MILLISECONDS)
                    .build());
            try (Session ai = library.over(hasty, servers.url(""), 0)) {
                assertThat(ai.ask()).isEqualTo("edge");
            }
        }
    }

    /**
     * A fallback endpoint with a host, a key, a path and a name for the model of its own. openai-java takes out of every request to
     * another host what looks like a key.
     */
    @Row(
            trouble = "the operator is down, another one of the same API stands in",
            result = "answered by it, with its own key, path and model, and never with the first one's key")
    @ParameterizedTest
    @EnumSource(
            value = AiLibrary.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"OPENAI_JAVA", "OPENAI_JAVA_ASYNC"})
    void anotherOperatorAnswersWithAKeyAndNamesOfItsOwn(AiLibrary library) throws Exception {
        try (TestServers servers = servers()) {
            Upstream operators = Upstream.named("assistant")
                    .endpoint(servers.atEdge().hostedBy("operator/first"))
                    .endpoint(Endpoint.at(servers.url(TestServers.OTHER, "/second"))
                            .connectTo(TestServers.ORIGIN_IP)
                            .hostedBy("operator/second")
                            .named("second")
                            .header("api-key", () -> "second-key"))
                    .repeatable();
            Byroad byroad = servers.closing(Byroad.builder()
                    .upstream(operators)
                    .rewrite("assistant/second", AiLibrariesTest::asTheSecondOperatorWantsIt)
                    .build());
            servers.edge.answers(TestServer.edgePage(500));
            try (Session ai = library.over(servers.with(byroad), servers.url(""), 0)) {
                assertThat(ai.ask()).isEqualTo("origin");
                assertThat(ai.stream()).isEqualTo("origin");
            }
            assertThat(servers.origin.requests).hasSize(2).allSatisfy(request -> {
                assertThat(request.getHeaders().values("api-key")).containsExactly("second-key");
                assertThat(request.getHeaders()) // one by one: as a text they hide Authorization
                        .noneMatch(header -> header.getSecond().contains(AiLibrary.KEY));
                assertThat(request.getUrl().encodedPath()).startsWith("/second/");
                assertThat(request.getUrl().encodedPath() + request.getBody().utf8())
                        .contains("second-model")
                        .doesNotContain("\"test\"");
            });
        }
    }

    private static Request asTheSecondOperatorWantsIt(Request request) {
        Buffer body = new Buffer();
        try {
            request.body().writeTo(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String mapped = body.readUtf8().replace("\"test\"", "\"second-model\"");
        HttpUrl url = HttpUrl.get(request.url().toString().replace("models/test:", "models/second-model:"));
        return request.newBuilder()
                .url(url)
                .post(RequestBody.create(mapped, request.body().contentType()))
                .build();
    }
}

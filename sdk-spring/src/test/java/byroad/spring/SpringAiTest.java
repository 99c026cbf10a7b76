package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.FakeTime;
import byroad.TimeSource;
import byroad.dns.Resolver;
import byroad.dns.Resolvers;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.ai.anthropic.AnthropicChatModel;
import org.springframework.ai.anthropic.http.okhttp.AnthropicHttpClientBuilderCustomizer;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.http.okhttp.OpenAiHttpClientBuilderCustomizer;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslBundleRegistrar;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.support.GenericApplicationContext;

/** Spring AI's own models in an application, over HTTPS, while the edge in front of the service fails. */
class SpringAiTest {
    private static final String KEY = "sk-secret"; // in application.properties

    private final EdgeAndOrigin servers = EdgeAndOrigin.open();
    // One of each: a model has a client to call and another one to stream, and they share names only if they trust
    // alike.
    private final SSLSocketFactory sockets = servers.ca.clientContext().getSocketFactory();
    private final X509TrustManager trust = servers.ca.trustManager();
    private TimeSource time = TimeSource.system();
    private String[] declared = servers.properties();
    private volatile boolean nameIsEmpty;
    private @Nullable ConfigurableApplicationContext app;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {}

    /** Whose API is called. */
    enum Model {
        OPENAI(OpenAiChatModel.class, "/v1/chat/completions", "authorization", 3),
        ANTHROPIC(AnthropicChatModel.class, "/v1/messages", "x-api-key", 2);

        private final Class<? extends ChatModel> type;
        private final String path;
        private final String credentials;
        private final int retries;

        Model(Class<? extends ChatModel> type, String path, String credentials, int retries) {
            this.type = type;
            this.path = path;
            this.credentials = credentials;
            this.retries = retries;
        }
    }

    private void start(String... more) {
        ApplicationContextInitializer<GenericApplicationContext> beans = context -> {
            context.registerBean(Resolver.class, () -> Resolvers.blocking("names", "test", this::lookup));
            context.registerBean(
                    ByroadBuilderCustomizer.class,
                    () -> byroad -> byroad.runtime(ClientRuntime.standard().time(time)));
            context.registerBean(SslBundleRegistrar.class, servers::trusting);
            context.registerBean(
                    OpenAiHttpClientBuilderCustomizer.class,
                    () -> client -> client.sslSocketFactory(sockets).trustManager(trust));
            context.registerBean(
                    AnthropicHttpClientBuilderCustomizer.class,
                    () -> client -> client.sslSocketFactory(sockets).trustManager(trust));
        };
        app = new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .initializers(beans)
                .properties(declared)
                .properties(
                        "spring.ai.openai.base-url=" + servers.url() + "/v1",
                        "spring.ai.openai.chat.options.model=gpt-test",
                        "spring.ai.anthropic.base-url=" + servers.url(),
                        "spring.ai.anthropic.chat.options.model=claude-test")
                .properties(more)
                .run();
    }

    private List<InetAddress> lookup(String host) throws UnknownHostException {
        if (nameIsEmpty || !host.equals(EdgeAndOrigin.HOST)) {
            throw new UnknownHostException(host);
        }
        return List.of(InetAddress.getByName("127.0.0.2"));
    }

    @AfterEach
    void stop() {
        if (app != null) {
            app.close();
        }
        servers.close();
    }

    private ChatModel model(Model model) {
        return Objects.requireNonNull(app).getBean(model.type);
    }

    private String ask(Model model) {
        Generation answer =
                Objects.requireNonNull(model(model).call(new Prompt("hello")).getResult());
        return Objects.requireNonNull(answer.getOutput().getText());
    }

    private String stream(Model model) {
        List<String> words = model(model).stream(new Prompt("hello"))
                .mapNotNull(chunk -> chunk.getResult() == null
                        ? null
                        : chunk.getResult().getOutput().getText())
                .filter(word -> !word.isEmpty())
                .collectList()
                .block();
        return String.join(" ", Objects.requireNonNull(words));
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    void anEdgeThatAnswersByItselfIsPassedByWithTheCredentials(Model model) {
        answers(servers.origin);
        start();

        assertThat(ask(model)).isEqualTo("hello");
        assertThat(stream(model)).isEqualTo("hello");
        assertThat(servers.edge.getRequestCount()).isEqualTo(2);
        assertThat(servers.origin.getRequestCount()).isEqualTo(2);
        RecordedRequest direct = taken(servers.origin);
        assertThat(direct.getVersion()).isEqualTo("HTTP/2");
        assertThat(direct.getUrl().encodedPath()).isEqualTo(model.path);
        assertThat(direct.getHeaders().get(model.credentials)).endsWith(KEY);
    }

    /** Three retries of Spring AI's and two of ours would be twelve requests. */
    @ParameterizedTest
    @EnumSource(Model.class)
    void withEverythingDownTheRetriesOfSpringAiEndWithOurs(Model model) {
        always(servers.edge, new MockResponse.Builder().code(503).body("{}").build());
        always(servers.origin, new MockResponse.Builder().code(503).body("{}").build());
        start();

        assertThatThrownBy(() -> ask(model)).isInstanceOf(RuntimeException.class);
        assertThat(servers.edge.getRequestCount()).isEqualTo(3);
        assertThat(servers.origin.getRequestCount()).isEqualTo(1);
    }

    /** The SDKs below Spring AI repeat what Byroad may not, by their own number. */
    @ParameterizedTest
    @EnumSource(Model.class)
    void whereAPostMayNotBeSentTwiceOnlySpringAiRepeatsIt(Model model) {
        always(servers.edge, new MockResponse.Builder().code(503).body("{}").build());
        start("byroad.upstreams.assistant.repeatable=false");

        assertThatThrownBy(() -> ask(model)).isInstanceOf(RuntimeException.class);
        assertThat(servers.edge.getRequestCount()).isEqualTo(1 + model.retries);
        assertThat(servers.origin.getRequestCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Model.class)
    void toldToMakeNoRetriesItSendsSuchAPostOnce(Model model) {
        always(servers.edge, new MockResponse.Builder().code(503).body("{}").build());
        start(
                "byroad.upstreams.assistant.repeatable=false",
                "spring.ai.openai.max-retries=0",
                "spring.ai.anthropic.max-retries=0");

        assertThatThrownBy(() -> ask(model)).isInstanceOf(RuntimeException.class);
        assertThat(servers.edge.getRequestCount()).isEqualTo(1);
    }

    /** What asks for a second gets it, and Spring AI's caller the answer. */
    @ParameterizedTest
    @EnumSource(Model.class)
    void anOverloadThatAsksForAMomentIsRepeatedAfterIt(Model model) {
        MockResponse overloaded = new MockResponse.Builder()
                .code(529)
                .setHeader("Retry-After", "1")
                .body("{}")
                .build();
        answers(servers.edge, overloaded);
        always(servers.origin, overloaded);
        start();

        long started = System.nanoTime();
        assertThat(ask(model)).isEqualTo("hello");
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
        assertThat(servers.edge.getRequestCount()).isEqualTo(2);
    }

    /** As on 20 October 2025. */
    @ParameterizedTest
    @EnumSource(Model.class)
    void aNameThatGoesEmptyIsHeld(Model model) {
        FakeTime stepped = new FakeTime();
        time = stepped;
        declared = Stream.of(declared)
                .filter(property -> !property.contains("endpoints[1]"))
                .toArray(String[]::new);
        servers.edge.setProtocols(
                List.of(Protocol.HTTP_1_1)); // a connection for each request, so that the name is needed
        answers(servers.edge);
        start();
        assertThat(ask(model)).isEqualTo("hello");

        nameIsEmpty = true;
        stepped.advance(Duration.ofSeconds(31));

        assertThat(ask(model)).isEqualTo("hello");
        assertThat(stream(model)).isEqualTo("hello");
        assertThat(Stream.of(1, 2, 3).map(each -> taken(servers.edge).getConnectionIndex()))
                .doesNotHaveDuplicates();
    }

    @Test
    void byPropertyItIsLeftAlone() {
        answers(servers.origin);
        start(
                "byroad.spring-ai.enabled=false",
                "spring.ai.openai.max-retries=0",
                "spring.ai.openai.chat.max-retries=0");

        assertThatThrownBy(() -> ask(Model.OPENAI))
                .hasStackTraceContaining(EdgeAndOrigin.HOST); // which no system resolver knows
        assertThat(servers.origin.getRequestCount()).isZero();
    }

    private static RecordedRequest taken(MockWebServer server) {
        try {
            return server.takeRequest();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void always(MockWebServer server, MockResponse answer) {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                return answer;
            }
        });
    }

    /** Those first, in that order; then what the request asks for. */
    private static void answers(MockWebServer server, MockResponse... first) {
        Queue<MockResponse> before = new ConcurrentLinkedQueue<>(List.of(first));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                MockResponse next = before.poll();
                if (next != null) {
                    return next;
                }
                String body = Objects.requireNonNull(request.getBody()).utf8().replace(" ", "");
                boolean streams = body.contains("\"stream\":true");
                boolean anthropic = request.getUrl().encodedPath().endsWith("/messages");
                return new MockResponse.Builder()
                        .setHeader("Content-Type", streams ? "text/event-stream" : "application/json")
                        .setHeader("Connection", "close") // means something to HTTP/1.1 only
                        .body(anthropic ? (streams ? EVENTS : MESSAGE.formatted(TEXT)) : streams ? CHUNKS : COMPLETION)
                        .build();
            }
        });
    }

    private static final String COMPLETION = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"gpt-test","choices":[{"index":0,
            "finish_reason":"stop","logprobs":null,"message":{"role":"assistant","content":"hello","refusal":null}}]}""";

    private static final String CHUNKS = """
            data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"gpt-test","choices":[{"index":0,\
            "finish_reason":"stop","delta":{"role":"assistant","content":"hello"}}]}

            data: [DONE]

            """;

    private static final String TEXT = "{\"type\":\"text\",\"text\":\"hello\",\"citations\":null}";

    private static final String MESSAGE =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-test\","
                    + "\"content\":[%s],\"stop_reason\":null,\"stop_sequence\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";

    private static final String EVENTS = """
            event: message_start
            data: {"type":"message_start","message":%s}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":"","citations":null}}

            event: content_block_delta
            data: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"hello"}}

            event: content_block_stop
            data: {"type":"content_block_stop","index":0}

            event: message_stop
            data: {"type":"message_stop"}

            """.formatted(MESSAGE.formatted(""));
}

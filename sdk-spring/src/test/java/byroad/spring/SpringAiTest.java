package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.dns.Resolver;
import java.util.List;
import java.util.Objects;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
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
    private @Nullable ConfigurableApplicationContext app;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class App {}

    /** Whose API is called. */
    enum Model {
        OPENAI(OpenAiChatModel.class, "/v1/chat/completions", "authorization"),
        ANTHROPIC(AnthropicChatModel.class, "/v1/messages", "x-api-key");

        private final Class<? extends ChatModel> type;
        private final String path;
        private final String credentials;

        Model(Class<? extends ChatModel> type, String path, String credentials) {
            this.type = type;
            this.path = path;
            this.credentials = credentials;
        }
    }

    private void start(String... more) {
        ApplicationContextInitializer<GenericApplicationContext> beans = context -> {
            context.registerBean(Resolver.class, servers::names);
            context.registerBean(SslBundleRegistrar.class, servers::trusting);
            context.registerBean(
                    OpenAiHttpClientBuilderCustomizer.class,
                    () -> client -> client.sslSocketFactory(
                                    servers.ca.clientContext().getSocketFactory())
                            .trustManager(servers.ca.trustManager()));
            context.registerBean(
                    AnthropicHttpClientBuilderCustomizer.class,
                    () -> client -> client.sslSocketFactory(
                                    servers.ca.clientContext().getSocketFactory())
                            .trustManager(servers.ca.trustManager()));
        };
        app = new SpringApplicationBuilder(App.class)
                .web(WebApplicationType.NONE)
                .initializers(beans)
                .properties(servers.properties())
                .properties(
                        "spring.ai.openai.base-url=" + servers.url() + "/v1",
                        "spring.ai.openai.chat.options.model=gpt-test",
                        "spring.ai.anthropic.base-url=" + servers.url(),
                        "spring.ai.anthropic.chat.options.model=claude-test")
                .properties(more)
                .run();
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

    private static void answers(MockWebServer server) {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                String body = Objects.requireNonNull(request.getBody()).utf8().replace(" ", "");
                boolean streams = body.contains("\"stream\":true");
                boolean anthropic = request.getUrl().encodedPath().endsWith("/messages");
                return new MockResponse.Builder()
                        .setHeader("Content-Type", streams ? "text/event-stream" : "application/json")
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

package byroad.samples.ai;

import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Upstream;
import byroad.ai.AnthropicHttpClient;
import byroad.ai.LangChain4jHttpClientBuilder;
import byroad.okhttp.Byroad;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.Timeout;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.io.IOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.OkHttpClient;

/** openai-java, anthropic-java and LangChain4j over one client with Byroad, before, during and after an outage of the edge. */
public final class AiClients implements AutoCloseable {
    private static final String KEY = "sk-of-the-sample";

    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Service service;
    private final Byroad byroad;
    private final OkHttpClient client;

    private AiClients(Service service) {
        this.service = service;
        this.byroad = Byroad.builder()
                .upstream(Upstream.named("assistant")
                        .endpoint(Endpoint.at(service.url(""))
                                .through("cloudflare")
                                .hostedBy("aws/us-west-2")
                                .named("edge"))
                        .endpoint(Endpoint.at(service.url(""))
                                .connectTo(Service.ORIGIN)
                                .hostedBy("aws/us-west-2")
                                .named("origin"))
                        .eventStreams(EventStreams.ofAiServices().committedAtFirstEvent())
                        .deadline(Duration.ofSeconds(30))
                        .repeatable())
                .build();
        // The libraries hide OkHttp's call; whoever wants its report afterwards keeps it.
        this.client = byroad.installOn(service.client().addInterceptor(chain -> {
                    calls.add(chain.call());
                    return chain.proceed(chain.request());
                }))
                .build();
    }

    /** Needs no arguments. */
    public static void main(String[] args) throws IOException {
        try (Service service = Service.open();
                AiClients clients = new AiClients(service)) {
            clients.round("All is well");
            service.breakTheEdge();
            clients.round("The edge answers 500 by itself");
            service.mendTheEdge();
            clients.round("The edge is back");
        }
    }

    private void round(String title) {
        System.out.println("== " + title);
        say("openai-java", this::openAi);
        say("anthropic-java", this::anthropic);
        say("langchain4j", this::langChain4j);
    }

    private void say(String library, Supplier<String> question) {
        System.out.println(library + ": " + question.get());
        for (Call call = calls.poll(); call != null; call = calls.poll()) {
            System.out.println("  " + Byroad.reportOf(call).toString().replace("\n", "\n  "));
        }
        System.out.println();
    }

    private String openAi() {
        OpenAIClient openAi = OpenAIOkHttpClient.builder()
                .okHttpClient(client)
                .baseUrl(service.url("/v1"))
                .apiKey(KEY)
                .timeout(Timeout.builder().build())
                .maxRetries(0)
                .build();
        ChatCompletionCreateParams hello = ChatCompletionCreateParams.builder()
                .model("gpt-test")
                .addUserMessage("hello")
                .build();
        return openAi.chat()
                .completions()
                .create(hello)
                .choices()
                .get(0)
                .message()
                .content()
                .orElse("");
    }

    private String anthropic() {
        AnthropicClient anthropic = new AnthropicClientImpl(ClientOptions.builder()
                .httpClient(AnthropicHttpClient.over(client))
                .baseUrl(service.url(""))
                .putHeader("x-api-key", KEY)
                .maxRetries(0)
                .build());
        MessageCreateParams hello = MessageCreateParams.builder()
                .model("claude-test")
                .maxTokens(16)
                .addUserMessage("hello")
                .build();
        return anthropic.messages().create(hello).content().get(0).asText().text();
    }

    private String langChain4j() {
        return OpenAiChatModel.builder()
                .httpClientBuilder(LangChain4jHttpClientBuilder.over(client))
                .baseUrl(service.url("/v1"))
                .apiKey(KEY)
                .modelName("gpt-test")
                .maxRetries(0)
                .build()
                .chat("hello");
    }

    @Override
    public void close() {
        byroad.close();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}

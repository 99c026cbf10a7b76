package byroad.samples.ai;

import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Upstream;
import byroad.ai.AnthropicHttpClient;
import byroad.ai.LangChain4jHttpClientBuilder;
import byroad.dns.Resolvers;
import byroad.okhttp.Byroad;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.Client;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.Timeout;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.langchain4j.model.openai.OpenAiChatModel;
import feign.Feign;
import feign.Headers;
import feign.Param;
import feign.RequestLine;
import feign.Retryer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Supplier;
import okhttp3.Call;
import okhttp3.Dispatcher;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import retrofit2.Retrofit;
import retrofit2.http.Body;
import retrofit2.http.Header;
import retrofit2.http.POST;

/** Six libraries over one client with Byroad, before, during and after an outage of the edge. */
public final class AiClients implements AutoCloseable {
    private static final String KEY = "sk-of-the-sample";
    private static final String HELLO =
            "{\"model\": \"gpt-test\", \"messages\": [{\"role\": \"user\", \"content\": \"hello\"}]}";

    private final Queue<Call> calls = new ConcurrentLinkedQueue<>();
    private final Service service;
    private final Byroad byroad;
    private final OkHttpClient client;

    private AiClients(Service service) {
        this.service = service;
        this.byroad = Byroad.builder()
                .resolver(Resolvers.blocking("sample", "sample", Service::addressesOf))
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
        this.client = byroad.installOn(service.client().addInterceptor(this::keepingTheCall))
                .build();
    }

    private Response keepingTheCall(Interceptor.Chain chain) throws IOException {
        calls.add(chain.call());
        return chain.proceed(chain.request());
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
        say("google-genai", this::googleGenAi);
        say("retrofit", this::retrofit);
        say("feign", this::feign);
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

    private String googleGenAi() {
        try (Client google = Client.builder()
                .apiKey(KEY)
                .httpOptions(HttpOptions.builder()
                        .baseUrl(service.url(""))
                        .retryOptions(HttpRetryOptions.builder().attempts(1))
                        .build())
                .clientOptions(com.google.genai.types.ClientOptions.builder()
                        .customHttpClient(
                                client.newBuilder().dispatcher(new Dispatcher()).build()) // it shuts it down
                        .build())
                .build()) {
            return String.valueOf(
                    google.models.generateContent("gemini-test", "hello", null).text());
        }
    }

    /** Without a model of the answer: its text is shown as it is. */
    private String retrofit() {
        Retrofit retrofit = new Retrofit.Builder()
                .baseUrl(service.url("/"))
                .callFactory(client)
                .build();
        try {
            return retrofit.create(Completions.class)
                    .ask("Bearer " + KEY, RequestBody.create(HELLO, MediaType.get("application/json")))
                    .execute()
                    .body()
                    .string();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private String feign() {
        return Feign.builder()
                .client(new feign.okhttp.OkHttpClient(client))
                .retryer(Retryer.NEVER_RETRY)
                .target(FeignCompletions.class, service.url(""))
                .ask("Bearer " + KEY, HELLO);
    }

    /** The API for Retrofit. */
    interface Completions {
        @POST("v1/chat/completions")
        retrofit2.Call<ResponseBody> ask(@Header("Authorization") String key, @Body RequestBody question);
    }

    /** The API for Feign. */
    interface FeignCompletions {
        @RequestLine("POST /v1/chat/completions")
        @Headers({"Authorization: {key}", "Content-Type: application/json"})
        String ask(@Param("key") String key, String question);
    }

    @Override
    public void close() {
        byroad.close();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}

package byroad.okhttp;

import byroad.EventStreams;
import byroad.ai.AnthropicHttpClient;
import byroad.ai.LangChain4jHttpClientBuilder;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientAsync;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClientAsync;
import com.anthropic.models.messages.MessageCreateParams;
import com.google.genai.Client;
import com.google.genai.types.ClientOptions;
import com.google.genai.types.HttpOptions;
import com.google.genai.types.HttpRetryOptions;
import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientAsync;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.client.okhttp.OpenAIOkHttpClientAsync;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import feign.Feign;
import feign.Headers;
import feign.Param;
import feign.RequestLine;
import feign.Retryer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import okhttp3.Dispatcher;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import retrofit2.Retrofit;
import retrofit2.http.Body;
import retrofit2.http.Header;
import retrofit2.http.POST;
import retrofit2.http.Streaming;

/** The libraries that people call models with, each over a client with Byroad installed. */
enum AiLibrary {
    OPENAI_JAVA("openai-java") {
        @Override
        Session over(OkHttpClient client, String url, int retries) {
            OpenAIClient ai = OpenAIOkHttpClient.builder()
                    .baseUrl(url + "/v1")
                    .apiKey(KEY)
                    .okHttpClient(client)
                    .timeout(com.openai.core.Timeout.builder().build())
                    .maxRetries(retries)
                    .build();
            return new Session() {
                @Override
                public String ask() {
                    return OpenAi.text(ai.chat().completions().create(TO_OPENAI));
                }

                @Override
                public String stream() {
                    try (var chunks = ai.chat().completions().createStreaming(TO_OPENAI)) {
                        return chunks.stream().map(OpenAi::text).collect(Collectors.joining(" "));
                    }
                }

                @Override
                public void close() {
                    ai.close();
                }
            };
        }
    },
    OPENAI_JAVA_ASYNC("openai-java async") {
        @Override
        Session over(OkHttpClient client, String url, int retries) {
            OpenAIClientAsync ai = OpenAIOkHttpClientAsync.builder()
                    .baseUrl(url + "/v1")
                    .apiKey(KEY)
                    .okHttpClient(client)
                    .timeout(com.openai.core.Timeout.builder().build())
                    .maxRetries(retries)
                    .build();
            return new Session() {
                @Override
                public String ask() throws Exception {
                    return OpenAi.text(ai.chat().completions().create(TO_OPENAI).get(60, TimeUnit.SECONDS));
                }

                @Override
                public String stream() throws Exception {
                    Queue<String> words = new ConcurrentLinkedQueue<>();
                    ai.chat()
                            .completions()
                            .createStreaming(TO_OPENAI)
                            .subscribe(chunk -> words.add(OpenAi.text(chunk)))
                            .onCompleteFuture()
                            .get(60, TimeUnit.SECONDS);
                    return String.join(" ", words);
                }

                @Override
                public void close() {
                    ai.close();
                }
            };
        }
    },
    ANTHROPIC_JAVA("anthropic-java") {
        @Override
        Session over(OkHttpClient client, String url, int retries) {
            AnthropicClient ai = AnthropicOkHttpClient.builder()
                    .baseUrl(url)
                    .apiKey(KEY)
                    .addInterceptor(own -> AnthropicHttpClient.over(client))
                    .maxRetries(retries)
                    .build();
            return new Session() {
                @Override
                public String ask() {
                    return ai.messages()
                            .create(TO_ANTHROPIC)
                            .content()
                            .get(0)
                            .asText()
                            .text();
                }

                @Override
                public String stream() {
                    try (var events = ai.messages().createStreaming(TO_ANTHROPIC)) {
                        return events.stream()
                                .flatMap(event -> event.contentBlockDelta().stream())
                                .flatMap(delta -> delta.delta().text().stream())
                                .map(text -> text.text())
                                .collect(Collectors.joining(" "));
                    }
                }

                @Override
                public void close() {
                    ai.close();
                }
            };
        }
    },
    ANTHROPIC_JAVA_ASYNC("anthropic-java async") {
        @Override
        Session over(OkHttpClient client, String url, int retries) {
            AnthropicClientAsync ai = AnthropicOkHttpClientAsync.builder()
                    .baseUrl(url)
                    .apiKey(KEY)
                    .addInterceptor(own -> AnthropicHttpClient.over(client))
                    .maxRetries(retries)
                    .build();
            return new Session() {
                @Override
                public String ask() throws Exception {
                    return ai.messages()
                            .create(TO_ANTHROPIC)
                            .get(60, TimeUnit.SECONDS)
                            .content()
                            .get(0)
                            .asText()
                            .text();
                }

                @Override
                public String stream() throws Exception {
                    Queue<String> words = new ConcurrentLinkedQueue<>();
                    ai.messages()
                            .createStreaming(TO_ANTHROPIC)
                            .subscribe(event -> event.contentBlockDelta()
                                    .flatMap(delta -> delta.delta().text())
                                    .ifPresent(text -> words.add(text.text())))
                            .onCompleteFuture()
                            .get(60, TimeUnit.SECONDS);
                    return String.join(" ", words);
                }

                @Override
                public void close() {
                    ai.close();
                }
            };
        }
    },
    LANGCHAIN4J("LangChain4j") {
        @Override
        Session over(OkHttpClient client, String url, int retries) {
            OpenAiChatModel model = OpenAiChatModel.builder()
                    .httpClientBuilder(LangChain4jHttpClientBuilder.over(client))
                    .baseUrl(url + "/v1")
                    .apiKey(KEY)
                    .modelName("test")
                    .maxRetries(retries)
                    .build();
            OpenAiStreamingChatModel streaming = OpenAiStreamingChatModel.builder()
                    .httpClientBuilder(LangChain4jHttpClientBuilder.over(client))
                    .baseUrl(url + "/v1")
                    .apiKey(KEY)
                    .modelName("test")
                    .build();
            return new Session() {
                @Override
                public String ask() {
                    return model.chat("hello");
                }

                @Override
                public String stream() throws Exception {
                    CompletableFuture<String> all = new CompletableFuture<>();
                    streaming.chat("hello", new StreamingChatResponseHandler() {
                        private final StringBuilder words = new StringBuilder();

                        @Override
                        public void onPartialResponse(String word) {
                            words.append(words.length() == 0 ? "" : " ").append(word);
                        }

                        @Override
                        public void onCompleteResponse(ChatResponse response) {
                            all.complete(words.toString());
                        }

                        @Override
                        public void onError(Throwable why) {
                            all.completeExceptionally(why);
                        }
                    });
                    return all.get(60, TimeUnit.SECONDS);
                }

                @Override
                public void close() {}
            };
        }
    },
    /** Its {@code close()} shuts the dispatcher down that it was given. */
    GOOGLE_GENAI("google-genai") {
        @Override
        Session over(OkHttpClient client, String url, int retries) {
            Client ai = Client.builder()
                    .apiKey(KEY)
                    .httpOptions(HttpOptions.builder()
                            .baseUrl(url)
                            .retryOptions(HttpRetryOptions.builder().attempts(1 + retries))
                            .build())
                    .clientOptions(ClientOptions.builder()
                            .customHttpClient(client.newBuilder()
                                    .dispatcher(new Dispatcher())
                                    .build())
                            .build())
                    .build();
            return new Session() {
                @Override
                public String ask() {
                    return String.valueOf(
                            ai.models.generateContent("test", "hello", null).text());
                }

                @Override
                public String stream() {
                    try (var chunks = ai.models.generateContentStream("test", "hello", null)) {
                        List<String> words = new ArrayList<>();
                        chunks.forEach(chunk -> words.add(String.valueOf(chunk.text())));
                        return String.join(" ", words);
                    }
                }

                @Override
                public void close() {
                    ai.close();
                }
            };
        }
    },
    RETROFIT("Retrofit") {
        @Override
        Session over(OkHttpClient client, String url, int retries) {
            Api api = new Retrofit.Builder()
                    .baseUrl(url + "/")
                    .callFactory(client)
                    .build()
                    .create(Api.class);
            return new AiByHand() {
                @Override
                InputStream send(String body) throws IOException {
                    retrofit2.Response<ResponseBody> answer = api.chat(
                                    "Bearer " + KEY, RequestBody.create(body, MediaType.get("application/json")))
                            .execute();
                    if (!answer.isSuccessful()) {
                        throw new IOException("HTTP " + answer.code());
                    }
                    return answer.body().byteStream();
                }
            };
        }
    },
    FEIGN("Feign") {
        @Override
        Session over(OkHttpClient client, String url, int retries) {
            FeignApi api = Feign.builder()
                    .client(new feign.okhttp.OkHttpClient(client))
                    .retryer(Retryer.NEVER_RETRY)
                    .target(FeignApi.class, url);
            return new AiByHand() {
                @Override
                InputStream send(String body) throws IOException {
                    feign.Response answer = api.chat("Bearer " + KEY, body);
                    if (answer.status() != 200) {
                        throw new IOException("HTTP " + answer.status());
                    }
                    return answer.body().asInputStream();
                }
            };
        }
    };

    static final String KEY = "sk-secret";

    private static final ChatCompletionCreateParams TO_OPENAI = ChatCompletionCreateParams.builder()
            .model("test")
            .addUserMessage("hello")
            .build();

    private static final MessageCreateParams TO_ANTHROPIC = MessageCreateParams.builder()
            .model("test")
            .maxTokens(10)
            .addUserMessage("hello")
            .build();

    /** What is to be expected of its streams. */
    EventStreams streams() {
        return this == GOOGLE_GENAI ? EventStreams.withAnyEnd() : EventStreams.ofAiServices();
    }

    /** As its documentation spells it. */
    final String spelling;

    AiLibrary(String spelling) {
        this.spelling = spelling;
    }

    /** Retrofit's way to say what is called. */
    interface Api {
        @Streaming
        @POST("v1/chat/completions")
        retrofit2.Call<ResponseBody> chat(@Header("Authorization") String key, @Body RequestBody body);
    }

    /** Feign's. */
    interface FeignApi {
        @RequestLine("POST /v1/chat/completions")
        @Headers({"Authorization: {key}", "Content-Type: application/json"})
        feign.Response chat(@Param("key") String key, String body);
    }

    /** A client of the library at that URL, which makes that many retries of its own. */
    abstract Session over(OkHttpClient client, String url, int retries);

    /** A client of a library. */
    interface Session extends AutoCloseable {
        String ask() throws Exception;

        /** The words of a stream, with a blank between. */
        String stream() throws Exception;

        @Override
        void close();
    }
}

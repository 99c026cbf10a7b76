package byroad.okhttp;

import byroad.ai.AnthropicHttpClient;
import byroad.ai.LangChain4jHttpClientBuilder;
import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
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
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
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
            ChatCompletionCreateParams hello = ChatCompletionCreateParams.builder()
                    .model("test")
                    .addUserMessage("hello")
                    .build();
            return new Session() {
                @Override
                public String ask() {
                    return OpenAi.text(ai.chat().completions().create(hello));
                }

                @Override
                public String stream() {
                    try (var chunks = ai.chat().completions().createStreaming(hello)) {
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
    ANTHROPIC_JAVA("anthropic-java") {
        @Override
        Session over(OkHttpClient client, String url, int retries) {
            AnthropicClient ai = AnthropicOkHttpClient.builder()
                    .baseUrl(url)
                    .apiKey(KEY)
                    .addInterceptor(own -> AnthropicHttpClient.over(client))
                    .maxRetries(retries)
                    .build();
            MessageCreateParams hello = MessageCreateParams.builder()
                    .model("test")
                    .maxTokens(10)
                    .addUserMessage("hello")
                    .build();
            return new Session() {
                @Override
                public String ask() {
                    return ai.messages().create(hello).content().get(0).asText().text();
                }

                @Override
                public String stream() {
                    try (var events = ai.messages().createStreaming(hello)) {
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
                    return all.get(20, TimeUnit.SECONDS);
                }

                @Override
                public void close() {}
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
            return new ByHand() {
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
            return new ByHand() {
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

    /** Libraries that know no model: the words are read out of what comes. */
    private abstract static class ByHand implements Session {
        private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");

        abstract InputStream send(String body) throws IOException;

        @Override
        public String ask() throws IOException {
            return words("{\"model\":\"test\"}");
        }

        @Override
        public String stream() throws IOException {
            return words("{\"model\":\"test\",\"stream\":true}");
        }

        private String words(String body) throws IOException {
            try (InputStream answer = send(body)) {
                String text = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
                return CONTENT.matcher(text)
                        .results()
                        .map(found -> found.group(1))
                        .collect(Collectors.joining(" "));
            }
        }

        @Override
        public void close() {}
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

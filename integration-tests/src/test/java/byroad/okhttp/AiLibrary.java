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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;

/** The libraries that people call models with, each over a client with Byroad installed. */
enum AiLibrary {
    OPENAI_JAVA {
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
    ANTHROPIC_JAVA {
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
    LANGCHAIN4J {
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
    };

    static final String KEY = "sk-secret";

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

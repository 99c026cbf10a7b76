package byroad.ai;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * LangChain4j's models over an OkHttp client of yours.
 *
 * <pre>{@code
 * OpenAiChatModel model = OpenAiChatModel.builder()
 *     .httpClientBuilder(LangChain4jHttpClientBuilder.over(client))
 *     .baseUrl("https://api.example.ai/v1").apiKey(key).modelName("gpt-5")
 *     .maxRetries(0)                       // one owner of retries
 *     .build();
 * }</pre>
 *
 * <p>It is given to each model by hand: where two of its kind are found on the class path LangChain4j refuses to choose. What is
 * not successful is an {@code HttpException}, what takes too long a {@code TimeoutException}, as with LangChain4j's own client.
 * Not safe for use by several threads; what it builds is.
 */
public final class LangChain4jHttpClientBuilder implements HttpClientBuilder {
    private final OkHttpClient client;
    private @Nullable Duration connectTimeout;
    private @Nullable Duration readTimeout;

    private LangChain4jHttpClientBuilder(OkHttpClient client) {
        this.client = client;
    }

    /** Calls through that client; its connections, dispatcher, interceptors and listeners are used. */
    public static LangChain4jHttpClientBuilder over(OkHttpClient client) {
        return new LangChain4jHttpClientBuilder(client);
    }

    @Override
    public @Nullable Duration connectTimeout() {
        return connectTimeout;
    }

    /** How long connecting may take. Defaults to the client's; the models set one of their own. */
    @Override
    public LangChain4jHttpClientBuilder connectTimeout(@Nullable Duration timeout) {
        this.connectTimeout = timeout;
        return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
        return readTimeout;
    }

    /** How long an answer may be silent. Defaults to the client's; the models set one of their own. */
    @Override
    public LangChain4jHttpClientBuilder readTimeout(@Nullable Duration timeout) {
        this.readTimeout = timeout;
        return this;
    }

    @Override
    public HttpClient build() {
        OkHttpClient.Builder limited = client.newBuilder();
        if (connectTimeout != null) {
            limited.connectTimeout(connectTimeout);
        }
        if (readTimeout != null) {
            limited.readTimeout(readTimeout);
        }
        return new LangChain4jHttpClient(limited.build());
    }
}

package byroad.ai;

import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilder;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

/**
 * Builds the transport for LangChain4j's models over your OkHttp client.
 *
 * <pre>{@code
 * OpenAiChatModel model = OpenAiChatModel.builder()
 *     .httpClientBuilder(LangChain4jHttpClientBuilder.over(client))
 *     .baseUrl("https://api.example.ai/v1").apiKey(key).modelName("gpt-5")
 *     .maxRetries(0)                       // only Byroad retries
 *     .build();
 * }</pre>
 *
 * <p>Set it on each model: if there are two transports on the class path, LangChain4j does not choose one. An error
 * response is an {@code HttpException}, a timeout is a {@code TimeoutException}, as with LangChain4j's own client. The
 * builder is not safe for use by several threads; the client is.
 */
public final class LangChain4jHttpClientBuilder implements HttpClientBuilder {
    private final OkHttpClient client;
    private @Nullable Duration connectTimeout;
    private @Nullable Duration readTimeout;

    private LangChain4jHttpClientBuilder(OkHttpClient client) {
        this.client = client;
    }

    /** A builder over that client, with its connections, dispatcher, interceptors and listeners. */
    public static LangChain4jHttpClientBuilder over(OkHttpClient client) {
        return new LangChain4jHttpClientBuilder(client);
    }

    @Override
    public @Nullable Duration connectTimeout() {
        return connectTimeout;
    }

    /** The connect timeout. Defaults to the client's; the models set their own. */
    @Override
    public LangChain4jHttpClientBuilder connectTimeout(@Nullable Duration timeout) {
        this.connectTimeout = timeout;
        return this;
    }

    @Override
    public @Nullable Duration readTimeout() {
        return readTimeout;
    }

    /** The read timeout. Defaults to the client's; the models set their own. */
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

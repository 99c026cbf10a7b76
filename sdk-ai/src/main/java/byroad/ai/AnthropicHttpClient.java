package byroad.ai;

import com.anthropic.core.RequestOptions;
import com.anthropic.core.Timeout;
import com.anthropic.core.http.Headers;
import com.anthropic.core.http.HttpClient;
import com.anthropic.core.http.HttpMethod;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpRequestBody;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.errors.AnthropicIoException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * A transport for Anthropic's Java SDK over your OkHttp client.
 *
 * <pre>{@code
 * AnthropicClient anthropic = AnthropicOkHttpClient.builder()
 *     .apiKey(key)
 *     .addInterceptor(own -> AnthropicHttpClient.over(client))
 *     .maxRetries(0)                       // only Byroad retries
 *     .build();
 * }</pre>
 *
 * <p>The timeouts of the SDK apply to each of its requests, in place of the client's: 10 minutes by default, 1 minute
 * to connect. Streams are not buffered. An exception of the transport is the cause of an {@code AnthropicIoException},
 * as with the SDK's own client. Closing the SDK's client leaves the OkHttp client as it is. Safe for use by any thread.
 */
public final class AnthropicHttpClient implements HttpClient {
    private final OkHttpClient client;

    private AnthropicHttpClient(OkHttpClient client) {
        this.client = client;
    }

    /** A transport over that client, with its connections, dispatcher, interceptors and listeners. */
    public static AnthropicHttpClient over(OkHttpClient client) {
        return new AnthropicHttpClient(client);
    }

    @Override
    public HttpResponse execute(HttpRequest request, RequestOptions options) {
        try {
            return new Answer(call(request, options).execute());
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
        CompletableFuture<HttpResponse> future = new CompletableFuture<>();
        Call call = call(request, options);
        call.enqueue(new Callback() {
            @Override
            public void onResponse(Call call, Response response) {
                if (!future.complete(new Answer(response))) {
                    response.close(); // the call was cancelled
                }
            }

            @Override
            public void onFailure(Call call, IOException why) {
                future.completeExceptionally(failed(why));
            }
        });
        future.whenComplete((answer, why) -> {
            if (future.isCancelled()) {
                call.cancel();
            }
        });
        return future;
    }

    private static AnthropicIoException failed(IOException why) {
        return new AnthropicIoException("Request failed", why);
    }

    private Call call(HttpRequest request, RequestOptions options) {
        OkHttpClient.Builder limited = client.newBuilder();
        options.timeout().ifPresent(timeout -> limit(limited, timeout));
        options.followRedirects()
                .ifPresent(follow -> limited.followRedirects(follow).followSslRedirects(follow));
        Request.Builder sent = new Request.Builder().url(request.url());
        for (String name : request.headers().names()) {
            request.headers().values(name).forEach(value -> sent.addHeader(name, value));
        }
        RequestBody body = request.body().map(AnthropicHttpClient::bodyOf).orElse(null);
        sent.method(request.method().name(), body != null ? body : emptyBody(request.method()));
        return limited.build().newCall(sent.build());
    }

    private static void limit(OkHttpClient.Builder client, Timeout timeout) {
        client.connectTimeout(timeout.connect())
                .readTimeout(timeout.read())
                .writeTimeout(timeout.write())
                .callTimeout(timeout.request());
    }

    /** OkHttp requires a body for methods that usually have one. */
    private static @Nullable RequestBody emptyBody(HttpMethod method) {
        boolean expectsOne = method == HttpMethod.POST || method == HttpMethod.PUT || method == HttpMethod.PATCH;
        return expectsOne ? RequestBody.create(new byte[0], null) : null;
    }

    private static RequestBody bodyOf(HttpRequestBody body) {
        String type = body.contentType();
        return new RequestBody() {
            @Override
            public @Nullable MediaType contentType() {
                return type == null ? null : MediaType.get(type);
            }

            @Override
            public long contentLength() {
                return body.contentLength();
            }

            @Override
            public boolean isOneShot() {
                return !body.repeatable();
            }

            @Override
            public void writeTo(BufferedSink sink) {
                body.writeTo(sink.outputStream());
            }
        };
    }

    /** Does nothing: the OkHttp client belongs to the application. */
    @Override
    public void close() {}

    private static final class Answer implements HttpResponse {
        private final Response response;

        Answer(Response response) {
            this.response = response;
        }

        @Override
        public int statusCode() {
            return response.code();
        }

        @Override
        public Headers headers() {
            Headers.Builder headers = Headers.builder();
            response.headers().forEach(header -> headers.put(header.getFirst(), header.getSecond()));
            return headers.build();
        }

        @Override
        public InputStream body() {
            return response.body().byteStream();
        }

        @Override
        public void close() {
            response.close();
        }
    }
}

package byroad.ai;

import static dev.langchain4j.http.client.sse.ServerSentEventListenerUtils.ignoringExceptions;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.http.client.FormDataFile;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventContext;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import dev.langchain4j.http.client.sse.ServerSentEventParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A transport for LangChain4j over OkHttp. Streams are read on the threads of the client's dispatcher. */
final class LangChain4jHttpClient implements HttpClient {
    private final OkHttpClient client;

    LangChain4jHttpClient(OkHttpClient client) {
        this.client = client;
    }

    @Override
    public SuccessfulHttpResponse execute(HttpRequest request) {
        try (Response response = client.newCall(requestOf(request)).execute()) {
            requireSuccess(response);
            return headOf(response).body(response.body().bytes()).build();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public void execute(HttpRequest request, ServerSentEventParser parser, ServerSentEventListener listener) {
        client.newCall(requestOf(request)).enqueue(new Callback() {
            @Override
            public void onResponse(Call call, Response response) {
                try (response) {
                    requireSuccess(response);
                    ignoringExceptions(() -> listener.onOpen(headOf(response).build()));
                    EndedOnce once = new EndedOnce(listener);
                    InputStream events = response.body().byteStream();
                    parser.parse(events, once);
                    once.onClose();
                } catch (IOException e) {
                    ignoringExceptions(() -> listener.onError(failed(e)));
                } catch (RuntimeException e) {
                    ignoringExceptions(() -> listener.onError(e));
                }
            }

            @Override
            public void onFailure(Call call, IOException why) {
                ignoringExceptions(() -> listener.onError(failed(why)));
            }
        });
    }

    private static void requireSuccess(Response response) throws IOException {
        if (!response.isSuccessful()) {
            throw new HttpException(response.code(), response.body().string());
        }
    }

    /** The same exceptions as LangChain4j's own client: its retries and its users distinguish them. */
    private static RuntimeException failed(IOException why) {
        return why instanceof InterruptedIOException ? new TimeoutException(why) : new UncheckedIOException(why);
    }

    private static SuccessfulHttpResponse.Builder headOf(Response response) {
        return SuccessfulHttpResponse.builder()
                .statusCode(response.code())
                .headers(response.headers().toMultimap());
    }

    private static Request requestOf(HttpRequest request) {
        Request.Builder sent = new Request.Builder().url(request.url());
        request.headers().forEach((name, values) -> values.forEach(value -> sent.addHeader(name, value)));
        return sent.method(request.method().name(), bodyOf(request)).build();
    }

    private static @Nullable RequestBody bodyOf(HttpRequest request) {
        if (!request.formDataFields().isEmpty() || !request.formDataFiles().isEmpty()) {
            return formOf(request);
        }
        String text = request.body();
        if (text != null) {
            return RequestBody.create(text.getBytes(StandardCharsets.UTF_8), null);
        }
        return request.method().name().equals("POST") ? RequestBody.create(new byte[0], null) : null;
    }

    private static RequestBody formOf(HttpRequest request) {
        MultipartBody.Builder form = new MultipartBody.Builder().setType(MultipartBody.FORM);
        request.formDataFields().forEach(form::addFormDataPart);
        for (Map.Entry<String, FormDataFile> part : request.formDataFiles().entrySet()) {
            FormDataFile file = part.getValue();
            MediaType type = file.contentType() == null ? null : MediaType.get(file.contentType());
            form.addFormDataPart(part.getKey(), file.fileName(), RequestBody.create(file.content(), type));
        }
        return form.build();
    }

    /** Passes the end of a stream to the listener only once: after an error the parser returns normally. */
    private static final class EndedOnce implements ServerSentEventListener {
        private final ServerSentEventListener listener;
        private boolean ended;

        EndedOnce(ServerSentEventListener listener) {
            this.listener = listener;
        }

        @Override
        public void onEvent(ServerSentEvent event, ServerSentEventContext context) {
            listener.onEvent(event, context);
        }

        @Override
        public void onEvent(ServerSentEvent event) {
            listener.onEvent(event);
        }

        @Override
        public void onError(Throwable why) {
            ended = true;
            Throwable told = why instanceof IOException io ? failed(io) : why;
            ignoringExceptions(() -> listener.onError(told));
        }

        @Override
        public void onClose() {
            if (!ended) {
                ignoringExceptions(listener::onClose);
            }
        }
    }
}

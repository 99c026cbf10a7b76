package byroad.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.TimeoutException;
import dev.langchain4j.http.client.HttpClient;
import dev.langchain4j.http.client.HttpClientBuilderFactory;
import dev.langchain4j.http.client.HttpMethod;
import dev.langchain4j.http.client.HttpRequest;
import dev.langchain4j.http.client.SuccessfulHttpResponse;
import dev.langchain4j.http.client.sse.DefaultServerSentEventParser;
import dev.langchain4j.http.client.sse.ServerSentEvent;
import dev.langchain4j.http.client.sse.ServerSentEventListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ServiceLoader;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** LangChain4j's transport over {@link LangChain4jHttpClientBuilder}. */
class LangChain4jHttpClientTest {
    private Service service;

    @BeforeEach
    void open() throws IOException {
        service = new Service();
    }

    @AfterEach
    void close() {
        service.close();
    }

    private HttpClient client() {
        return LangChain4jHttpClientBuilder.over(service.client).build();
    }

    private HttpRequest hello() {
        return HttpRequest.builder()
                .method(HttpMethod.POST)
                .url(service.url("/v1/chat/completions"))
                .addHeader("Authorization", "Bearer sk-secret")
                .addHeader("Content-Type", "application/json")
                .body("{\"say\": \"h\u00e4llo\"}")
                .build();
    }

    @Test
    void aRequestGoesOutAsItWasMadeAndItsAnswerComesBack() throws Exception {
        service.answers(200, "application/json", "{\"text\": \"gr\u00fcezi\"}");

        SuccessfulHttpResponse answer = client().execute(hello());

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"text\": \"gr\u00fcezi\"}");
        assertThat(answer.headers().get("content-type")).containsExactly("application/json");
        RecordedRequest sent = service.server.takeRequest();
        assertThat(sent.getVersion()).isEqualTo("HTTP/2");
        assertThat(sent.getHeaders().values("Authorization")).containsExactly("Bearer sk-secret");
        assertThat(sent.getHeaders().values("Content-Type")).containsExactly("application/json");
        assertThat(sent.getBody().utf8()).isEqualTo("{\"say\": \"h\u00e4llo\"}");
    }

    @Test
    void aFormGoesOutInItsParts() throws Exception {
        service.answers(200, "application/json", "{}");

        client().execute(HttpRequest.builder()
                .method(HttpMethod.POST)
                .url(service.url("/v1/audio/transcriptions"))
                .addFormDataField("model", "whisper")
                .addFormDataFile("file", "a.wav", "audio/wav", new byte[] {1, 2})
                .build());

        RecordedRequest sent = service.server.takeRequest();
        assertThat(sent.getHeaders().get("Content-Type")).startsWith("multipart/form-data; boundary=");
        assertThat(sent.getBody().utf8()).contains("name=\"model\"", "whisper", "filename=\"a.wav\"", "audio/wav");
    }

    @Test
    void whatIsNotSuccessfulIsAnHttpException() {
        service.answers(503, "text/plain", "later");

        assertThatThrownBy(() -> client().execute(hello())).isInstanceOfSatisfying(HttpException.class, e -> {
            assertThat(e.statusCode()).isEqualTo(503);
            assertThat(e).hasMessage("later");
        });
    }

    @Test
    void whatTakesTooLongIsATimeoutException() {
        service.server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        HttpClient hasty = LangChain4jHttpClientBuilder.over(service.client)
                .readTimeout(Duration.ofMillis(200))
                .build();

        assertThatThrownBy(() -> hasty.execute(hello()))
                .isInstanceOf(TimeoutException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void whatBreaksKeepsItsCause() {
        service.server.enqueue(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseStream())
                .build());

        assertThatThrownBy(() -> client().execute(hello())).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aStreamIsPassedOnAsItComes() throws Exception {
        service.streams("data: one\n\n", "event: last\ndata: two\n\n");
        Heard heard = new Heard();

        client().execute(hello(), new DefaultServerSentEventParser(), heard);

        assertThat(heard.next()).isEqualTo("open 200");
        assertThat(heard.next()).isEqualTo("null one");
        service.letTheRestPass(); // after the first was heard, not before
        assertThat(heard.next()).isEqualTo("last two");
        assertThat(heard.next()).isEqualTo("close");
    }

    @Test
    void aStreamThatIsRefusedIsAnHttpExceptionToItsListener() throws Exception {
        service.answers(529, "application/json", "{}");
        Heard heard = new Heard();

        client().execute(hello(), new DefaultServerSentEventParser(), heard);

        assertThat(heard.next()).isEqualTo("error HttpException");
    }

    @Test
    void aStreamThatDiesIsAnErrorAndDoesNotClose() throws Exception {
        service.server.enqueue(new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body("data: one\n\n".repeat(20_000))
                .onResponseBody(new SocketEffect.CloseStream())
                .build());
        Heard heard = new Heard();

        client().execute(hello(), new DefaultServerSentEventParser(), heard);

        assertThat(heard.next()).isEqualTo("open 200");
        String last = heard.next();
        while ("null one".equals(last)) {
            last = heard.next();
        }
        assertThat(last).startsWith("error ");
        assertThat(heard.lines.poll(200, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aStreamThatIsSilentTooLongIsATimeoutException() throws Exception {
        service.streams("data: one\n\n", "data: too late\n\n");
        HttpClient hasty = LangChain4jHttpClientBuilder.over(service.client)
                .readTimeout(Duration.ofMillis(300))
                .build();
        Heard heard = new Heard();

        hasty.execute(hello(), new DefaultServerSentEventParser(), heard);

        assertThat(heard.next()).isEqualTo("open 200");
        assertThat(heard.next()).isEqualTo("null one");
        assertThat(heard.next()).isEqualTo("error TimeoutException");
    }

    @Test
    void noFactoryIsRegistered() {
        assertThat(ServiceLoader.load(HttpClientBuilderFactory.class)).isEmpty();
    }

    /** What a listener was told, in order. */
    private static final class Heard implements ServerSentEventListener {
        final BlockingQueue<String> lines = new LinkedBlockingQueue<>();

        @Nullable
        String next() throws InterruptedException {
            return lines.poll(20, TimeUnit.SECONDS);
        }

        @Override
        public void onOpen(SuccessfulHttpResponse response) {
            lines.add("open " + response.statusCode());
        }

        @Override
        public void onEvent(ServerSentEvent event) {
            lines.add(event.event() + " " + event.data());
        }

        @Override
        public void onError(Throwable why) {
            lines.add("error " + why.getClass().getSimpleName());
        }

        @Override
        public void onClose() {
            lines.add("close");
        }
    }
}

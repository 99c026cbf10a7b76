package byroad.ai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.AnthropicClientImpl;
import com.anthropic.core.ClientOptions;
import com.anthropic.core.RequestOptions;
import com.anthropic.core.Timeout;
import com.anthropic.core.http.HttpMethod;
import com.anthropic.core.http.HttpRequest;
import com.anthropic.core.http.HttpRequestBody;
import com.anthropic.core.http.HttpResponse;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.errors.AnthropicIoException;
import com.anthropic.errors.InternalServerException;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;
import mockwebserver3.SocketEffect;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** anthropic-java over {@link AnthropicHttpClient}. */
class AnthropicHttpClientTest {
    private static final MessageCreateParams HELLO = MessageCreateParams.builder()
            .model("claude-test")
            .maxTokens(16)
            .addUserMessage("hello")
            .build();

    private static final String MESSAGE = """
            {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-test",
             "content": [{"type": "text", "text": "hi", "citations": null}], "stop_reason": "end_turn",
             "stop_sequence": null, "usage": {"input_tokens": 1, "output_tokens": 1}}""";

    private Service service;

    @BeforeEach
    void open() throws IOException {
        service = new Service();
    }

    @AfterEach
    void close() {
        service.close();
    }

    private AnthropicClient over(OkHttpClient client) {
        return new AnthropicClientImpl(ClientOptions.builder()
                .httpClient(AnthropicHttpClient.over(client))
                .baseUrl(service.url(""))
                .putHeader("x-api-key", "sk-ant-secret")
                .maxRetries(0)
                .build());
    }

    private static String text(Message message) {
        return message.content().get(0).asText().text();
    }

    @Test
    void aMessageGoesOutAsTheSdkMadeItAndComesBack() throws Exception {
        service.answers(200, "application/json", MESSAGE);

        assertThat(text(over(service.client).messages().create(HELLO))).isEqualTo("hi");

        RecordedRequest sent = service.server.takeRequest();
        assertThat(sent.getVersion()).isEqualTo("HTTP/2");
        assertThat(sent.getUrl().encodedPath()).isEqualTo("/v1/messages");
        assertThat(sent.getHeaders().values("x-api-key")).containsExactly("sk-ant-secret");
        assertThat(sent.getHeaders().get("anthropic-version")).isNotEmpty();
        assertThat(sent.getHeaders().values("Content-Type")).containsExactly("application/json");
        assertThat(sent.getBody().utf8()).contains("\"hello\"");
    }

    @Test
    void anAsynchronousCompletionComesFromTheOtherOperator() throws Exception {
        service.answers(200, "application/json", MESSAGE);

        assertThat(text(over(service.client).async().messages().create(HELLO).get(20, TimeUnit.SECONDS)))
                .isEqualTo("hi");
    }

    @Test
    void anErrorStatusIsTheSdksOwnException() {
        service.answers(500, "application/json", "{\"type\": \"error\"}");

        assertThatThrownBy(() -> over(service.client).messages().create(HELLO))
                .isInstanceOf(InternalServerException.class);
    }

    @Test
    void aStreamIsReadAsItComes() {
        service.streams("""
                event: ping
                data: {"type": "ping"}

                event: content_block_stop
                data: {"type": "content_block_stop", "index": 0}

                """, "event: message_stop\ndata: {\"type\": \"message_stop\"}\n\n");

        try (StreamResponse<RawMessageStreamEvent> stream =
                over(service.client).messages().createStreaming(HELLO)) {
            Iterator<RawMessageStreamEvent> events = stream.stream().iterator();
            assertThat(events.next().isContentBlockStop()).isTrue();
            service.letTheRestPass(); // after the first was read, not before
            assertThat(events.next().isMessageStop()).isTrue();
            assertThat(events.hasNext()).isFalse();
        }
    }

    @Test
    void theSdksTimeoutsTakeThePlaceOfTheClients() {
        List<Duration> seen = new CopyOnWriteArrayList<>();
        OkHttpClient hasty = service.client
                .newBuilder()
                .readTimeout(Duration.ofMillis(1))
                .addInterceptor(chain -> {
                    seen.add(Duration.ofMillis(chain.connectTimeoutMillis()));
                    seen.add(Duration.ofMillis(chain.readTimeoutMillis()));
                    seen.add(Duration.ofNanos(chain.call().timeout().timeoutNanos()));
                    return chain.proceed(chain.request());
                })
                .build();
        service.answers(200, "application/json", MESSAGE);
        service.answers(200, "application/json", MESSAGE);
        AnthropicClient anthropic = over(hasty);

        anthropic.messages().create(HELLO);
        anthropic
                .messages()
                .create(
                        HELLO,
                        RequestOptions.builder()
                                .timeout(Timeout.builder()
                                        .connect(Duration.ofSeconds(7))
                                        .read(Duration.ofSeconds(8))
                                        .request(Duration.ofSeconds(9))
                                        .build())
                                .build());

        assertThat(seen)
                .containsExactly(
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(10),
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(7),
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(9));
    }

    @Test
    void aTimeoutIsTheCauseOfTheSdksException() {
        service.server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());
        RequestOptions short_ = RequestOptions.builder()
                .timeout(Timeout.builder().read(Duration.ofMillis(200)).build())
                .build();

        assertThatThrownBy(() -> over(service.client).messages().create(HELLO, short_))
                .isInstanceOf(AnthropicIoException.class)
                .hasCauseInstanceOf(SocketTimeoutException.class);
    }

    @Test
    void aFailureOfACallThatIsNotWaitedForIsTheSdksExceptionToo() {
        service.server.enqueue(new MockResponse.Builder()
                .onResponseStart(new SocketEffect.CloseStream())
                .build());

        assertThatThrownBy(() ->
                        over(service.client).async().messages().create(HELLO).get(20, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOf(AnthropicIoException.class)
                .hasCauseInstanceOf(IOException.class);
    }

    @Test
    void whoNoLongerWaitsCancelsTheCall() throws Exception {
        CountDownLatch sent = new CountDownLatch(1);
        CountDownLatch cancelled = new CountDownLatch(1);
        OkHttpClient watched = service.client
                .newBuilder()
                .eventListener(new EventListener() {
                    @Override
                    public void requestHeadersStart(Call call) {
                        sent.countDown();
                    }

                    @Override
                    public void canceled(Call call) {
                        cancelled.countDown();
                    }
                })
                .build();
        service.server.enqueue(new MockResponse.Builder()
                .onResponseStart(SocketEffect.Stall.INSTANCE)
                .build());

        CompletableFuture<HttpResponse> answer =
                AnthropicHttpClient.over(watched).executeAsync(post("{}", true), RequestOptions.none());
        Service.await(sent);
        answer.cancel(true);

        Service.await(cancelled);
    }

    @Test
    void aBodyThatCanBeWrittenOnceIsKnownAsSuch() {
        List<Boolean> oneShot = new CopyOnWriteArrayList<>();
        OkHttpClient watched = service.client
                .newBuilder()
                .addInterceptor(chain -> {
                    RequestBody body = chain.request().body();
                    oneShot.add(body != null && body.isOneShot());
                    return chain.proceed(chain.request());
                })
                .build();
        AnthropicHttpClient client = AnthropicHttpClient.over(watched);
        for (boolean repeatable : new boolean[] {true, false}) {
            service.answers(200, "application/json", "{}");
            client.execute(post("{}", repeatable), RequestOptions.none()).close();
        }

        assertThat(oneShot).containsExactly(false, true);
    }

    @Test
    void closingTheSdksClientLeavesOursOpen() throws Exception {
        service.answers(200, "application/json", MESSAGE);
        service.answers(200, "application/json", MESSAGE);
        AnthropicClient first = over(service.client);
        first.messages().create(HELLO);

        first.close();

        assertThat(text(over(service.client).async().messages().create(HELLO).get(20, TimeUnit.SECONDS)))
                .isEqualTo("hi");
        service.server.takeRequest();
        assertThat(service.server.takeRequest().getConnectionIndex()).isZero(); // on the same connection
    }

    private HttpRequest post(String body, boolean repeatable) {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        return HttpRequest.builder()
                .method(HttpMethod.POST)
                .baseUrl(service.url(""))
                .addPathSegment("upload")
                .body(new HttpRequestBody() {
                    @Override
                    public void writeTo(OutputStream out) {
                        try {
                            out.write(bytes);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }

                    @Override
                    public String contentType() {
                        return "application/json";
                    }

                    @Override
                    public long contentLength() {
                        return bytes.length;
                    }

                    @Override
                    public boolean repeatable() {
                        return repeatable;
                    }

                    @Override
                    public void close() {}
                })
                .build();
    }
}

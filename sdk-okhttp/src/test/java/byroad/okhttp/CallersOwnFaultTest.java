package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Event;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import okhttp3.Call;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the caller itself did is no fault of an endpoint. */
class CallersOwnFaultTest {
    @ParameterizedTest
    @EnumSource(Http.class)
    void aBodyThatCannotBeWrittenChargesNoEndpoint(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));
            RequestBody broken = new RequestBody() {
                @Override
                public MediaType contentType() {
                    return MediaType.get("text/plain");
                }

                @Override
                public void writeTo(BufferedSink sink) throws IOException {
                    sink.writeUtf8("half").flush();
                    throw new IOException("no such file");
                }
            };
            Call call = client.newCall(
                    new Request.Builder().url(servers.url("/")).post(broken).build());

            assertThatThrownBy(call::execute).hasMessage("no such file");

            assertThat(Byroad.reportOf(call).attempts())
                    .as("%s", Byroad.reportOf(call))
                    .hasSize(1)
                    .allSatisfy(attempt -> assertThat(attempt.fault()).isEmpty());
        }
    }

    /** The second time it cannot be read any more, which is the caller's own fault again. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aBodyThatIsCutOffByItsConnectionIsTheEndpointsFault(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.cutsBodies();
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));
            AtomicInteger written = new AtomicInteger();
            int chunks = 128;
            byte[] chunk = new byte[64 * 1024];
            RequestBody large = new RequestBody() {
                @Override
                public long contentLength() {
                    return (long) chunks * chunk.length;
                }

                @Override
                public MediaType contentType() {
                    return MediaType.get("text/plain");
                }

                @Override
                public void writeTo(BufferedSink sink) throws IOException {
                    if (written.getAndIncrement() > 0) {
                        throw new IOException("no such file");
                    }
                    for (int i = 0; i < chunks; i++) {
                        sink.write(chunk);
                    }
                }
            };
            Call call = client.newCall(
                    new Request.Builder().url(servers.url("/")).post(large).build());

            assertThatThrownBy(call::execute).hasMessage("no such file");

            assertThat(Byroad.reportOf(call).attempts())
                    .as("%s", Byroad.reportOf(call))
                    .extracting(attempt -> attempt.fault().isPresent())
                    .containsExactly(true, false);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aReaderWhoCancelsChargesNoEndpoint(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(new MockResponse.Builder()
                    .body("x".repeat(100))
                    .bodyDelay(1, TimeUnit.SECONDS)
                    .build());
            Call call = servers.with(servers.byroad(servers.assistant())).newCall(servers.get("/"));
            try (Response response = call.execute()) {
                call.cancel();
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
            }

            assertThat(Byroad.reportOf(call).notes()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aReaderThatIsInterruptedChargesNoEndpoint(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            List<Event> events = new CopyOnWriteArrayList<>();
            OkHttpClient client = servers.with(servers.closing(Byroad.builder()
                    .upstream(servers.assistant())
                    .onEvent(events::add)
                    .build()));
            servers.edge.answers(new MockResponse.Builder()
                    .body("x".repeat(100))
                    .bodyDelay(1, TimeUnit.SECONDS)
                    .build());
            try (Response response = client.newCall(servers.get("/")).execute()) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(InterruptedIOException.class);
            } finally {
                Thread.interrupted();
            }

            assertThat(events).noneMatch(event -> event instanceof Event.BodyFailed);
        }
    }
}

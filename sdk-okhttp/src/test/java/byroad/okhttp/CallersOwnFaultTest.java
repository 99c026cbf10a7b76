package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Event;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
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
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));
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
                    new Request.Builder().url(doors.url("/")).post(broken).build());

            assertThatThrownBy(call::execute).hasMessage("no such file");

            assertThat(Byroad.reportOf(call).attempts())
                    .as("%s", Byroad.reportOf(call))
                    .hasSize(1)
                    .allSatisfy(attempt -> assertThat(attempt.fault()).isEmpty());
        }
    }

    /** To the body that is the same: writing it throws. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aConnectionThatDiesUnderABodyIsNoFaultOfTheCaller(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));
            doors.edge.cutsBodies();
            RequestBody large = RequestBody.create(new byte[8 * 1024 * 1024]);

            Got got = Doors.got(
                    client,
                    new Request.Builder().url(doors.url("/")).post(large).build());

            assertThat(got.body()).as("%s", Byroad.reportOf(got.response())).isEqualTo("origin /");
            assertThat(Byroad.reportOf(got.response()).attempts().get(0).fault())
                    .isPresent();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void aReaderThatIsInterruptedChargesNoEndpoint(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            List<Event> events = new CopyOnWriteArrayList<>();
            OkHttpClient client = doors.with(doors.closing(Byroad.builder()
                    .upstream(doors.assistant())
                    .onEvent(events::add)
                    .build()));
            doors.edge.answers(new MockResponse.Builder()
                    .body("x".repeat(100))
                    .bodyDelay(1, TimeUnit.SECONDS)
                    .build());
            try (Response response = client.newCall(doors.get("/")).execute()) {
                Thread.currentThread().interrupt();
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(InterruptedIOException.class);
            } finally {
                Thread.interrupted();
            }

            assertThat(events).noneMatch(event -> event instanceof Event.BodyFailed);
        }
    }
}

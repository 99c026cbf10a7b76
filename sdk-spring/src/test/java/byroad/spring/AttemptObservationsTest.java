package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import byroad.Mode;
import byroad.okhttp.Byroad;
import io.micrometer.common.KeyValue;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.RequestReplySenderContext;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttemptObservationsTest {
    private final List<Observation.Context> ended = new CopyOnWriteArrayList<>();
    private final ObservationRegistry registry = ObservationRegistry.create();
    private Parties parties;
    private Byroad byroad;
    private OkHttpClient client;

    /** What a tracer does: writes the number of the span on the request, and hears of the end. */
    private final class Tracer implements ObservationHandler<RequestReplySenderContext<Request.Builder, Object>> {
        private int started;

        @Override
        public void onStart(RequestReplySenderContext<Request.Builder, Object> context) {
            started++;
            context.getSetter().set(context.getCarrier(), "traceparent", "span-" + started);
        }

        @Override
        public void onStop(RequestReplySenderContext<Request.Builder, Object> context) {
            ended.add(context);
        }

        @Override
        public boolean supportsContext(Observation.Context context) {
            return context instanceof RequestReplySenderContext;
        }
    }

    @BeforeEach
    void open() throws IOException {
        registry.observationConfig().observationHandler(new Tracer());
        parties = Parties.open();
        byroad = Byroad.builder().upstream(parties.assistant()).build();
        client = new AttemptObservations(byroad, registry)
                .installOn(parties.clientBuilder(byroad))
                .build();
    }

    @AfterEach
    void close() {
        byroad.close();
        client.connectionPool().evictAll();
        parties.close();
    }

    private static Map<String, String> keysOf(Observation.Context context) {
        return context.getAllKeyValues().stream().collect(Collectors.toMap(KeyValue::getKey, KeyValue::getValue));
    }

    @Test
    void eachAttemptHasASpanOfItsOwn() throws Exception {
        parties.edge.breaks();
        assertThat(parties.get(client, "/v1?key=secret")).isEqualTo("origin");

        assertThat(ended).hasSize(2);
        assertThat(keysOf(ended.get(0)))
                .containsEntry("http.request.method", "GET")
                .containsEntry("byroad.upstream", "assistant")
                .containsEntry("byroad.endpoint", "edge")
                .containsEntry("http.response.status_code", "500")
                .containsEntry("error.type", "500")
                .containsEntry("url.full", parties.url("/v1"))
                .containsEntry("server.address", Parties.HOST)
                .doesNotContainKey("http.request.resend_count");
        assertThat(keysOf(ended.get(1)))
                .containsEntry("byroad.endpoint", "origin")
                .containsEntry("http.response.status_code", "200")
                .containsEntry("error.type", "none")
                .containsEntry("http.request.resend_count", "1");
        assertThat(ended.toString()).doesNotContain("secret").doesNotContain(Parties.ORIGIN_IP);
    }

    @Test
    void eachRequestCarriesItsOwnSpan() throws Exception {
        parties.edge.breaks();
        parties.get(client, "/");
        assertThat(parties.edge.requests.get(0).getHeaders().get("traceparent")).isEqualTo("span-1");
        assertThat(parties.origin.requests.get(0).getHeaders().get("traceparent"))
                .isEqualTo("span-2");
    }

    @Test
    void aFailureIsNamed() {
        Throwable thrown = catchThrowable(() -> client.newCall(new Request.Builder()
                        .url("https://nowhere.example.test/")
                        .build())
                .execute());
        assertThat(thrown).isInstanceOf(IOException.class);
        assertThat(keysOf(ended.get(0)))
                .containsEntry("error.type", "UnknownHostException")
                .containsEntry("byroad.upstream", "undeclared")
                .containsEntry("http.response.status_code", "none");
        assertThat(ended.get(0).getError()).isNotNull();
    }

    @Test
    void switchedOffItObservesNothing() throws Exception {
        byroad.mode(Mode.OFF);
        assertThat(parties.get(client, "/")).isEqualTo("edge");
        assertThat(ended).isEmpty();
    }
}

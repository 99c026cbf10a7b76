package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import byroad.AttemptReport;
import byroad.CallReport;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Mode;
import byroad.Provenance;
import byroad.Refusal;
import byroad.okhttp.Byroad;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ByroadMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Parties parties;
    private Byroad byroad;
    private OkHttpClient client;

    @BeforeEach
    void open() throws IOException {
        parties = Parties.open();
        byroad = Byroad.builder().upstream(parties.assistant()).build();
        new ByroadMetrics(byroad).bindTo(registry);
        client = parties.client(byroad);
    }

    @AfterEach
    void close() {
        byroad.close();
        client.connectionPool().evictAll();
        parties.close();
    }

    private double count(ByroadMeter meter, String... tags) {
        return meter.kind == ByroadMeter.Kind.TIMER
                ? registry.get(meter.id).tags(meter.tagged(tags)).timer().count()
                : registry.get(meter.id).tags(meter.tagged(tags)).counter().count();
    }

    private double value(ByroadMeter meter, String... tags) {
        return registry.get(meter.id).tags(meter.tagged(tags)).gauge().value();
    }

    @Test
    void aFailoverIsTwoAttemptsOfOneCall() throws Exception {
        parties.edge.breaks();
        assertThat(parties.get(client, "/")).isEqualTo("origin");

        assertThat(count(ByroadMeter.CALLS, "assistant", "success")).isEqualTo(1);
        assertThat(count(ByroadMeter.ATTEMPTS, "assistant", "edge", "first", "server-error", "edge"))
                .isEqualTo(1);
        assertThat(count(ByroadMeter.ATTEMPTS, "assistant", "origin", "failover", "success", "none"))
                .isEqualTo(1);
        assertThat(count(ByroadMeter.FAILOVERS, "assistant", "edge", "origin", "edge"))
                .isEqualTo(1);
        assertThat(count(ByroadMeter.LOOKUPS, "assistant", "fresh")).isEqualTo(2);
    }

    @Test
    void whatIsNotDoneIsCountedByReason() throws Exception {
        byroad.avoid("endpoint/assistant/origin", Duration.ofHours(1), "test");
        parties.edge.breaks();
        client.newCall(new Request.Builder()
                        .url(parties.url("/"))
                        .post(RequestBody.create(new byte[0]))
                        .build())
                .execute()
                .close();
        assertThat(parties.get(client, "/")).contains("Internal server error");

        assertThat(count(ByroadMeter.REFUSALS, "assistant", "not-repeatable")).isEqualTo(1);
        assertThat(count(ByroadMeter.REFUSALS, "assistant", "avoided")).isEqualTo(1);
        assertThat(count(ByroadMeter.REFUSALS, "assistant", "attempts")).isEqualTo(1);
        assertThat(count(ByroadMeter.ATTEMPTS, "assistant", "edge", "repeat", "server-error", "edge"))
                .isEqualTo(2);
        assertThat(value(ByroadMeter.AVOIDANCES, "operator")).isEqualTo(1);
    }

    @Test
    void gaugesTellTheStateOfNow() {
        assertThat(value(ByroadMeter.CIRCUIT, "assistant", "edge", "closed")).isEqualTo(1);
        assertThat(value(ByroadMeter.CIRCUIT, "assistant", "edge", "open")).isZero();
        assertThat(value(ByroadMeter.BUDGET, "assistant")).isEqualTo(490);
        assertThat(value(ByroadMeter.BUDGET_CAPACITY, "assistant")).isEqualTo(490);
        assertThat(value(ByroadMeter.LIMIT_CALLS, "assistant", "origin")).isZero();
        assertThat(value(ByroadMeter.LIMIT_ALLOWED, "assistant", "origin")).isPositive();
        assertThat(value(ByroadMeter.MODE, "act")).isEqualTo(1);
        byroad.mode(Mode.WATCH);
        assertThat(value(ByroadMeter.MODE, "act")).isZero();
        assertThat(value(ByroadMeter.MODE, "watch")).isEqualTo(1);
    }

    @Test
    void hostsThatNobodyDeclaredShareOneName() throws Exception {
        for (int i = 0; i < 5; i++) {
            String url = "https://user-" + i + ".example.test/";
            Throwable unknown = catchThrowable(
                    () -> client.newCall(new Request.Builder().url(url).build()).execute());
            assertThat(unknown).isInstanceOf(IOException.class);
        }
        assertThat(count(ByroadMeter.CALLS, CallMeters.UNDECLARED, "failure")).isEqualTo(5);
        assertThat(registry.getMeters().toString()).doesNotContain("user-");
    }

    @Test
    void aMeterThatFailsFailsNoCall() throws Exception {
        AtomicReference<Throwable> uncaught = new AtomicReference<>();
        Thread.currentThread().setUncaughtExceptionHandler((thread, thrown) -> uncaught.set(thrown));
        registry.config().meterFilter(MeterFilter.deny(id -> {
            throw new IllegalStateException("no room for " + id.getName());
        }));
        try {
            assertThat(parties.get(client, "/")).isEqualTo("edge");
        } finally {
            Thread.currentThread().setUncaughtExceptionHandler(null);
        }
        assertThat(uncaught.get()).hasMessageStartingWith("no room for byroad.");
    }

    /** A row of the table: name, type, unit, tags. */
    record Row(String name, String type, String unit, List<String> tags) {
        static Row of(String line) {
            String[] cells = line.split("\\|", -1);
            String tags = cells[4].replace("`", "").trim();
            return new Row(
                    cells[1].replace("`", "").trim(),
                    cells[2].trim(),
                    cells[3].trim(),
                    tags.equals("-") ? List.of() : List.of(tags.split(", ", -1)));
        }

        static Row of(ByroadMeter meter) {
            return new Row(
                    meter.id,
                    meter.kind.name().toLowerCase(Locale.ROOT),
                    meter.unit.isEmpty() ? "-" : meter.unit,
                    meter.tags());
        }

        static Row of(Meter meter) {
            String unit = meter.getId().getBaseUnit();
            return new Row(
                    meter.getId().getName(),
                    meter.getId().getType().name().toLowerCase(Locale.ROOT),
                    unit == null ? "-" : unit,
                    meter.getId().getTags().stream().map(Tag::getKey).sorted().toList());
        }

        Row sorted() {
            return new Row(name, type, unit, tags.stream().sorted().toList());
        }
    }

    private static List<Row> documented() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "metrics.md")).stream()
                .takeWhile(line -> !line.equals("## Observations"))
                .filter(line -> line.startsWith("| `byroad."))
                .map(Row::of)
                .toList();
    }

    @Test
    void theDocumentedTableIsWhatIsRegistered() throws Exception {
        byroad.avoid("endpoint/assistant/origin", Duration.ofHours(1), "test");
        parties.edge.breaks();
        parties.get(client, "/");
        byroad.restore("endpoint/assistant/origin");
        parties.get(client, "/");
        // What takes an outage of minutes: told as the client tells it.
        CallMeters counted = new CallMeters(Set.of("assistant"), registry);
        counted.count(new Event.BodyFailed("assistant", "edge", "cut"));
        FailureDomain cloudflare = FailureDomain.of("cloudflare");
        counted.count(new Event.TrafficShifted("assistant", cloudflare, 50, Duration.ofSeconds(1)));
        counted.count(new Event.TrafficReturned("assistant", cloudflare, Duration.ofSeconds(2)));
        counted.count(new CallReport(
                "assistant",
                "GET /",
                "200",
                Duration.ZERO,
                List.of(new AttemptReport(
                        "edge",
                        "through cloudflare",
                        Duration.ZERO,
                        Duration.ZERO,
                        "200",
                        Optional.empty(),
                        Optional.of(
                                new Provenance(Provenance.Source.RETAINED, "quad9", Duration.ofSeconds(9), "denied")))),
                List.of(),
                Set.of()));

        List<Row> documented = documented();
        assertThat(documented)
                .isEqualTo(Arrays.stream(ByroadMeter.values()).map(Row::of).toList());
        assertThat(registry.getMeters().stream().map(Row::of).collect(Collectors.toSet()))
                .isEqualTo(documented.stream().map(Row::sorted).collect(Collectors.toSet()));
    }

    @Test
    void reasonsAreDocumented() throws Exception {
        String guide = Files.readString(Path.of("..", "docs", "metrics.md"));
        for (Refusal reason : Refusal.values()) {
            assertThat(guide).contains("`" + CallMeters.reasonOf(reason) + "`");
        }
    }
}

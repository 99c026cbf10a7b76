package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Breakage;
import byroad.CallReport;
import byroad.Endpoint;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Mode;
import byroad.Seams;
import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How much is done of what is decided, and what a drill breaks. */
class ModeTest {
    @ParameterizedTest
    @EnumSource(Http.class)
    void watchingChangesNothingAndReports(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            Byroad byroad = doors.byroad(doors.assistant());
            byroad.mode(Mode.WATCH);

            Got got = got(doors.with(byroad), doors.get("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(got.body()).contains("Internal server error");
            assertThat(doors.edge.count()).isEqualTo(1);
            assertThat(doors.origin.count()).isZero();
            CallReport report = Byroad.reportOf(got.response());
            assertThat(report.attempts()).hasSize(1);
            assertThat(report.notes()).containsExactly("watching only: would have gone on to origin");
        }
    }

    @Test
    void offIsOkHttp() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(Door.edgePage(500));
            Byroad byroad = doors.byroad(doors.assistant());
            byroad.mode(Mode.OFF);

            Got got = got(doors.with(byroad), doors.get("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(Byroad.reportOf(got.response())).isSameAs(CallReport.NONE);
        }
    }

    @Test
    void itSwitchesWhileRunning() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(Door.edgePage(500));
            Byroad byroad = doors.byroad(doors.assistant());
            OkHttpClient client = doors.with(byroad);

            assertThat(got(client, doors.get("/")).code()).isEqualTo(200);
            byroad.mode(Mode.OFF);
            assertThat(got(client, doors.get("/")).code()).isEqualTo(500);
            byroad.mode(Mode.WATCH);
            assertThat(got(client, doors.get("/")).code()).isEqualTo(500);
            byroad.mode(Mode.ACT);
            assertThat(got(client, doors.get("/")).code()).isEqualTo(200);
            byroad.close();
            assertThat(got(client, doors.get("/")).code()).isEqualTo(500);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void installedTwiceItActsOnce(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            Byroad byroad = doors.byroad(doors.assistant());
            OkHttpClient client = doors.built(byroad.installOn(byroad.installOn(doors.client())));

            for (int i = 0; i < 2; i++) {
                Got got = got(client, doors.get("/"));
                assertThat(got.body()).isEqualTo("origin /");
                assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(2);
            }
            assertThat(doors.edge.count()).isEqualTo(2);
            assertThat(doors.origin.count()).isEqualTo(2);
        }
    }

    private static final class Drill implements Breakage {
        final AtomicReference<Symptom> symptom = new AtomicReference<>(Symptom.NONE);
        final AtomicReference<String> name = new AtomicReference<>("");

        @Override
        public Symptom ofName(String host) {
            return host.equals(name.get()) ? Symptom.EMPTY : Symptom.NONE;
        }

        @Override
        public Symptom ofEndpoint(Collection<FailureDomain> dependsOn) {
            return FailureDomain.of("cloudflare").coversAny(dependsOn)
                    ? java.util.Objects.requireNonNull(symptom.get())
                    : Symptom.NONE;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Breakage.Symptom.class,
            names = {"FAILS", "REFUSES", "SILENT"})
    void aDrillBreaksTheEdgeAndTheOriginStandsIn(Breakage.Symptom symptom) throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Drill drill = new Drill();
            drill.symptom.set(symptom);
            Byroad byroad = doors.closing(Byroad.builder()
                    .seams(Seams.standard().breakage(drill))
                    .upstream(doors.assistant().attemptLimit(Duration.ofMillis(100)))
                    .build());
            OkHttpClient client = doors.with(byroad);

            assertThat(got(client, doors.get("/")).body()).isEqualTo("origin /");
            assertThat(doors.edge.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = Breakage.Symptom.class,
            names = {"FAILS", "REFUSES", "SILENT"})
    void whatADrillBreaksLooksLikeTheRealThing(Breakage.Symptom symptom) throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Drill drill = new Drill();
            drill.symptom.set(symptom);
            Byroad byroad = doors.closing(Byroad.builder()
                    .seams(Seams.standard().breakage(drill))
                    .upstream(
                            Upstream.named("assistant").endpoint(doors.atEdge()).attemptLimit(Duration.ofMillis(100)))
                    .build());
            OkHttpClient client = doors.with(byroad);

            if (symptom == Breakage.Symptom.FAILS) {
                assertThat(got(client, doors.post("/")).code()).isEqualTo(500);
            } else {
                assertThatThrownBy(() -> got(client, doors.post("/")))
                        .isInstanceOf(
                                symptom == Breakage.Symptom.REFUSES
                                        ? ConnectException.class
                                        : SocketTimeoutException.class);
            }
        }
    }

    @Test
    void aDrillEmptiesAName() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            Drill drill = new Drill();
            drill.name.set(Doors.HOST);
            Byroad byroad = doors.closing(
                    Byroad.builder().seams(Seams.standard().breakage(drill)).build());
            OkHttpClient client = doors.with(byroad);

            assertThatThrownBy(() -> got(client, doors.get("/"))).isInstanceOf(UnknownHostException.class);
            assertThat(doors.edge.count()).isZero();
        }
    }

    /** Who sends a call on a second time begins anew; OkHttp has repeated nothing. */
    @Test
    void whatAnInterceptorAboveSendsAgainIsNotOkHttpsRepeat() throws Exception {
        try (Doors doors = Doors.open(Http.H1)) {
            doors.edge.next(Door.answer(503, "busy"));
            Byroad byroad = doors.byroad(Upstream.named("assistant").endpoint(doors.atEdge()));
            byroad.mode(Mode.WATCH);
            OkHttpClient client = doors.built(byroad.installOn(doors.client().addInterceptor(chain -> {
                chain.proceed(chain.request()).close();
                return chain.proceed(chain.request());
            })));

            assertThat(Byroad.reportOf(got(client, doors.get("/")).response()).notes())
                    .isEmpty();
        }
    }

    @Test
    void aDoorThatADrillClosesWasNotReachedWhateverWasBefore() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.name(Doors.OTHER, "127.0.0.4");
            doors.opened("other", "127.0.0.4").answers(Door.answer(500, "broken"));
            Drill drill = new Drill();
            drill.symptom.set(Breakage.Symptom.REFUSES);
            Upstream upstream = Upstream.named("assistant")
                    .endpoint(Endpoint.at(doors.url(Doors.OTHER, "")).hostedBy("gcp/europe-west1"))
                    .endpoint(doors.atEdge())
                    .repeatable();
            Byroad byroad = doors.closing(Byroad.builder()
                    .seams(Seams.standard().breakage(drill))
                    .upstream(upstream)
                    .build());
            Request request = doors.post("/")
                    .newBuilder()
                    .url(doors.url(Doors.OTHER, "/"))
                    .build();
            CallReport report = Byroad.reportOf(got(doors.with(byroad), request).response());

            assertThat(report.attempts().get(1).fault().orElseThrow().delivery())
                    .isEqualTo(Fault.Delivery.NEVER_SENT);
        }
    }
}

package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.CallReport;
import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.FaultInjection;
import byroad.Mode;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
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
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            Byroad byroad = servers.byroad(servers.assistant());
            byroad.mode(Mode.WATCH);

            Got got = got(servers.with(byroad), servers.get("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(got.body()).contains("Internal server error");
            assertThat(servers.edge.count()).isEqualTo(1);
            assertThat(servers.origin.count()).isZero();
            CallReport report = Byroad.reportOf(got.response());
            assertThat(report.attempts()).hasSize(1);
            assertThat(report.notes()).containsExactly("watching only: would have gone on to origin");
        }
    }

    @Test
    void offIsOkHttp() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.edgePage(500));
            Byroad byroad = servers.byroad(servers.assistant());
            byroad.mode(Mode.OFF);

            Got got = got(servers.with(byroad), servers.get("/"));

            assertThat(got.code()).isEqualTo(500);
            assertThat(Byroad.reportOf(got.response())).isSameAs(CallReport.NONE);
        }
    }

    @Test
    void itSwitchesWhileRunning() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.edgePage(500));
            Byroad byroad = servers.byroad(servers.assistant());
            OkHttpClient client = servers.with(byroad);

            assertThat(got(client, servers.get("/")).code()).isEqualTo(200);
            byroad.mode(Mode.OFF);
            assertThat(got(client, servers.get("/")).code()).isEqualTo(500);
            byroad.mode(Mode.WATCH);
            assertThat(got(client, servers.get("/")).code()).isEqualTo(500);
            byroad.mode(Mode.ACT);
            assertThat(got(client, servers.get("/")).code()).isEqualTo(200);
            byroad.close();
            assertThat(got(client, servers.get("/")).code()).isEqualTo(500);
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void installedTwiceItActsOnce(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            Byroad byroad = servers.byroad(servers.assistant());
            OkHttpClient client = servers.built(byroad.installOn(byroad.installOn(servers.client())));

            for (int i = 0; i < 2; i++) {
                Got got = got(client, servers.get("/"));
                assertThat(got.body()).isEqualTo("origin /");
                assertThat(Byroad.reportOf(got.response()).attempts()).hasSize(2);
            }
            assertThat(servers.edge.count()).isEqualTo(2);
            assertThat(servers.origin.count()).isEqualTo(2);
        }
    }

    private static final class Drill implements FaultInjection {
        final AtomicReference<Injected> injected = new AtomicReference<>(Injected.NONE);
        final AtomicReference<String> name = new AtomicReference<>("");

        @Override
        public Injected ofName(String host) {
            return host.equals(name.get()) ? Injected.EMPTY : Injected.NONE;
        }

        @Override
        public Injected ofEndpoint(Collection<FailureDomain> dependsOn) {
            return FailureDomain.of("cloudflare").coversAny(dependsOn)
                    ? java.util.Objects.requireNonNull(injected.get())
                    : Injected.NONE;
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultInjection.Injected.class,
            names = {"FAILS", "REFUSES", "SILENT"})
    void aDrillBreaksTheEdgeAndTheOriginStandsIn(FaultInjection.Injected injected) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Drill drill = new Drill();
            drill.injected.set(injected);
            Byroad byroad = servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().faultInjection(drill))
                    .upstream(servers.assistant().attemptLimit(Duration.ofMillis(100)))
                    .build());
            OkHttpClient client = servers.with(byroad);

            assertThat(got(client, servers.get("/")).body()).isEqualTo("origin /");
            assertThat(servers.edge.count()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = FaultInjection.Injected.class,
            names = {"FAILS", "REFUSES", "SILENT"})
    void whatADrillBreaksLooksLikeTheRealThing(FaultInjection.Injected injected) throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Drill drill = new Drill();
            drill.injected.set(injected);
            Byroad byroad = servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().faultInjection(drill))
                    .upstream(Upstream.named("assistant")
                            .endpoint(servers.atEdge())
                            .attemptLimit(Duration.ofMillis(100)))
                    .build());
            OkHttpClient client = servers.with(byroad);

            if (injected == FaultInjection.Injected.FAILS) {
                assertThat(got(client, servers.post("/")).code()).isEqualTo(500);
            } else {
                assertThatThrownBy(() -> got(client, servers.post("/")))
                        .isInstanceOf(
                                injected == FaultInjection.Injected.REFUSES
                                        ? ConnectException.class
                                        : SocketTimeoutException.class);
            }
        }
    }

    @Test
    void aDrillEmptiesAName() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Drill drill = new Drill();
            drill.name.set(TestServers.HOST);
            Byroad byroad = servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().faultInjection(drill))
                    .build());
            OkHttpClient client = servers.with(byroad);

            assertThatThrownBy(() -> got(client, servers.get("/"))).isInstanceOf(UnknownHostException.class);
            assertThat(servers.edge.count()).isZero();
        }
    }

    /** Who sends a call on a second time begins anew; OkHttp has repeated nothing. */
    @Test
    void whatAnInterceptorAboveSendsAgainIsNotOkHttpsRepeat() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.next(TestServer.answer(503, "busy"));
            Byroad byroad = servers.byroad(Upstream.named("assistant").endpoint(servers.atEdge()));
            byroad.mode(Mode.WATCH);
            OkHttpClient client =
                    servers.built(byroad.installOn(servers.client().addInterceptor(chain -> {
                        chain.proceed(chain.request()).close();
                        return chain.proceed(chain.request());
                    })));

            assertThat(Byroad.reportOf(got(client, servers.get("/")).response()).notes())
                    .isEmpty();
        }
    }

    @Test
    void aEndpointThatADrillClosesWasNotReachedWhateverWasBefore() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.name(TestServers.OTHER, "127.0.0.4");
            servers.opened("other", "127.0.0.4").answers(TestServer.answer(500, "broken"));
            Drill drill = new Drill();
            drill.injected.set(FaultInjection.Injected.REFUSES);
            Upstream upstream = Upstream.named("assistant")
                    .endpoint(Endpoint.at(servers.url(TestServers.OTHER, "")).hostedBy("gcp/europe-west1"))
                    .endpoint(servers.atEdge())
                    .repeatable();
            Byroad byroad = servers.closing(Byroad.builder()
                    .runtime(ClientRuntime.standard().faultInjection(drill))
                    .upstream(upstream)
                    .build());
            Request request = servers.post("/")
                    .newBuilder()
                    .url(servers.url(TestServers.OTHER, "/"))
                    .build();
            CallReport report =
                    Byroad.reportOf(got(servers.with(byroad), request).response());

            assertThat(report.attempts().get(1).fault().orElseThrow().delivery())
                    .isEqualTo(Fault.Delivery.NEVER_SENT);
        }
    }
}

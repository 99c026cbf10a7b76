package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import byroad.CallReport;
import byroad.Upstream;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nothing new to catch, and every call tells its story. */
class CallReportTest {
    @Test
    void offlineIsAnUnknownHost() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.name(TestServers.HOST);
            servers.name(TestServers.ORIGIN);
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));

            Throwable thrown = catchThrowable(() -> got(client, servers.get("/v1?key=secret")));

            assertThat(thrown).isInstanceOf(UnknownHostException.class);
            CallReport report = Byroad.reportOf(thrown);
            assertThat(report.outcome()).isEqualTo("UnknownHostException");
            assertThat(report.attempts()).isNotEmpty();
            assertThat(report.toString()).contains("assistant GET /v1").doesNotContain("secret");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void slowIsASocketTimeout(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.SILENCE);
            Upstream upstream =
                    Upstream.named("assistant").endpoint(servers.atEdge()).attemptLimit(Duration.ofMillis(200));
            OkHttpClient client = servers.with(servers.byroad(upstream));

            Throwable thrown = catchThrowable(() -> got(client, servers.post("/")));

            assertThat(thrown).isInstanceOf(SocketTimeoutException.class);
            assertThat(Byroad.reportOf(new IllegalStateException("a library's", new RuntimeException(thrown)))
                            .outcome())
                    .isEqualTo("SocketTimeoutException");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theReportComesFromResponseAndCallAlike(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));
            Call call = client.newCall(servers.get("/v1/models?key=secret"));
            assertThat(Byroad.reportOf(call)).isSameAs(CallReport.NONE);

            Got got = Got.of(call);

            CallReport report = Byroad.reportOf(got.response());
            assertThat(report).isEqualTo(Byroad.reportOf(call));
            assertThat(report.upstream()).isEqualTo("assistant");
            assertThat(report.outcome()).isEqualTo("200");
            assertThat(report.answeredBy()).isEqualTo("origin");
            assertThat(report.attempts()).hasSize(2);
            assertThat(report.attempts().get(0).fault())
                    .hasValueSatisfying(fault ->
                            assertThat(fault.toString()).isEqualTo("edge fault, likely (HTML page by cloudflare)"));
            assertThat(report.toString())
                    .contains("GET /v1/models")
                    .doesNotContain("secret")
                    .doesNotContain("?");
        }
    }

    @Test
    void whatIsNotOursHasAReportAllTheSame() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            Got got = got(servers.built(servers.client()), servers.get("/"));

            assertThat(Byroad.reportOf(got.response())).isSameAs(CallReport.NONE);
            assertThat(Byroad.reportOf(new IOException("theirs"))).isSameAs(CallReport.NONE);
            assertThat(CallReport.NONE.toString()).isEqualTo("not a call of this client");
        }
    }

    @Test
    void anErrorAnswerBeatsAnExceptionAndItsBodyIsKept() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.edgePage(503));
            servers.name(TestServers.ORIGIN, "127.0.0.9"); // nobody listens there
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));

            Got got = got(client, servers.post("/"));

            assertThat(got.code()).isEqualTo(503);
            assertThat(got.body()).contains("Internal server error");
            assertThat(got.by()).isEqualTo("edge");
        }
    }

    @Test
    void aRequestTakenFromAResponseIsACallOfItsOwn() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));
            Got first = got(client, servers.get("/"));
            servers.edge.answers(TestServer.edgePage(500));

            Got second = got(client, first.response().request());

            assertThat(second.body()).isEqualTo("origin /");
            assertThat(Byroad.reportOf(second.response()).attempts()).hasSize(2);
            assertThat(Byroad.reportOf(first.response()).attempts()).hasSize(1);
        }
    }

    @Test
    void earlierFailuresAreSuppressedInTheLastOne() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.name(TestServers.HOST, "127.0.0.8");
            servers.name(TestServers.ORIGIN);
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));

            Throwable thrown = catchThrowable(() -> got(client, servers.get("/")));

            assertThat(thrown).isInstanceOf(IOException.class);
            assertThat(Byroad.reportOf(thrown).attempts()).hasSizeGreaterThan(1);
            assertThat(thrown.getSuppressed()).hasSizeGreaterThan(1);
        }
    }
}

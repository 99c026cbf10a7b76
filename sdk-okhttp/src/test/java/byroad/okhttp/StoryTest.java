package byroad.okhttp;

import static byroad.okhttp.Doors.got;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import byroad.CallReport;
import byroad.Upstream;
import byroad.okhttp.Doors.Got;
import byroad.okhttp.Doors.Http;
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
class StoryTest {
    @Test
    void offlineIsAnUnknownHost() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.name(Doors.HOST);
            doors.name(Doors.ORIGIN);
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));

            Throwable thrown = catchThrowable(() -> got(client, doors.get("/v1?key=secret")));

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
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.SILENCE);
            Upstream upstream =
                    Upstream.named("assistant").endpoint(doors.atEdge()).attemptLimit(Duration.ofMillis(200));
            OkHttpClient client = doors.with(doors.byroad(upstream));

            Throwable thrown = catchThrowable(() -> got(client, doors.post("/")));

            assertThat(thrown).isInstanceOf(SocketTimeoutException.class);
            assertThat(Byroad.reportOf(new IllegalStateException("a library's", new RuntimeException(thrown)))
                            .outcome())
                    .isEqualTo("SocketTimeoutException");
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theReportComesFromResponseAndCallAlike(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            doors.edge.answers(Door.edgePage(500));
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));
            Call call = client.newCall(doors.get("/v1/models?key=secret"));
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
        try (Doors doors = Doors.open(Http.H2)) {
            Got got = got(doors.built(doors.client()), doors.get("/"));

            assertThat(Byroad.reportOf(got.response())).isSameAs(CallReport.NONE);
            assertThat(Byroad.reportOf(new IOException("theirs"))).isSameAs(CallReport.NONE);
            assertThat(CallReport.NONE.toString()).isEqualTo("not a call of this client");
        }
    }

    @Test
    void anErrorAnswerBeatsAnExceptionAndItsBodyIsKept() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.edge.answers(Door.edgePage(503));
            doors.name(Doors.ORIGIN, "127.0.0.9"); // nobody listens there
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));

            Got got = got(client, doors.post("/"));

            assertThat(got.code()).isEqualTo(503);
            assertThat(got.body()).contains("Internal server error");
            assertThat(got.by()).isEqualTo("edge");
        }
    }

    @Test
    void aRequestTakenFromAResponseIsACallOfItsOwn() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));
            Got first = got(client, doors.get("/"));
            doors.edge.answers(Door.edgePage(500));

            Got second = got(client, first.response().request());

            assertThat(second.body()).isEqualTo("origin /");
            assertThat(Byroad.reportOf(second.response()).attempts()).hasSize(2);
            assertThat(Byroad.reportOf(first.response()).attempts()).hasSize(1);
        }
    }

    @Test
    void earlierFailuresAreSuppressedInTheLastOne() throws Exception {
        try (Doors doors = Doors.open(Http.H2)) {
            doors.name(Doors.HOST, "127.0.0.8");
            doors.name(Doors.ORIGIN);
            OkHttpClient client = doors.with(doors.byroad(doors.assistant()));

            Throwable thrown = catchThrowable(() -> got(client, doors.get("/")));

            assertThat(thrown).isInstanceOf(IOException.class);
            assertThat(Byroad.reportOf(thrown).attempts()).hasSizeGreaterThan(1);
            assertThat(thrown.getSuppressed()).hasSizeGreaterThan(1);
        }
    }
}

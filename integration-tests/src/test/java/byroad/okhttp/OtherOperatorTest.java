package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each library gets its answer from an operator of another authority that knows its callers by a key of its own. */
class OtherOperatorTest {
    private static final String OWN_KEY = "key-of-the-other-operator";

    static Stream<Arguments> libraries() {
        return Stream.of(Http.values())
                .flatMap(http -> Stream.of(AiLibrary.values()).map(library -> Arguments.of(http, library)));
    }

    private static TestServers servers(Http http) {
        TestServers servers = TestServers.open(http);
        servers.name(TestServers.OTHER, TestServers.ORIGIN_IP);
        servers.edge.answers(TestServer.edgePage(500));
        servers.origin.answers(request -> OWN_KEY.equals(request.getHeaders().get("gateway-key"))
                ? AiApi.says(request, "fine")
                : TestServer.answer(401, "{}"));
        return servers;
    }

    private static OkHttpClient client(TestServers servers) {
        Upstream assistant = Upstream.named("assistant")
                .endpoint(Endpoint.at(servers.url("")).through("cloudflare").named("edge"))
                .endpoint(Endpoint.at(servers.url(TestServers.OTHER, "/other"))
                        .named("other")
                        .header("gateway-key", OWN_KEY))
                .repeatable();
        return servers.with(servers.byroad(assistant));
    }

    private static List<String> values(RecordedRequest request) {
        List<String> values = new ArrayList<>(); // Headers.toString() hides credentials
        request.getHeaders().forEach(header -> values.add(header.getSecond()));
        return values;
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void anAnswerComesFromTheOtherOperatorByItsOwnKey(Http http, AiLibrary library) throws Exception {
        try (TestServers servers = servers(http);
                AiLibrary.Session session = library.over(client(servers), servers.url(""), 0)) {
            assertThat(session.ask()).isEqualTo("fine");

            assertThat(servers.origin.count()).isEqualTo(1);
            assertThat(servers.origin.last().getUrl().encodedPath()).startsWith("/other/");
            assertThat(values(servers.origin.last())).contains(OWN_KEY).noneMatch(value -> value.contains(OpenAi.KEY));
        }
    }

    @ParameterizedTest
    @MethodSource("libraries")
    void aStreamComesFromTheOtherOperator(Http http, AiLibrary library) throws Exception {
        try (TestServers servers = servers(http);
                AiLibrary.Session session = library.over(client(servers), servers.url(""), 0)) {
            assertThat(session.stream()).isEqualTo("fine");
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }
}

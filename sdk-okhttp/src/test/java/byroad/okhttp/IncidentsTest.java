package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import byroad.CallOptions;
import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Preset;
import byroad.Provenance.Source;
import byroad.Upstream;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The two outages that Byroad exists for, over real sockets, in the order in which they happened. */
class IncidentsTest {
    private final Stage stage = new Stage();
    private final OffsetTime clock = new OffsetTime();

    @AfterEach
    void strikeTheStage() {
        stage.close();
    }

    @Test
    void cloudflareOn18November2025() throws IOException {
        // An API behind an edge. Its origin is healthy, today and all along.
        Stage.Party edge = stage.party("edge", "127.0.0.2");
        Stage.Party origin = stage.party("origin", "127.0.0.3");
        stage.zone.put("api.example.test", Stage.TTL, "127.0.0.2");
        stage.zone.put("origin.example.test", Stage.TTL, "127.0.0.3");
        String url = "https://api.example.test:" + stage.port();
        try (Byroad byroad = client(Upstream.named("api")
                .endpoint(Endpoint.at(url).through("cloudflare").hostedBy("aws/us-west-2"))
                .endpoint(Endpoint.at(url).connectTo("origin.example.test").hostedBy("aws/us-west-2"))
                .repeatable())) {
            OkHttpClient client = byroad.installOn(stage.client()).build();
            assertThat(get(client, url)).isEqualTo("edge");

            // 11:20 UTC: a bad configuration file crashes the proxies. They answer 500 by themselves, to GET and POST
            // alike.
            edge.breaks();
            for (int i = 0; i < 5; i++) {
                assertThat(get(client, url)).isEqualTo("origin");
                assertThat(post(client, url)).isEqualTo("origin");
                clock.jump(Duration.ofMillis(300));
            }
            // After three failures and no success for a second, the edge is left alone but for a probe now and then.
            int asked = edge.requests();
            assertThat(get(client, url)).isEqualTo("origin");
            assertThat(edge.requests()).isLessThanOrEqualTo(asked + 1);

            // It comes back, and a probe finds out.
            edge.recovers();
            clock.jump(Duration.ofSeconds(30));
            assertThat(get(client, url)).isEqualTo("edge");

            // It fails again, and comes back for good.
            edge.breaks();
            assertThat(get(client, url)).isEqualTo("origin");
            edge.recovers();
            clock.jump(Duration.ofSeconds(30));
            assertThat(get(client, url)).isEqualTo("edge");
            assertThat(origin.requests()).isEqualTo(12);
        }
    }

    @Test
    void dynamoDbOn20October2025() throws IOException {
        // A regional API that is found by its name, and works.
        Stage.Party old = stage.party("old address", "127.0.0.4");
        stage.party("new address", "127.0.0.5");
        stage.zone.put("db.example.test", Stage.TTL, "127.0.0.4");
        String url = "https://db.example.test:" + stage.port();
        try (Byroad byroad =
                client(Upstream.named("db").endpoint(Endpoint.at(url).hostedBy("aws/us-east-1")))) {
            OkHttpClient client = byroad.installOn(stage.client()).build();
            assertThat(get(client, url)).isEqualTo("old address");

            // 06:48 UTC: DNS automation empties the record set. Every resolver agrees: NOERROR, no addresses.
            stage.zone.empty("db.example.test");
            clock.jump(Duration.ofSeconds(10));
            client.connectionPool().evictAll();
            // The service runs. TLS proved its address before, so it is held against the empty answer.
            try (Response response = client.newCall(request(url)).execute()) {
                assertThat(response.body().string()).isEqualTo("old address");
                assertThat(Byroad.reportOf(response).attempts())
                        .singleElement()
                        .satisfies(attempt -> assertThat(
                                        attempt.address().orElseThrow().source())
                                .isEqualTo(Source.RETAINED));
            }

            // The records come back, with another address; the old one is switched off.
            stage.zone.put("db.example.test", Stage.TTL, "127.0.0.5");
            old.shutDown();
            // A refused connection on a held address asks the resolvers at once: no call is lost.
            assertThat(get(client, url)).isEqualTo("new address");
            assertThat(post(client, url)).isEqualTo("new address");
        }
    }

    @Test
    void anEmptyAnswerIsBelievedWhereNothingWasProven() throws IOException {
        stage.party("nobody asks", "127.0.0.4");
        stage.zone.empty("db.example.test");
        String url = "https://db.example.test:" + stage.port();
        try (Byroad byroad = client(Upstream.named("db").endpoint(Endpoint.at(url)))) {
            OkHttpClient client = byroad.installOn(stage.client()).build();
            assertThat(catchThrowable(() -> get(client, url)))
                    .isInstanceOf(UnknownHostException.class)
                    .satisfies(thrown ->
                            assertThat(Byroad.reportOf(thrown).upstream()).isEqualTo("db"));
        }
    }

    private Byroad client(Upstream upstream) {
        return stage.byroad()
                .runtime(ClientRuntime.standard().time(clock).preset(Preset.SERVER))
                .upstream(upstream)
                .build();
    }

    private static Request request(String url) {
        return new Request.Builder()
                .url(url + "/v1/items")
                .tag(CallOptions.class, CallOptions.NONE)
                .build();
    }

    private static String get(OkHttpClient client, String url) throws IOException {
        return bodyOf(client, request(url));
    }

    private static String post(OkHttpClient client, String url) throws IOException {
        return bodyOf(
                client,
                request(url).newBuilder().post(RequestBody.create("{}", null)).build());
    }

    private static String bodyOf(OkHttpClient client, Request request) throws IOException {
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }
}

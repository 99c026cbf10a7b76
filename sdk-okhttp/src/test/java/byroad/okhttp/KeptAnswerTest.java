package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Upstream;
import byroad.okhttp.Doors.Http;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An answer that was kept in case nothing better comes. */
class KeptAnswerTest {
    @ParameterizedTest
    @EnumSource(Http.class)
    void anEarlierAnswerIsKeptWhereAStreamIsSilentBeforeItsFirstEvent(Http http) throws Exception {
        try (Doors doors = Doors.open(http)) {
            OkHttpClient client = doors.with(doors.byroad(Upstream.named("assistant")
                    .endpoint(doors.atEdge())
                    .endpoint(Endpoint.at(doors.url(Doors.OTHER, "")).hostedBy("gcp/europe-west1"))
                    .eventStreams(EventStreams.ofAiServices()
                            .firstEventWithin(Duration.ofMillis(300))
                            .committedAtFirstEvent())));
            doors.edge.answers(Door.edgePage(521)); // the origin never got it
            doors.name(Doors.OTHER, "127.0.0.4");
            doors.opened("other", "127.0.0.4")
                    .answers(new MockResponse.Builder()
                            .setHeader("Content-Type", "text/event-stream")
                            .body("data: one\n\n")
                            .bodyDelay(2, TimeUnit.SECONDS)
                            .build());

            assertThat(Doors.got(client, doors.post("/")).code()).isEqualTo(521);
        }
    }
}

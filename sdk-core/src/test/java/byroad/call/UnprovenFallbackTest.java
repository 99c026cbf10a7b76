package byroad.call;

import static byroad.call.Bench.AZURE;
import static byroad.call.Bench.CDN;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.neverSent;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.Event;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A fallback endpoint that never answered well proves little by refusing a call: the edge's own error reaches the caller. */
class UnprovenFallbackTest {
    private static final Endpoint FASTLY = Endpoint.at("https://api.example.ai")
            .named("fastly")
            .through("fastly")
            .hostedBy("aws/eu-west-1");

    /** The edge fails, the fallback refuses: what the caller gets. */
    private static String outcomeOf(Bench bench, Outcome refusal) {
        CallPlan plan = bench.get();
        bench.drive(plan, attempt -> attempt.endpoint().equals(CDN) ? edge500() : refusal);
        return plan.report().outcome();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 421})
    void aRefusalIsNotHandedOverInPlaceOfTheEdgesAnswer(int status) {
        assertThat(outcomeOf(Bench.of(CDN, ORIGIN), status(status))).isEqualTo("500");
        assertThat(outcomeOf(Bench.of(CDN, AZURE), status(status))).isEqualTo("500");
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 404})
    void whatAnotherAuthorityDoesNotKnowIsNotHandedOverEither(int status) {
        assertThat(outcomeOf(Bench.of(CDN, AZURE), status(status))).isEqualTo("500");
        assertThat(outcomeOf(Bench.of(CDN, ORIGIN), status(status)))
                .as("of the same authority it is an answer")
                .isEqualTo(String.valueOf(status));
    }

    @Test
    void theCallGoesOnToTheNextEndpoint() {
        Bench bench = Bench.of(CDN, AZURE, FASTLY);

        assertThat(bench.run(bench.get(), edge500(), status(401), status(200)))
                .containsExactly("cdn", "azure", "fastly", "deliver fastly");
    }

    @Test
    void withNoAnswerInHandItIsHandedOver() {
        Bench bench = Bench.of(CDN, AZURE);

        assertThat(bench.run(bench.get(), neverSent(), status(401))).containsExactly("cdn", "azure", "deliver azure");
    }

    @Test
    void whatHasAnsweredWellIsBelieved() {
        Bench bench = Bench.of(CDN, AZURE);
        bench.run(bench.get(), edge500(), status(200));

        assertThat(outcomeOf(bench, status(401))).isEqualTo("401");
        assertThat(outcomeOf(bench, status(404))).isEqualTo("404");
    }

    @Test
    void aHealthRequestThatSucceededIsAnAnswerToo() {
        Bench bench = Bench.of(CDN, AZURE);
        bench.planner.healthRequestSucceeded(AZURE);

        assertThat(outcomeOf(bench, status(401))).isEqualTo("401");
    }

    @Test
    void aRefusalProvesNothingLater() {
        Bench bench = Bench.of(CDN, AZURE);
        bench.run(bench.get(), neverSent(), status(401)); // handed over for want of another
        assertThat(outcomeOf(bench, status(401))).isEqualTo("500");
        assertThat(bench.planner.status().get(1).answeredAgo()).isEmpty();
    }

    @Test
    void afterFiveOfThemAnEventSaysSoAndItIsAskedLastUntilItAnswersWell() {
        Bench bench = Bench.of(CDN, AZURE, FASTLY);
        for (int i = 0; i < 5; i++) {
            assertThat(bench.run(bench.get(), edge500(), status(401), status(200)))
                    .contains("azure");
            bench.time.advance(Duration.ofMillis(10));
            bench.run(bench.get(), status(200)); // so that no circuit opens
        }
        assertThat(bench.events)
                .filteredOn(Event.Impaired.class::isInstance)
                .singleElement()
                .hasToString("assistant/azure: refused 5 calls and never answered well: it is asked last");

        assertThat(bench.run(bench.get(), edge500(), status(200))).containsExactly("cdn", "fastly", "deliver fastly");
        assertThat(bench.run(bench.get(), edge500(), status(503), status(200)))
                .containsExactly("cdn", "fastly", "azure", "deliver azure");
        assertThat(bench.run(bench.get(), edge500(), status(200))).containsExactly("cdn", "azure", "deliver azure");
    }
}

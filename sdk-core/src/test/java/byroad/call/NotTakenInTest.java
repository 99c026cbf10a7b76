package byroad.call;

import static byroad.call.Bench.AZURE;
import static byroad.call.Bench.CDN;
import static byroad.call.Bench.EUROPE;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Avoidance.Voice;
import byroad.CallOptions;
import byroad.FailureDomain;
import byroad.Fault.Layer;
import byroad.ResponseHead;
import byroad.call.RequestTraits.Body;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A 408 or 425 says that the request was not processed: it is sent once more to the same endpoint, and nobody is to blame. */
class NotTakenInTest {
    @ParameterizedTest
    @ValueSource(ints = {408, 425})
    void itIsSentOnceMoreToTheSameEndpointWhateverItsMethod(int status) {
        Bench bench = Bench.of(CDN, ORIGIN, AZURE);
        assertThat(bench.run(bench.post(), status(status), status(200)))
                .containsExactly("cdn", "wait 25ms", "cdn", "deliver cdn");

        CallPlan twice = bench.get();
        assertThat(bench.run(twice, status(status), status(status)))
                .containsExactly("cdn", "wait 25ms", "cdn", "deliver cdn");
        assertThat(twice.report().notes())
                .containsExactly(
                        "no other endpoint is tried: the service did not take the request in, and any other would say the same",
                        "no further retry: HTTP " + status + " once more");
        assertThat(((Step.Deliver) twice.next()).isExhausted()).isTrue();
    }

    @Test
    void whatFailsAfterwardsGoesElsewhereLikeAnyOther() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.get(), status(408), edge500(), status(200)))
                .containsExactly("cdn", "wait 25ms", "cdn", "origin", "deliver origin");
    }

    @Test
    void whatFailsAfterwardsIsRepeatedLikeAnyOther() {
        Bench bench = Bench.of(CDN);

        assertThat(bench.run(bench.get(), status(408), status(503), status(200)))
                .containsExactly("cdn", "wait 100ms", "cdn", "wait 200ms", "cdn", "deliver cdn");
    }

    @Test
    void aBodyThatCanBeWrittenOnceIsNotSentAgain() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.planner.plan(Bench.request("POST", Body.ONE_SHOT, CallOptions.NONE));

        assertThat(bench.run(plan, status(408))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void ofTheNextPageItSaysNothingOfThePostThatWasRedirected() {
        Bench bench = Bench.of(CDN);
        ResponseHead nextPage = new ResponseHead() {
            @Override
            public int status() {
                return 408;
            }

            @Override
            public Optional<String> header(String name) {
                return Optional.empty();
            }

            @Override
            public boolean isAfterRedirect() {
                return true;
            }

            @Override
            public String bodyStart() {
                return "";
            }
        };

        assertThat(bench.run(bench.post(), Outcome.answered(nextPage))).containsExactly("cdn", "deliver cdn");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 425})
    void noCircuitCountsIt(int status) {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();
        for (int i = 0; i < 30; i++) {
            bench.run(plan, status(status), status(status));
            plan = bench.get();
            bench.time.advance(Duration.ofMillis(300));
        }

        assertThat(bench.planner.status())
                .allSatisfy(one -> assertThat(one.toString()).contains("closed"));
    }

    @Test
    void theFaultyPartyIsKnownAtADirectEndpointOnly() {
        assertThat(layerOfA408(Bench.of(CDN))).isEqualTo(Layer.UNKNOWN);
        assertThat(layerOfA408(Bench.of(EUROPE))).isEqualTo(Layer.ORIGIN);
    }

    private static Layer layerOfA408(Bench bench) {
        CallPlan plan = bench.get();
        return plan.took(send(plan), status(408)).orElseThrow().layer();
    }

    @Test
    void whatTheCallerIsSlowWithIsNoOverloadOfAFallback() {
        Bench bench = new Bench(upstream(CDN, EUROPE).attemptLimit(Duration.ofSeconds(10)));
        bench.runtime
                .avoidances()
                .avoid(FailureDomain.of("endpoint/assistant/cdn"), Duration.ofHours(1), "drain", Voice.OPERATOR);
        String before = bench.planner.status().get(1).limit().toString();
        CallPlan plan = bench.post();
        Attempt toFallback = send(plan);
        assertThat(toFallback.endpoint()).isEqualTo(EUROPE);
        bench.time.advance(Duration.ofSeconds(6));
        plan.took(toFallback, status(408));

        assertThat(bench.planner.status().get(1).limit()).hasToString(before);
    }

    @Test
    void aRestThatItAsksForBindsItsEndpointAlone() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.get(), status(408, "Retry-After", "90"));

        assertThat(bench.run(bench.get(), status(200))).containsExactly("origin", "deliver origin");
    }
}

package byroad.call;

import static byroad.call.Bench.CDN;
import static byroad.call.Bench.EUROPE;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.died;
import static byroad.call.Bench.edge500;
import static byroad.call.Bench.neverSent;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Avoidance.Voice;
import byroad.CallOptions;
import byroad.Endpoint;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import byroad.Importance;
import byroad.Mode;
import byroad.Signature;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;

/** Which endpoint a call goes to, and which never. */
class CallPlanTest {
    private static final Endpoint DIRECT =
            Endpoint.at("https://direct.example.ai").named("direct").hostedBy("aws/us-west-2");
    private static final Endpoint OTHER_REGION =
            Endpoint.at("https://eu.example.ai").named("other-region").hostedBy("aws/eu-west-1");

    @Test
    void theFirstEndpointIsTriedFirst() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.get(), status(200))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void anAnswerThatIsNobodysFaultIsDeliveredWhateverItsStatus() {
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(bench.run(bench.get(), status(404))).containsExactly("cdn", "deliver cdn");
        assertThat(bench.run(bench.get(), status(409))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aFaultOfTheEdgeGoesToTheDirectOriginWithoutWaiting() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, edge500(), status(200))).containsExactly("cdn", "origin", "deliver origin");
        assertThat(plan.report().attempts().get(0).fault().map(Fault::layer)).contains(Layer.EDGE);
        assertThat(plan.report().answeredBy()).isEqualTo("origin");
    }

    @Test
    void aFaultOfTheEdgeSkipsEveryOtherEndpointThroughThatEdge() {
        Bench bench = Bench.of(CDN, EUROPE, ORIGIN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, edge500(), status(200))).containsExactly("cdn", "origin", "deliver origin");
        assertThat(plan.report().notes()).containsExactly("europe not tried: cloudflare is under suspicion");
    }

    @Test
    void anErrorOfADirectEndpointGoesToAnotherRegionAndToNoOtherEndpointOfItsHost() {
        Bench bench = Bench.of(DIRECT, CDN, OTHER_REGION);
        CallPlan plan = bench.planner.plan(RequestTraits.of("GET", "https://direct.example.ai/v1"));

        assertThat(bench.run(plan, status(503), status(200)))
                .containsExactly("direct", "other-region", "deliver other-region");
        assertThat(plan.report().notes()).containsExactly("cdn not tried: aws/us-west-2 is under suspicion");
    }

    @Test
    void anErrorOfUnknownOriginThroughAnEdgeGoesToTheDirectEndpoint() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(502), status(200))).containsExactly("cdn", "origin", "deliver origin");
        assertThat(plan.report().attempts().get(0).faultName()).isEqualTo("unknown");
    }

    @Test
    void suspicionAddsUpOverTheAttemptsOfACall() {
        Endpoint fastly = CDN.named("fastly").hostedBy("aws/eu-west-1");
        Bench bench = Bench.of(CDN, ORIGIN, fastly, OTHER_REGION);

        assertThat(bench.run(bench.get(), edge500(), status(503), status(200)))
                .containsExactly("cdn", "origin", "other-region", "deliver other-region");
    }

    @Test
    void aNameThatDoesNotResolveGoesToAnotherEndpointAndIsNotRepeated() {
        Outcome unknown = Outcome.failed(new UnknownHostException("api.example.ai"), Delivery.NEVER_SENT);
        Bench alone = Bench.of(CDN);
        Bench bench = Bench.of(CDN, ORIGIN);

        assertThat(alone.run(alone.get(), unknown)).containsExactly("cdn", "throw UnknownHostException");
        assertThat(bench.run(bench.get(), unknown, status(200))).containsExactly("cdn", "origin", "deliver origin");
    }

    @Test
    void aRefusalOnPurposeMovesNothing() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(403, "cf-mitigated", "challenge"))).containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes()).containsExactly("nothing more is tried: the edge refused on purpose");
    }

    @Test
    void aPeerThatCannotProveWhoItIsMovesNothing() {
        SSLHandshakeException untrusted = new SSLHandshakeException("PKIX path building failed");
        untrusted.initCause(new CertificateException("no path"));
        SSLHandshakeException wrapped = new SSLHandshakeException("PKIX path building failed");
        wrapped.initCause(untrusted);

        for (IOException failure : List.of(new SSLPeerUnverifiedException("pin"), untrusted, wrapped)) {
            Bench bench = Bench.of(CDN, ORIGIN);
            CallPlan plan = bench.get();
            bench.run(plan, Outcome.failed(failure, Delivery.NEVER_SENT));

            assertThat(plan.next()).isEqualTo(new Step.GiveUp(failure));
            assertThat(plan.report().attempts()).hasSize(1);
            assertThat(plan.report().notes())
                    .containsExactly("nothing more is tried: the peer could not prove who it is");
        }
    }

    @Test
    void whatTheTransportCannotDoIsPassedOver() {
        Bench bench = Bench.of(CDN, ORIGIN, OTHER_REGION);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, edge500(), Outcome.impossible("behind a proxy"), status(200)))
                .containsExactly("cdn", "origin", "other-region", "deliver other-region");
        assertThat(plan.report().attempts().get(1).outcome()).isEqualTo("impossible: behind a proxy");
    }

    @Test
    void aCallThatNoTransportCanDoSaysSo() {
        Bench bench = Bench.of(ORIGIN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, Outcome.impossible("behind a proxy")))
                .containsExactly("origin", "throw IOException");
        assertThat(((Step.GiveUp) plan.next()).failure())
                .hasMessageStartingWith("assistant: no endpoint could be used")
                .hasMessageContaining("behind a proxy");
    }

    @Test
    void aCancelledCallEndsWithItsOwnException() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();
        IOException canceled = new IOException("Canceled");

        bench.run(plan, edge500(), new Outcome.Cancelled(canceled));

        assertThat(plan.next()).isEqualTo(new Step.GiveUp(canceled));
    }

    @Test
    void anAnswerBeatsAnExceptionThatCameLater() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, edge500(), died("reset"), died("reset"), died("reset")))
                .containsExactly("cdn", "origin", "wait 25ms", "cdn", "wait 50ms", "cdn", "deliver cdn");
        assertThat(plan.report().outcome()).isEqualTo("500");
    }

    @Test
    void earlierExceptionsAreSuppressedInTheirOrder() {
        Bench bench = Bench.of(CDN);
        CallPlan plan = bench.get();

        bench.run(plan, died("one"), died("two"), died("three"));

        IOException thrown = ((Step.GiveUp) plan.next()).failure();
        assertThat(thrown).hasMessage("three");
        assertThat(thrown.getSuppressed()).extracting(Throwable::getMessage).containsExactly("one", "two");
    }

    @Test
    void anOperatorsVerdictKeepsCallsAway() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.runtime
                .avoidances()
                .avoid(FailureDomain.of("cloudflare"), Duration.ofHours(1), "status page", Voice.OPERATOR);
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(200))).containsExactly("origin", "deliver origin");
        assertThat(plan.report().notes()).singleElement().asString().contains("avoid cloudflare", "status page");

        bench.runtime.avoidances().restore(FailureDomain.of("cloudflare"), Voice.OPERATOR);
        assertThat(bench.run(bench.get(), status(200))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aCallKeepsAwayFromWhatItAvoids() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallOptions options = CallOptions.NONE.avoiding("endpoint/assistant/cdn");
        CallPlan plan = bench.planner.plan(Bench.request("GET", RequestTraits.Body.NONE, options));

        assertThat(bench.run(plan, status(200))).containsExactly("origin", "deliver origin");
    }

    @Test
    void aFallbackThatIsFreeAgainAfterALastResortGetsItsPlaceInTheLimitBack() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.runtime.avoidances().avoid(FailureDomain.of("aws"), Duration.ofMillis(5), "a moment", Voice.OPERATOR);

        assertThat(bench.run(bench.get(), neverSent(), status(200))).containsExactly("cdn", "origin", "deliver origin");

        assertThat(bench.planner.toString()).contains("0 in flight");
    }

    @Test
    void theLeastBadEndpointIsOneThatNobodyAvoids() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallOptions avoiding = CallOptions.NONE.avoiding("cloudflare");
        bench.run(
                bench.planner.plan(Bench.request("POST", RequestTraits.Body.NONE, avoiding)),
                status(503, "Retry-After", "60"));
        CallPlan plan = bench.planner.plan(Bench.request("GET", RequestTraits.Body.NONE, avoiding));

        assertThat(bench.run(plan, status(200))).containsExactly("origin", "deliver origin");
        assertThat(plan.report().notes()).contains("no endpoint may be used: origin is tried once all the same");
    }

    @Test
    void whomNobodyAvoidsIsNotTheLeastBadEndpointWhereItsLimitIsFull() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.runtime.avoidances().avoid(FailureDomain.of("cloudflare"), Duration.ofHours(1), "drill", Voice.OPERATOR);
        for (int i = 0; i < 2; i++) {
            assertThat(send(bench.get()).endpoint().name()).isEqualTo("origin"); // holds a place
        }

        assertThat(bench.run(bench.get(), status(200))).endsWith("cdn", "deliver cdn");
    }

    @Test
    void aFallbackIsNotTheLeastBadEndpointEitherWhereItRestsAndItsLimitIsFull() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.runtime.avoidances().avoid(FailureDomain.of("cloudflare"), Duration.ofHours(1), "drill", Voice.OPERATOR);
        CallPlan refused = bench.get();
        send(bench.get()); // holds the place that is left after the other one
        refused.took(send(refused), status(503, "Retry-After", "60"));
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, status(200))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aBulkCallThatAvoidsTheEdgeIsNotDivertedToADirectOriginEither() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallOptions options = CallOptions.NONE.avoiding("cloudflare").importance(Importance.BULK);
        CallPlan plan = bench.planner.plan(Bench.request("GET", RequestTraits.Body.NONE, options));

        assertThat(bench.run(plan, status(503))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aFallbackWithARoleTakesOnlyItsCalls() {
        Bench bench = Bench.of(CDN, ORIGIN.onlyFor("GET", "HEAD", "/v1/models", "/v1/chat"));
        assertThat(bench.run(bench.planner.plan(RequestTraits.of("GET", Bench.URL)), edge500(), status(200)))
                .contains("origin");
        for (String[] other : new String[][] {
            {"DELETE", Bench.URL}, {"GET", "https://api.example.ai/v1/chats"}, {"GET", "https://api.example.ai/"}
        }) {
            CallPlan plan = bench.planner.plan(RequestTraits.of(other[0], other[1]));
            assertThat(bench.run(plan, edge500(), status(200)))
                    .as(String.join(" ", other))
                    .doesNotContain("origin");
            assertThat(plan.report().toString())
                    .contains("origin not tried: it is only for GET, HEAD, /v1/models, /v1/chat");
        }
    }

    @Test
    void aRoleThatEndsWithASlashIsTheSamePath() {
        for (String role : new String[] {"/", "/v1/", "/v1/chat/"}) {
            Bench bench = Bench.of(CDN, ORIGIN.onlyFor(role));
            assertThat(bench.run(bench.get(), edge500(), status(200))).as(role).contains("origin");
        }
    }

    @Test
    void aSignatureThatThrowsRecognisesNothingAndTheCallGoesOn() {
        Bench bench = Bench.of(CDN, ORIGIN);
        Signature broken = (head, endpoint) -> {
            throw new IllegalStateException("broken");
        };
        try (CallPlanner planner =
                new CallPlanner(List.of(Bench.upstream(CDN, ORIGIN)), broken, Mode.ACT, bench.runtime)) {
            CallPlan plan = planner.plan(RequestTraits.of("GET", Bench.URL));
            assertThat(bench.run(plan, status(500), status(200))).containsExactly("cdn", "origin", "deliver origin");
        }
        assertThat(bench.events)
                .filteredOn(Event.UserCodeFailed.class::isInstance)
                .singleElement()
                .matches(event -> event.toString()
                        .startsWith(
                                "the signature threw an exception and is ignored this time: IllegalStateException at "
                                        + "byroad.call.CallPlanTest"));
    }

    @Test
    void whatALimitRefusedIsNotRepeated() {
        Bench bench = Bench.of(CDN, ORIGIN);
        for (int i = 0; i < 2; i++) { // as many as the concurrency limit lets in at first
            CallPlan busy = bench.planner.plan(RequestTraits.of("GET", Bench.URL));
            busy.took(((Step.Send) busy.next()).attempt(), edge500());
            assertThat(((Step.Send) busy.next()).attempt().endpoint().name()).isEqualTo("origin");
        }
        CallPlan refused = bench.planner.plan(RequestTraits.of("GET", Bench.URL));
        assertThat(bench.run(refused, edge500())).containsExactly("cdn", "wait 1000ms", "deliver cdn");
        assertThat(refused.report().notes()).contains("no further retry: the call was refused by a concurrency limit");
    }

    @Test
    void bulkCallsAreNotDivertedToADirectOrigin() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallOptions bulk = CallOptions.NONE.importance(Importance.BULK);
        CallPlan plan = bench.planner.plan(Bench.request("GET", RequestTraits.Body.NONE, bulk));

        assertThat(bench.run(plan, edge500(), status(200)))
                .endsWith("cdn", "deliver cdn")
                .doesNotContain("origin");
    }

    @Test
    void aFirstAttemptIsMadeWithEveryCircuitOpenAndIsNotRepeated() {
        Bench bench = Bench.of(DIRECT);
        bench.dice.show(0.99);
        for (int i = 0; i < 3; i++) {
            CallPlan failing = bench.planner.plan(RequestTraits.of("POST", "https://direct.example.ai/"));
            bench.run(failing, status(503));
            bench.time.advance(Duration.ofMillis(500));
        }
        assertThat(bench.events).singleElement().asString().contains("direct is failing");

        CallPlan plan = bench.planner.plan(RequestTraits.of("GET", "https://direct.example.ai/"));

        assertThat(bench.run(plan, neverSent())).containsExactly("direct", "throw ConnectException");
        assertThat(plan.report().notes()).contains("no endpoint may be used: direct is tried once all the same");
    }

    @Test
    void everySendIsAnsweredExactlyOnce() {
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.get();
        Attempt first = send(plan);

        assertThatThrownBy(plan::next)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("took() was not called for: attempt at cdn through cloudflare");
        plan.took(first, edge500());
        assertThatThrownBy(() -> plan.took(first, status(200)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("not under way");
        Attempt second = send(plan);
        assertThatThrownBy(() -> plan.took(first, status(200))).isInstanceOf(IllegalStateException.class);
        plan.took(second, status(200));

        assertThat(plan.next()).isSameAs(plan.next()).isEqualTo(new Step.Deliver(second, false));
    }
}

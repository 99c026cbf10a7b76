package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Avoidance;
import byroad.CallOptions;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import byroad.Mode;
import byroad.Preset;
import byroad.Signature;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What came of a send counts where it is to count, once, and nowhere else. */
class PermitTest {
    @Test
    void aBodyThatDiesCountsOnceHoweverOftenItIsTold() {
        Bench bench = Bench.of(Bench.CDN);
        CallPlan plan = bench.get();
        bench.run(plan, Bench.status(200));

        plan.bodyFailed(new IOException("reset"));
        plan.bodyFailed("no end, as expected of an event stream");

        assertThat(bench.events).filteredOn(Event.BodyFailed.class::isInstance).hasSize(1);
        assertThat(plan.report().notes()).containsExactly("the body failed: IOException: reset");
    }

    /** Not even where a signature of the user's names the edge itself. */
    @Test
    void whatAnEdgeRefusesOnPurposeIsNoFailureOfTheEdge() {
        Signature challenge = (head, endpoint) -> Optional.of(Fault.of(Layer.EDGE_POLICY, "a challenge")
                .suspecting(FailureDomain.of("cloudflare"))
                .certain());
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlanner planner = CallPlanner.builder(List.of(Bench.upstream(Bench.CDN, Bench.ORIGIN)), bench.runtime)
                .signature(challenge)
                .build();
        for (int i = 0; i < 5; i++) {
            bench.run(planner.plan(RequestTraits.of("GET", Bench.URL)), Bench.status(403));
            bench.time.advance(Duration.ofSeconds(1));
        }

        assertThat(planner.toString()).contains("cdn through cloudflare closed");
    }

    /** A call probes the origin; another learns at the edge that the host is down. Only the probe decides. */
    @Test
    void anAnswerOfAHostDoesNotDecideTheProbeOfItsOtherEndpoint() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        for (int i = 0; i < 3; i++) {
            CallPlan plan = bench.get();
            plan.took(Bench.send(plan), Bench.edge500());
            plan.took(Bench.send(plan), Bench.status(500));
            bench.time.advance(Duration.ofMillis(500));
        }
        bench.time.advance(Duration.ofSeconds(5));
        CallPlan probing = bench.get();
        probing.took(Bench.send(probing), Bench.edge500());
        Attempt probe = Bench.send(probing);
        assertThat(probe.endpoint()).isEqualTo(Bench.ORIGIN);
        CallPlan other = bench.get();
        other.took(Bench.send(other), Bench.cloudflare(521));
        assertThat(bench.planner.toString()).contains("origin direct half-open");

        probing.took(probe, Bench.status(200));

        assertThat(bench.planner.toString()).contains("origin direct closed");
    }

    /** By then the circuit would let it in, but it was to be tried once. */
    @Test
    void aLastResortIsNotTriedAgainByAnotherAnswerOfItsName() {
        Bench bench = Bench.of(Bench.CDN);
        for (int i = 0; i < 3; i++) {
            bench.failOnce();
            bench.time.advance(Duration.ofMillis(500));
        }
        CallPlan plan = bench.get();
        Attempt lastResort = Bench.send(plan);
        bench.time.advance(Duration.ofSeconds(30));
        plan.took(lastResort, new Outcome.Unproven(new ConnectException("refused"), Optional.empty()));

        assertThat(plan.next()).isInstanceOf(Step.GiveUp.class);
    }

    /** A phone in a tunnel. */
    @Test
    void theCallersOwnNetworkIsNoOverloadOfAFallback() {
        Bench bench = new Bench(Preset.MOBILE, Bench.upstream(Bench.CDN, Bench.ORIGIN));
        bench.dice.show(0);
        for (int i = 0; i < 10; i++) {
            bench.drive(bench.get(), send -> Bench.neverSent());
            bench.time.advance(Duration.ofSeconds(3));
        }

        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight, 0.25 allowed");
    }

    /** A black hole at the edge leaves the fallback endpoint 100 ms of the deadline. */
    @Test
    void aTimeoutThatOnlyTheDeadlineMadeShortCountsForNothing() {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN)
                .attemptLimit(Duration.ofSeconds(8))
                .deadline(Duration.ofMillis(8_100)));
        for (int i = 0; i < 3; i++) {
            bench.drive(bench.get(), send -> Bench.timedOut());
        }

        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight, 2.00 allowed");
    }

    /** Such a deadline is no hurry: every attempt has it. */
    @Test
    void aTimeoutCountsWhereTheDeadlineIsTheOnlyShortLimit() {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN).deadline(Duration.ofSeconds(2)));
        for (int i = 0; i < 3; i++) {
            bench.drive(withReadTimeout(bench), send -> Bench.timedOut());
        }

        assertThat(bench.planner.toString()).contains("cdn through cloudflare open");
    }

    @Test
    void anAnswerIsLateAfterHalfOfTheDeadlineWhereThatIsTheShortestLimit() {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN).deadline(Duration.ofSeconds(2)));
        CallPlan plan = withReadTimeout(bench);
        plan.took(Bench.send(plan), Bench.edge500());
        Attempt atOrigin = Bench.send(plan);
        bench.time.advance(Duration.ofMillis(1_900));
        plan.took(atOrigin, Bench.status(200));

        assertThat(bench.planner.toString()).contains("0 in flight, 1.00 allowed");
    }

    private static CallPlan withReadTimeout(Bench bench) {
        return bench.planner.plan(new RequestTraits(
                "GET",
                Bench.URL,
                RequestTraits.Body.NONE,
                false,
                false,
                Optional.empty(),
                Optional.of(Duration.ofSeconds(10)),
                CallOptions.NONE));
    }

    @Test
    void aFallbackWhoseNameIsUnknownIsNotTrustedWithMore() {
        Bench bench = new Bench(Preset.MOBILE, Bench.upstream(Bench.CDN, Bench.ORIGIN));
        bench.dice.show(0);
        Outcome unknown = Outcome.failed(new UnknownHostException("origin"), Delivery.NEVER_SENT);
        for (int i = 0; i < 6; i++) {
            bench.drive(bench.get(), send -> send.endpoint() == Bench.CDN ? Bench.edge500() : unknown);
            bench.time.advance(Duration.ofSeconds(1));
        }

        assertThat(bench.planner.toString()).contains("0 in flight, 0.25 allowed");
    }

    /** Its author forgot a dependency: that may end the call, and must not keep its place for good. */
    @Test
    void aSignatureThatBreaksKeepsNoPlace() {
        Signature broken = (head, endpoint) -> {
            if (endpoint == Bench.ORIGIN) {
                throw new NoClassDefFoundError("x");
            }
            return Signature.known().read(head, endpoint);
        };
        Bench bench = Bench.of(Bench.CDN);
        CallPlanner planner = CallPlanner.builder(List.of(Bench.upstream(Bench.CDN, Bench.ORIGIN)), bench.runtime)
                .signature(broken)
                .build();
        CallPlan plan = planner.plan(RequestTraits.of("GET", Bench.URL));
        plan.took(Bench.send(plan), Bench.edge500());
        Attempt atOrigin = Bench.send(plan);

        plan.took(atOrigin, Bench.status(500));

        assertThat(planner.toString()).contains("0 in flight");
    }

    /** The failure was counted, and its page is part of it. */
    @Test
    void theBodyOfAFailureThatDiesIsNoSecondOne() {
        Bench bench = Bench.of(Bench.CDN);
        CallPlan plan = bench.post();
        bench.run(plan, Bench.status(500));

        plan.bodyFailed(new IOException("reset"));

        assertThat(bench.events).filteredOn(Event.BodyFailed.class::isInstance).isEmpty();
    }

    @Test
    void aFallbackThatRefusesOrCannotBeConnectedToIsOverloaded() {
        for (Outcome overload : List.of(Bench.status(429), Bench.status(503), Bench.neverSent())) {
            Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
            bench.drive(bench.get(), send -> send.endpoint() == Bench.CDN ? Bench.edge500() : overload);

            assertThat(bench.planner.toString())
                    .as("%s", overload)
                    .contains("origin direct closed, 0 in flight, 1.00 allowed");
        }
    }

    @Test
    void aConnectionThatBreaksLateIsNoOverload() {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN).attemptLimit(Duration.ofSeconds(2)));
        CallPlan plan = bench.get();
        plan.took(Bench.send(plan), Bench.edge500());
        Attempt send = Bench.send(plan);
        bench.time.advance(Duration.ofMillis(1_500));
        plan.took(send, Bench.died("unexpected end of stream"));

        assertThat(bench.planner.toString()).contains("0 in flight, 2.00 allowed");
    }

    /** A handshake over the sea, or in a process that has just started, or a large body. */
    @Test
    void whatComesBeforeTheRequestIsWrittenIsNoOverload() {
        assertThat(answeredInTime(Duration.ofMillis(1_900), Duration.ofMillis(100)))
                .contains("origin direct closed, 0 in flight, 4.00 allowed");
        assertThat(answeredInTime(Duration.ofMillis(100), Duration.ofMillis(1_500)))
                .as("an answer that took its time is")
                .contains("origin direct closed, 0 in flight, 1.00 allowed");
    }

    private static String answeredInTime(Duration toWrite, Duration toAnswer) {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN).attemptLimit(Duration.ofSeconds(2)));
        CallPlan plan = bench.get();
        plan.took(Bench.send(plan), Bench.edge500());
        Attempt send = Bench.send(plan);
        bench.time.advance(toWrite);
        send.written();
        bench.time.advance(toAnswer);
        plan.took(send, Bench.status(200));
        return bench.planner.toString();
    }

    /** The client's clock began before ours: it left the fallback endpoint 50 ms where we thought that there were 250. */
    @Test
    void aTimeoutOfTheCallThatLeftAnAttemptLittleTimeSaysNothingOfItsEndpoint() {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN).attemptLimit(Duration.ofMillis(500)));
        CallPlan plan = bench.get();
        Attempt edge = Bench.send(plan);
        bench.time.advance(Duration.ofMillis(350));
        plan.took(edge, Bench.edge500());
        Attempt fallback = Bench.send(plan);
        bench.time.advance(Duration.ofMillis(50));
        plan.timedOut();
        plan.took(fallback, Bench.timedOut());

        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight, 2.00 allowed");
    }

    /** An answer that was set aside took two seconds to be read. */
    @Test
    void aSendBeginsWhenItDoes() {
        Bench bench = new Bench(Bench.upstream(Bench.CDN, Bench.ORIGIN)
                .attemptLimit(Duration.ofSeconds(3))
                .deadline(Duration.ofSeconds(4)));
        CallPlan plan = bench.get();
        plan.took(Bench.send(plan), Bench.edge500());
        Attempt send = Bench.send(plan);
        bench.time.advance(Duration.ofSeconds(2));
        send.begins();
        assertThat(send.within()).contains(Duration.ofSeconds(2));
        bench.time.advance(Duration.ofMillis(100));
        plan.took(send, Bench.status(200));

        assertThat(plan.report().attempts().get(1).took()).isEqualTo(Duration.ofMillis(100));
        assertThat(bench.planner.toString()).contains("origin direct closed, 0 in flight, 4.00 allowed");
    }

    @Test
    void aListenerThatThrowsAnErrorKeepsNoPlaceAtTheLimit() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlanner planner = new CallPlanner(
                List.of(Bench.upstream(Bench.CDN, Bench.ORIGIN)),
                Signature.known(),
                Mode.ACT,
                bench.runtime.events(event -> {
                    if (event instanceof Event.EndpointFailing failing
                            && failing.endpoint().equals("origin")) {
                        throw new NoClassDefFoundError("of the listener");
                    }
                }));
        for (int i = 0; i < 4; i++) {
            CallPlan plan = planner.plan(RequestTraits.of("POST", Bench.URL));
            Attempt toEdge = Bench.send(plan);
            if (toEdge.endpoint() == Bench.CDN) {
                plan.took(toEdge, Bench.neverSent());
            }
            Attempt toOrigin = toEdge.endpoint() == Bench.CDN ? Bench.send(plan) : toEdge;
            plan.took(toOrigin, Bench.status(500));
            bench.time.advance(Duration.ofMillis(400));
        }

        assertThat(planner.toString()).contains("origin direct open, 0 in flight");
    }

    @Test
    void aDrainByHandDoesNotMakeTheOwnLoadLookSmall() {
        Bench bench = Bench.of(Bench.CDN, Bench.EUROPE.carries(0.5));
        bench.dice.show(0);
        tenInFlight(bench, 300);
        bench.runtime
                .avoidances()
                .avoid(
                        FailureDomain.of("endpoint/assistant/cdn"),
                        Duration.ofMinutes(10),
                        "drain",
                        Avoidance.Voice.OPERATOR);
        for (int i = 0; i < 600; i++) {
            CallPlan plan = bench.get();
            Attempt send = Bench.send(plan);
            bench.time.advance(Duration.ofSeconds(1));
            plan.took(send, Bench.status(200));
        }
        tenInFlight(bench, 10);

        assertThat(bench.planner.status().get(1).limit().get().allowed()).isGreaterThan(4);
    }

    /** Ten calls a second, of a second each. */
    private static void tenInFlight(Bench bench, int seconds) {
        Deque<CallPlan> plans = new ArrayDeque<>();
        Deque<Attempt> sends = new ArrayDeque<>();
        for (int tenth = 0; tenth < seconds * 10; tenth++) {
            plans.add(bench.get());
            sends.add(Bench.send(plans.getLast()));
            bench.time.advance(Duration.ofMillis(100));
            if (plans.size() == 10) {
                plans.remove().took(sends.remove(), Bench.status(200));
            }
        }
        plans.forEach(plan -> plan.took(sends.remove(), Bench.status(200)));
    }
}

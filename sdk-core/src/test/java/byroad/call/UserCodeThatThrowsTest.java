package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.FaultInjection;
import byroad.FaultInjection.Injected;
import byroad.Mode;
import byroad.Preset;
import byroad.Signature;
import byroad.Upstream;
import java.io.IOException;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Code of the user that throws anything at any time: every call ends, and nothing is held afterwards. */
class UserCodeThatThrowsTest {
    private final Bench bench = new Bench();
    private Random chance = new Random();
    private int thrown;

    /** Now and then, and not only exceptions that somebody expects. */
    private void throwAtRandom() {
        if (chance.nextInt(3) > 0) {
            return;
        }
        thrown++;
        switch (chance.nextInt(5)) {
            case 0 -> throw new IllegalStateException("broken");
            case 1 -> throw new NoClassDefFoundError("of a plug-in");
            case 2 -> throw new StackOverflowError();
            case 3 ->
                throw new RuntimeException() {
                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("and its message is broken, too");
                    }
                };
            default -> UserCodeThatThrowsTest.<RuntimeException>undeclared(new IOException("undeclared"));
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> void undeclared(Throwable any) throws E {
        throw (E) any;
    }

    private CallPlanner planner() {
        Signature signature = (head, endpoint) -> {
            throwAtRandom();
            return chance.nextBoolean() ? Optional.of(Fault.of(Fault.Layer.EDGE, "mine")) : Optional.empty();
        };
        FaultInjection faultInjection = new FaultInjection() {
            @Override
            public Injected ofName(String host) {
                return Injected.NONE;
            }

            @Override
            public Injected ofEndpoint(Collection<FailureDomain> dependsOn) {
                throwAtRandom();
                return Injected.NONE;
            }
        };
        Endpoint paid = Bench.AZURE.header("api-key", () -> {
            throwAtRandom();
            return chance.nextInt(4) == 0 ? null : "key";
        });
        Upstream upstream = Bench.upstream(Bench.CDN, Bench.ORIGIN, paid).repeatable();
        return CallPlanner.builder(
                        List.of(upstream),
                        bench.runtime
                                .preset(Preset.SERVER)
                                .faultInjection(faultInjection)
                                .events(event -> throwAtRandom()))
                .signature(signature)
                .mode(Mode.ACT)
                .build();
    }

    @RepeatedTest(200)
    void everyCallEndsAndNothingIsHeldAfterwards(RepetitionInfo repetition) {
        chance = new Random(repetition.getCurrentRepetition());
        Thread.currentThread().setUncaughtExceptionHandler((thread, of) -> {});
        CallPlanner planner = planner();
        for (int i = 0; i < 30; i++) {
            try (CallPlan plan = planner.plan(RequestTraits.of("GET", Bench.URL))) {
                drive(plan);
            }
            bench.time.advance(Duration.ofMillis(chance.nextInt(400)));
        }
        Thread.currentThread().setUncaughtExceptionHandler(null);

        assertThat(thrown).isPositive();
        bench.time.advance(Duration.ofMinutes(1));
        for (EndpointStatus endpoint : planner.status()) {
            assertThat(endpoint.limit().map(EndpointStatus.Limit::inFlight).orElse(0))
                    .as("%s", endpoint)
                    .isZero();
            assertThat(endpoint.circuit()).as("%s", endpoint).isNotEqualTo(EndpointStatus.Circuit.HALF_OPEN);
        }
    }

    private void drive(CallPlan plan) {
        for (Step step = plan.next(); ; step = plan.next()) {
            if (step instanceof Step.Send send) {
                Attempt attempt = send.attempt();
                attempt.injected();
                bench.time.advance(Duration.ofMillis(chance.nextInt(100)));
                plan.took(
                        attempt,
                        attempt.addedHeaders().isEmpty()
                                ? Outcome.impossible("no header")
                                : Bench.status(chance.nextInt(3) == 0 ? 200 : 503));
            } else if (step instanceof Step.Await await) {
                bench.time.advance(await.duration());
            } else {
                return;
            }
        }
    }

    @Test
    void aHeaderThatCannotBeSentIsToldByItsNameAndNotByItsValue() {
        for (String value : new String[] {"secret\n", "sécret", "secret\u0000"}) {
            Bench of = Bench.of(Bench.AZURE.header("api-key", () -> value));

            assertThat(Bench.send(of.planner.plan(RequestTraits.of("GET", Bench.AZURE.at() + "/v1")))
                            .addedHeaders())
                    .isEmpty();
            assertThat(of.events).singleElement().isInstanceOf(Event.UserCodeFailed.class);
            assertThat(of.events.toString())
                    .contains("header api-key of assistant/azure")
                    .doesNotContain("cret");
        }
    }

    @Test
    void aSignatureThatBlocksKeepsNoReportWaiting() throws InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Signature slow = (head, endpoint) -> {
            asked.countDown();
            Uninterruptibles.wait(goOn);
            return Optional.empty();
        };
        CallPlanner planner = CallPlanner.builder(List.of(Bench.upstream(Bench.CDN)), bench.runtime)
                .signature(slow)
                .build();
        CallPlan plan = planner.plan(RequestTraits.of("GET", Bench.URL));
        Attempt attempt = Bench.send(plan);
        Thread judge = new Thread(() -> plan.took(attempt, Bench.status(500)));
        judge.start();
        asked.await();

        assertThat(plan.report().attempts())
                .singleElement()
                .hasToString("+0ms cdn through cloudflare under way after 0ms");

        goOn.countDown();
        judge.join();
    }

    private static final class Uninterruptibles {
        static void wait(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

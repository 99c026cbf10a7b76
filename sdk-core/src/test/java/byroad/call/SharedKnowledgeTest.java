package byroad.call;

import static byroad.call.Bench.edge500;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import byroad.Avoidance;
import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Event;
import byroad.FailureDomain;
import byroad.FakeTime;
import byroad.Mode;
import byroad.Preset;
import byroad.ResponseHead;
import byroad.Upstream;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the upstreams of one client know together, and what its owner gives and gets. */
class SharedKnowledgeTest {
    private static final Upstream CHAT = through("chat", "cloudflare");
    private static final Upstream FILES = through("files", "cloudflare");

    private final FakeTime time = new FakeTime();
    private final Dice dice = new Dice();
    private final List<Event> events = new ArrayList<>();
    private ClientRuntime runtime = ClientRuntime.standard()
            .time(time)
            .random(dice)
            .preset(Preset.SERVER)
            .events(events::add);
    private CallPlanner planner =
            CallPlanner.builder(List.of(CHAT, FILES), runtime).build();

    private static Upstream through(String name, String edge) {
        return Upstream.named(name)
                .endpoint(
                        Endpoint.at("https://" + name + ".example").named("cdn").through(edge))
                .endpoint(Endpoint.at("https://" + name + ".example")
                        .named("origin")
                        .connectTo("192.0.2.1"));
    }

    @Test
    void aDomainThatTwoUpstreamsAccuseWithCertaintyIsToldOnce() {
        suspect("chat");
        suspect("chat");
        assertThat(suspected()).isEmpty();
        suspect("files");
        suspect("files");
        suspect("chat");

        assertThat(suspected()).containsExactly("cloudflare is suspected by chat and files");
        assertThat(planner.suspected()).hasToString("[cloudflare is suspected by chat and files]");
        assertThat(runtime.avoidances().inForce()).isEmpty();
    }

    @Test
    void aFailureAfterAQuietMinuteBeginsAnotherEpisode() {
        suspect("chat");
        suspect("files");
        time.advance(Duration.ofSeconds(59));
        suspect("files");
        time.advance(Duration.ofSeconds(59));
        suspect("chat");
        assertThat(suspected()).hasSize(1);

        time.advance(Duration.ofMinutes(1));
        suspect("chat");
        suspect("files");
        assertThat(suspected()).hasSize(2);
    }

    @Test
    void anSuspicionStandsForAMinute() {
        suspect("chat");
        assertThat(planner.suspected()).isEmpty();
        suspect("files");
        time.advance(Duration.ofSeconds(59));
        assertThat(planner.suspected()).hasSize(1);

        time.advance(Duration.ofSeconds(1));
        assertThat(planner.suspected()).isEmpty();
    }

    @Test
    void whatIsOnlyLikelySuspectsNobody() {
        call("chat", edge500());
        call("files", edge500());

        assertThat(suspected()).isEmpty();
    }

    @Test
    void accusationsAMinuteApartAreNotOfOneEpisode() {
        suspect("chat");
        time.advance(Duration.ofMinutes(1));
        suspect("files");

        assertThat(suspected()).isEmpty();
    }

    @Test
    void aSuspectedDomainIsAvoidedByAllForABoundedTimeOnRequest() {
        planner = CallPlanner.builder(List.of(CHAT, FILES, through("mail", "cloudflare")), runtime)
                .avoidSuspectedFor(Duration.ofSeconds(30))
                .build();
        suspect("chat");
        suspect("files");
        assertThat(firstOf("mail")).isEqualTo("origin");
        Avoidance verdict = runtime.avoidances().inForce().get(0);
        assertThat(verdict.domain()).isEqualTo(FailureDomain.of("cloudflare"));
        assertThat(verdict.because()).isEqualTo("suspected by [chat, files]");

        time.advance(Duration.ofSeconds(30));
        assertThat(firstOf("mail")).isEqualTo("cdn");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallPlanner.builder(List.of(), runtime).avoidSuspectedFor(Duration.ZERO))
                .withMessage("avoidSuspectedFor: PT0S (expected: more than zero)");
    }

    @Test
    void aRegistryOfTheUsersSeesTheCircuitsWhateverItsDefaultsAre() {
        CircuitBreakerRegistry dashboards = CircuitBreakerRegistry.ofDefaults();
        planner = CallPlanner.builder(List.of(CHAT), runtime)
                .circuits(CircuitBridge.to(dashboards))
                .build();
        planner.plan(RequestTraits.of("GET", "https://undeclared.example/"));
        assertThat(dashboards.getAllCircuitBreakers())
                .extracting(CircuitBreaker::getName)
                .containsExactlyInAnyOrder("endpoint/chat/cdn", "endpoint/chat/origin");

        CircuitBreaker cdn = dashboards.circuitBreaker("endpoint/chat/cdn");
        for (int i = 0; i < 3; i++) {
            suspect("chat");
            time.advance(Duration.ofMillis(500));
        }
        assertThat(cdn.getState()).isEqualTo(CircuitBreaker.State.OPEN);
        time.advance(Duration.ofSeconds(1));
        call("chat", status(200));
        assertThat(cdn.getState()).isEqualTo(CircuitBreaker.State.CLOSED);
    }

    @Test
    void twoClientsDoNotShareACircuitInOneRegistryAndAClosedOneLeavesIt() {
        CircuitBreakerRegistry dashboards = CircuitBreakerRegistry.ofDefaults();
        CallPlanner.Builder builder =
                CallPlanner.builder(List.of(CHAT), runtime).circuits(CircuitBridge.to(dashboards));
        planner = builder.build();
        assertThatIllegalArgumentException()
                .isThrownBy(builder::build)
                .withMessageStartingWith("circuits: the registry has a circuit \"endpoint/chat/cdn\" already");

        planner.close();
        assertThat(planner.mode()).isEqualTo(Mode.OFF);
        assertThat(dashboards.getAllCircuitBreakers()).isEmpty();
        assertThat(builder.build().status()).hasSize(2);
    }

    @Test
    void healthIsReadAsValuesAndReadingItChangesNothing() {
        Endpoint cdn = Endpoint.at("https://chat.example").named("cdn").through("cloudflare");
        planner = CallPlanner.builder(List.of(Upstream.named("chat").endpoint(cdn)), runtime)
                .build();
        call("chat", status(503, "Retry-After", "9"));
        planner.plan(RequestTraits.of("GET", "https://undeclared.example/"));
        time.advance(Duration.ofSeconds(2));

        assertThat(planner.status())
                .hasToString("[chat/cdn closed, 490/490 tokens, at rest for another 7000ms, never answered well,"
                        + " undeclared.example/undeclared.example closed, 490/490 tokens, never answered well]")
                .isEqualTo(planner.status());
    }

    @Test
    void theDeclaredShareOfPhonesIsAdmittedAlwaysTheSameOnes() {
        FailureDomain origin = FailureDomain.of("endpoint/chat/origin");
        int within = 0;
        int withinBoth = 0;
        for (int i = 0; i < 10_000; i++) {
            Installation phone = Installation.of("installation-" + i);
            assertThat(phone.isWithin(0.3, origin))
                    .isEqualTo(Installation.of("installation-" + i).isWithin(0.3, origin));
            assertThat(!phone.isWithin(0.3, origin) || phone.isWithin(0.4, origin))
                    .isTrue();
            within += phone.isWithin(0.3, origin) ? 1 : 0;
            boolean other = phone.isWithin(0.3, FailureDomain.of("endpoint/files/origin"));
            withinBoth += phone.isWithin(0.3, origin) && other ? 1 : 0;
        }
        assertThat(within).isBetween(2_850, 3_150);
        assertThat(withinBoth).as("not the same ones everywhere").isBetween(800, 1_000);
    }

    @Test
    void aPhoneOutsideTheShareIsNeverDivertedAndOneWithinHasTheUsualLimit() {
        FailureDomain origin = FailureDomain.of("endpoint/chat/origin");
        int next = 0;
        while (Installation.of("phone" + next).isWithin(0.5, origin)) {
            next++;
        }
        dice.show(0);
        assertThat(fallbackOf("phone" + next)).contains("0.00 allowed");
        assertThat(divertedOnAPhone()).isFalse();
        while (!Installation.of("phone" + next).isWithin(0.5, origin)) {
            next++;
        }
        assertThat(fallbackOf("phone" + next)).contains("0.25 allowed");
        assertThat(divertedOnAPhone()).isTrue();
        assertThat(events).noneMatch(event -> event instanceof Event.Impaired);
    }

    @Test
    void aDeclaredShareWithoutAnInstallationIdIsIgnoredOnAPhoneWithAnEvent() {
        runtime = runtime.preset(Preset.MOBILE);
        planner = CallPlanner.builder(List.of(carrying(0.5)), runtime).build();

        assertThat(events)
                .singleElement()
                .hasToString("chat/origin carries 0.5: ignored on mobile without an installation id");
        assertThat(planner.status().get(1).toString()).contains("0.25 allowed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CallPlanner.builder(List.of(), runtime).installationId(" "))
                .withMessage("installationId: \" \" (expected: any text of its own)");
    }

    private static Upstream carrying(double share) {
        Endpoint cdn = CHAT.endpoints().get(0);
        return Upstream.named("chat")
                .endpoint(cdn)
                .endpoint(CHAT.endpoints().get(1).carries(share));
    }

    private String fallbackOf(String installation) {
        planner = CallPlanner.builder(List.of(carrying(0.5)), runtime.preset(Preset.MOBILE))
                .installationId(installation)
                .build();
        return planner.status().get(1).toString();
    }

    private boolean divertedOnAPhone() {
        CallPlan plan = planner.plan(RequestTraits.of("GET", "https://chat.example/"));
        plan.took(Bench.send(plan), edge500());
        return plan.next() instanceof Step.Send send
                && send.attempt().endpoint().name().equals("origin");
    }

    /** Cloudflare says by its own problem details that it failed itself. */
    private void suspect(String upstream) {
        call(upstream, certain());
    }

    private static Outcome certain() {
        return Outcome.answered(ResponseHead.of(
                503,
                Map.of("content-type", "application/problem+json", "cf-ray", "9a0c-SJC"),
                "{\"cloudflare_error\":true,\"error_category\":\"cloudflare\",\"ray_id\":\"9a0c\"}"));
    }

    private void call(String upstream, Outcome outcome) {
        CallPlan plan = planner.plan(RequestTraits.of("POST", "https://" + upstream + ".example/"));
        plan.took(Bench.send(plan), outcome);
        plan.next();
    }

    private String firstOf(String upstream) {
        return Bench.send(planner.plan(RequestTraits.of("GET", "https://" + upstream + ".example/")))
                .endpoint()
                .name();
    }

    private List<String> suspected() {
        List<String> told = new ArrayList<>();
        events.forEach(event -> {
            if (event instanceof Event.DomainSuspected) {
                told.add(event.toString());
            }
        });
        return told;
    }
}

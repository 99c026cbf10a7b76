package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Avoidance;
import byroad.ClientRuntime;
import byroad.Event;
import byroad.FailureDomain;
import byroad.FakeTime;
import byroad.FaultInjection;
import byroad.Preset;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResolverChainTest {
    private final FakeTime time = new FakeTime();
    private final List<Event> events = new ArrayList<>();
    private ClientRuntime runtime = ClientRuntime.standard().time(time).events(events::add);

    private final ScriptedResolver one = new ScriptedResolver("system");
    private final ScriptedResolver two = new ScriptedResolver("quad9");
    private final ScriptedResolver three = new ScriptedResolver("google");
    private final ResolverChain chain = ResolverChain.of(one, two, three);

    private CompletableFuture<ChainAnswer> ask(String host) {
        return ask(chain, host);
    }

    private CompletableFuture<ChainAnswer> ask(ResolverChain chain, String host) {
        return new RunningChain(chain, runtime).ask(host, "", late -> {});
    }

    private CompletableFuture<ChainAnswer> ask() {
        return ask("a.example");
    }

    @Test
    void asksOnlyTheFirstWhileItAnswersWithAddresses() {
        one.says(addresses(60, "192.0.2.1"));
        ChainAnswer result = ask().join();
        assertThat(result.by()).isEqualTo("system");
        assertThat(two.questions).isEmpty();
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void asksTheNextWhenTheStaggerHasPassed() {
        three.says(addresses(60, "192.0.2.3"));
        CompletableFuture<ChainAnswer> asked = ask();
        time.advance(Duration.ofMillis(249));
        assertThat(two.questions).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(two.questions).hasSize(1);
        assertThat(two.questions.get(0).within()).isEqualTo(Duration.ofMillis(2750));
        assertThat(asked).isNotDone();
        time.advance(Duration.ofMillis(250));
        assertThat(asked.join().by()).isEqualTo("google");
    }

    @Test
    void asksTheNextAtOnceAfterAnAnswerWithoutAddresses() {
        one.says(servfail());
        two.says(empty(5));
        three.says(addresses(60, "192.0.2.3"));
        assertThat(ask().join().by()).isEqualTo("google");
    }

    @Test
    void letsGoOfLessPreferredLosersAndOfItsTimers() {
        CompletableFuture<ChainAnswer> asked = ask();
        time.advance(Duration.ofMillis(600));
        two.answer(addresses(60, "192.0.2.2"));
        assertThat(asked.join().by()).isEqualTo("quad9");
        assertThat(one.open.get(0)).isNotDone(); // its answer is preferred, however late
        assertThat(three.open.get(0)).isCancelled();
        assertThat(time.scheduled()).isZero();
        assertThat(events).isEmpty();
    }

    @Test
    void believesANegativeThatAllAgreeOn() {
        one.says(empty(7));
        two.says(empty(7));
        three.says(new Answer.NoSuchName(Duration.ofSeconds(3)));
        ChainAnswer result = ask().join();
        assertThat(result).isEqualTo(new ChainAnswer(empty(7), "system, quad9, google"));
    }

    @Test
    void aResolverThatFailedDisputesNoNegative() {
        one.says(servfail());
        two.says(empty(7));
        three.says(servfail());
        assertThat(ask().join()).isEqualTo(new ChainAnswer(empty(7), "quad9"));
    }

    @Test
    void aSilentResolverDelaysANegativeByTheStaggerOnce() {
        two.says(empty(7));
        three.says(empty(7));
        RunningChain running = new RunningChain(chain, runtime);
        CompletableFuture<ChainAnswer> asked = running.ask("a.example", "", late -> {});
        time.advance(Duration.ofMillis(249));
        assertThat(asked).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(asked.join().answer().isNegative()).isTrue();
        assertThat(running.ask("a.example", "", late -> {})).isDone();
    }

    @Test
    void aSilentLastResolverDelaysANegativeByTheStaggerOnce() {
        one.says(empty(7));
        two.says(empty(7));
        RunningChain running = new RunningChain(chain, runtime);
        CompletableFuture<ChainAnswer> asked = running.ask("a.example", "", late -> {});
        time.advance(Duration.ofMillis(249));
        assertThat(asked).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(asked.join().answer().isNegative()).isTrue();
        assertThat(running.ask("a.example", "", late -> {})).isDone();
    }

    @Test
    void aNegativeIsNotAgreedWhileSomebodyWasNotAsked() {
        ResolverChain hasty = chain.deadline(Duration.ofMillis(200));
        one.says(empty(7));
        CompletableFuture<ChainAnswer> asked = ask(hasty, "a.example");
        time.advance(Duration.ofMillis(200));
        assertThat(asked.join().answer()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void failsWithAllReasonsJoined() {
        one.says(servfail());
        two.says(new Answer.Failed("REFUSED"));
        CompletableFuture<ChainAnswer> asked = ask();
        time.advance(Duration.ofSeconds(3));
        assertThat(asked.join().answer())
                .isEqualTo(new Answer.Failed("system: SERVFAIL; quad9: REFUSED; google: no answer within 3000ms"));
    }

    @Test
    void believesABlockAtOnce() {
        one.says(new Answer.Blocked("EDE 15"));
        assertThat(ask().join().answer()).isEqualTo(new Answer.Blocked("EDE 15"));
        assertThat(two.questions).isEmpty();
    }

    @Test
    void addressesWinOverANegativeAndTheDisputeIsTold() {
        one.says(empty(5));
        two.says(addresses(60, "192.0.2.2"));
        assertThat(ask().join().by()).isEqualTo("quad9");
        assertThat(events)
                .containsExactly(
                        new Event.ResolversDisagree("a.example", List.of("system: NODATA", "quad9: 1 address")));
    }

    @Test
    void whatAResolverThrowsIsAFailureLikeAnyOther() {
        Resolver broken = new ScriptedResolver("broken") {
            @Override
            public CompletableFuture<Answer> resolve(Question question) {
                throw new IllegalStateException("oops");
            }
        };
        two.says(addresses(60, "192.0.2.2"));
        assertThat(ask(ResolverChain.of(broken, two), "a.example").join().by()).isEqualTo("quad9");
        assertThat(ask(ResolverChain.of(broken), "a.example").join().answer())
                .isEqualTo(new Answer.Failed("broken: java.lang.IllegalStateException: oops"));
    }

    @Test
    void asksAvoidedResolversLast() {
        runtime.avoidances().avoid(FailureDomain.of("quad9"), Duration.ofHours(1), "drill", Avoidance.Voice.OPERATOR);
        one.says(servfail());
        two.says(addresses(60, "192.0.2.2"));
        three.says(servfail());
        assertThat(ask().join().by()).isEqualTo("quad9");
        assertThat(three.questions).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "a.localhost",
                "db",
                "printer.local",
                "vault.internal",
                "home.arpa",
                "nas.home.arpa",
                "1.2.0.192.in-addr.arpa",
                "1.0.0.10.in-addr.arpa",
                "8.b.d.0.1.0.0.2.ip6.arpa",
                "hidden.onion",
                "name.alt",
                "no.invalid",
                "api.test",
                "_dns.resolver.arpa",
                "resolver.arpa",
                "ipv4only.arpa",
                "printer.default.service.arpa"
            })
    void namesThatMustNotLeaveGoToTheSystemOnly(String host) {
        one.says(empty(5));
        two.says(addresses(60, "192.0.2.2"));
        assertThat(ask(host).join().answer().isNegative()).isTrue();
        assertThat(two.questions).isEmpty();
    }

    @Test
    void configuredSuffixesDoNotLeaveEither() {
        one.says(empty(5));
        two.says(addresses(60, "192.0.2.2"));
        ResolverChain split = chain.localOnly("Corp.example").localOnly("*.lan");
        for (String host : List.of("corp.example", "db.corp.example", "nas.lan")) {
            assertThat(ask(split, host).join().answer().isNegative()).as(host).isTrue();
        }
        assertThat(ask(split, "notcorp.example").join().by()).isEqualTo("quad9");
    }

    @Test
    void aLocalNameIsNotAskedIfNoResolverIsWithinTheNetwork() {
        two.says(addresses(60, "192.0.2.2"));
        assertThat(ask(ResolverChain.of(two), "db").join().answer())
                .isEqualTo(
                        new Answer.Failed("such a name must not leave the network, and no resolver here is within it"));
        assertThat(two.questions).isEmpty();
        Answer loopback = ask(ResolverChain.of(two), "app.localhost").join().answer();
        assertThat(((Answer.Addresses) loopback).addresses().get(0).isLoopbackAddress())
                .isTrue();
    }

    @Test
    void whatIsWithinTheNetworkIsKnownByItsKindOrItsAddress() {
        assertThat(Resolvers.blocking("consul", "acme", host -> List.of()).isLocal())
                .isTrue();
        assertThat(udp("10.0.0.53").isLocal()).isTrue();
        assertThat(udp("9.9.9.9").isLocal()).isFalse();
        assertThat(Resolvers.tls("a", "a", "dns.example", List.of(server("9.9.9.9"), server("10.0.0.53")))
                        .isLocal())
                .isFalse();
    }

    private static Resolver udp(String address) {
        return Resolvers.udp(address, "acme", server(address));
    }

    private static InetSocketAddress server(String address) {
        return new InetSocketAddress(ScriptedResolver.ip(address), 53);
    }

    @Test
    void aDrillBreaksTheNameAboveTheChain() {
        one.says(addresses(60, "192.0.2.1"));
        assertThat(broken(FaultInjection.Injected.EMPTY).join().answer().isNegative())
                .isTrue();
        assertThat(broken(FaultInjection.Injected.FAILS).join().answer()).isEqualTo(new Answer.Failed("SERVFAIL"));
        assertThat(broken(FaultInjection.Injected.REFUSES).join().answer()).isEqualTo(new Answer.Failed("REFUSED"));
        CompletableFuture<ChainAnswer> silent = broken(FaultInjection.Injected.SILENT);
        time.advance(Duration.ofMillis(2999));
        assertThat(silent).isNotDone();
        time.advance(Duration.ofMillis(1));
        assertThat(silent.join().answer()).isEqualTo(new Answer.Failed("no answer within 3000ms"));
        assertThat(one.questions).isEmpty();
    }

    private CompletableFuture<ChainAnswer> broken(FaultInjection.Injected injected) {
        runtime = runtime.faultInjection(new FaultInjection() {
            @Override
            public Injected ofName(String host) {
                return injected;
            }

            @Override
            public Injected ofEndpoint(Collection<FailureDomain> dependsOn) {
                return Injected.NONE;
            }
        });
        return ask();
    }

    @Test
    void oneOperatorTwiceIsNotTwo() {
        ResolverChain twice = ResolverChain.of(
                new ScriptedResolver("here", "acme/dns"),
                new ScriptedResolver("there", "acme"),
                new ScriptedResolver("b"));
        assertThat(twice.independent(2)).isSameAs(twice);
        assertThatThrownBy(() -> twice.independent(3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("independent: 3 (expected: at most 2, the different failure domains of these resolvers:"
                        + " [acme, b])");
    }

    @Test
    void whatDependsOnOneDomainIsTold() {
        ResolverChain twice = ResolverChain.of(new ScriptedResolver("a", "acme"), new ScriptedResolver("b", "acme"));
        ask(twice, "a.example");
        assertThat(events)
                .containsExactly(new Event.Impaired("resolvers", "2 resolvers depend on 1 failure domain: [acme]"));
        assertThat(twice).hasToString("a, b (1 failure domain, deadline 3000ms, stagger 250ms)");
    }

    @Test
    void onAPhoneTheStaggerIsALittleLonger() {
        runtime = runtime.preset(Preset.MOBILE);
        CompletableFuture<ChainAnswer> asked = ask();
        time.advance(Duration.ofMillis(299));
        assertThat(two.questions).isEmpty();
        time.advance(Duration.ofMillis(1));
        assertThat(two.questions).hasSize(1);
        assertThat(asked).isNotDone();
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> ResolverChain.of(List.of())).hasMessage("resolvers: none (expected: at least one)");
        assertThatThrownBy(() -> chain.deadline(Duration.ZERO)).hasMessage("deadline: PT0S (expected: more than zero)");
        assertThatThrownBy(() -> chain.stagger(Duration.ofMillis(-1)))
                .hasMessage("stagger: PT-0.001S (expected: zero or more)");
    }

    @Test
    void saysWhatItIs() {
        assertThat(chain).hasToString("system, quad9, google (3 failure domains, deadline 3000ms, stagger 250ms)");
    }
}

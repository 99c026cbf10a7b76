package byroad.dns;

import static byroad.Scheme.HTTP;
import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.FailureDomain;
import byroad.FaultInjection;
import byroad.Provenance.Source;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is remembered of a host, and for how long. */
class LastGoodTest extends LastGoodFixture {
    @Test
    void answersFreshAddressesWithoutAsking() {
        scripted.says(addresses(60, A));
        isFrom(now(HTTPS), Source.FRESH, A);
        pass(47.9);
        assertThat(now(HTTP).from().age()).isEqualTo(Duration.ofMillis(47_900));
        assertThat(asked()).isEqualTo(1);
        pass(12.1);
        scripted.says(addresses(60, B));
        isFrom(now(HTTPS), Source.FRESH, B);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void aNameInUseIsAskedForAheadOfTimeAndNobodyWaits() {
        scripted.says(addresses(60, A));
        now(HTTPS);
        scripted.says(null);
        pass(48);
        isFrom(now(HTTPS), Source.FRESH, A);
        isFrom(now(HTTPS), Source.FRESH, A);
        assertThat(asked()).isEqualTo(2);
        scripted.answer(addresses(60, B));
        isFrom(now(HTTPS), Source.FRESH, B);
        pass(200);
        assertThat(asked()).isEqualTo(2); // not in use
    }

    @Test
    void chanceChoosesThePointOfTheLastFifth() {
        LastGood late = LastGood.builder(ResolverChain.of(scripted), runtime.random(nearlyOne))
                .build();
        scripted.says(addresses(60, A));
        late.lookup(HOST, HTTPS).join();
        pass(59.9);
        late.lookup(HOST, HTTPS).join();
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void aRefreshWithoutFruitNeverHurtsALiveAnswer() {
        for (Answer fruitless : new Answer[] {servfail(), empty(30), new Answer.NoSuchName(Duration.ofSeconds(30))}) {
            scripted.says(addresses(60, A));
            pass(61);
            now(HTTPS);
            scripted.says(fruitless);
            pass(48);
            now(HTTPS);
            isFrom(now(HTTPS), Source.FRESH, A);
            int before = asked();
            pass(4.9);
            isFrom(now(HTTP), Source.FRESH, A);
            assertThat(asked()).isEqualTo(before);
            pass(0.1);
            now(HTTP);
            assertThat(asked()).as("asks again after 5 s").isEqualTo(before + 1);
            pass(6.9);
            isFrom(now(HTTP), Source.FRESH, A);
        }
    }

    @Test
    void aBlockEndsALiveAnswer() {
        scripted.says(addresses(60, A));
        now(HTTPS);
        scripted.says(new Answer.Blocked("EDE 15"));
        pass(48);
        now(HTTPS);
        assertThat(now(HTTPS).answer()).isEqualTo(new Answer.Blocked("EDE 15"));
    }

    @Test
    void failuresWhereNothingIsKnownAreRememberedForOneSecondDoublingToTwelve() {
        scripted.says(servfail());
        now(HTTPS);
        for (double gap : new double[] {1, 2, 4, 8, 12, 12}) {
            int before = asked();
            assertThat(now(HTTPS).askAgain()).isEqualTo(Duration.ofMillis((long) (gap * 1000)));
            pass(gap - 0.1);
            assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Failed.class);
            assertThat(asked()).isEqualTo(before);
            pass(0.1);
            now(HTTPS);
            assertThat(asked()).as("after " + gap).isEqualTo(before + 1);
        }
    }

    @Test
    void anAnswerThatComesTooLateForItsCallersIsThereForTheNext() {
        scripted.says(null);
        CompletableFuture<Resolution> inVain = lookup(HTTPS);
        pass(3);
        assertThat(inVain.join().answer()).isInstanceOf(Answer.Failed.class);
        scripted.answer(addresses(60, A));
        isFrom(now(HTTPS), Source.FRESH, A);
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void eachNetworkHasItsOwnMemory() {
        good.onNetworkChanged("wifi");
        scripted.says(addresses(60, A));
        isFrom(now(HTTPS), Source.FRESH, A);
        good.onNetworkChanged("mobile");
        scripted.says(addresses(60, B));
        isFrom(now(HTTPS), Source.FRESH, B);
        good.onNetworkChanged("wifi");
        isFrom(now(HTTPS), Source.FRESH, A);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void prewarmingIsALookupThatNobodyWaitsFor() {
        scripted.says(addresses(60, A));
        good.prewarm(List.of(HOST, "other.example"));
        assertThat(asked()).isEqualTo(2);
        isFrom(now(HTTPS), Source.FRESH, A);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void theFastPathHandsOutOneFuture() {
        scripted.says(addresses(60, A));
        now(HTTPS);
        CompletableFuture<Resolution> ready = lookup(HTTPS);
        assertThat(lookup(HTTP)).isSameAs(ready);
        assertThat(good.lookup("DB.example.", HTTPS)).isSameAs(ready);
    }

    @Test
    void aTimeToLiveIsFiveSecondsAtLeastAndAnHourAtMost() {
        expired(1, A);
        assertThat(asked()).isEqualTo(1);
        scripted.says(addresses(86_400, A));
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
        pass(2879); // the last fifth of the hour begins a second later
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
        scripted.says(servfail());
        pass(720);
        assertThat(now(HTTPS).from().source()).isEqualTo(Source.FRESH);
        pass(1);
        assertThat(now(HTTPS).from().source()).isEqualTo(Source.STALE);
    }

    @Test
    void aTimeToLiveOfZeroIsNeverFreshButServesAsLastGood() {
        scripted.says(addresses(0, A));
        isFrom(now(HTTPS), Source.FRESH, A);
        isFrom(now(HTTPS), Source.FRESH, A);
        assertThat(asked()).isEqualTo(2);
        scripted.says(servfail());
        isFrom(now(HTTPS), Source.STALE, A);
    }

    @Test
    void aNegativeWithoutLastGoodIsRememberedForItsTimeAndThirtySecondsAtMost() {
        scripted.says(empty(3600));
        now(HTTPS);
        pass(29.9);
        assertThat(now(HTTPS).answer()).isEqualTo(empty(3600));
        assertThat(asked()).isEqualTo(1);
        pass(0.1);
        scripted.says(servfail());
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
        assertThat(events).isEmpty();
    }

    @Test
    void aNegativeThatNoZoneVouchesForIsRememberedForFiveSeconds() {
        scripted.says(empty(0));
        now(HTTPS);
        pass(4.999);
        now(HTTPS);
        assertThat(asked()).isEqualTo(1);
        pass(0.001);
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void literalsAreAnsweredAtOnce() {
        isFrom(good.lookup("192.0.2.9", HTTPS).join(), Source.FRESH, "192.0.2.9");
        isFrom(good.lookup("2001:db8::9", HTTPS).join(), Source.FRESH, "2001:db8:0:0:0:0:0:9");
        assertThat(asked()).isZero();
        assertThat(Literals.address("999.0.2.9")).isNull();
        assertThat(Literals.address("face")).isNull();
    }

    @Test
    void remembersABoundedNumberOfNames() {
        LastGood small =
                LastGood.builder(ResolverChain.of(scripted), runtime).names(2).build();
        scripted.says(addresses(3600, A));
        for (int i = 0; i < 50; i++) {
            small.lookup("host" + i + ".example", HTTPS).join();
        }
        for (int i = 0; i < 50; i++) {
            small.lookup("host" + i + ".example", HTTPS).join();
        }
        assertThat(asked()).isGreaterThanOrEqualTo(96);
    }

    @Test
    void theLeastRecentlyUsedNameIsRemovedIfCaffeineDoesNotRun() {
        BoundedMap<String> map = new BoundedMap.Small<>(2);
        map.getOrMake("a", name -> "1");
        map.getOrMake("b", name -> "2");
        assertThat(map.get("a")).isEqualTo("1");
        map.getOrMake("c", name -> "3");
        assertThat(map.get("b")).isNull();
        assertThat(map.get("a")).isEqualTo("1");
    }

    @Test
    void closesTheResolvers() {
        good.close();
        assertThat(scripted.closed).isTrue();
    }

    @Test
    void refusesWhatMakesNoSense() {
        LastGood.Builder builder = LastGood.builder(ResolverChain.of(scripted), runtime);
        assertThatThrownBy(() -> builder.retainFor(Duration.ofHours(25)))
                .hasMessage("retainFor: PT25H (expected: from zero to PT24H)");
        assertThatThrownBy(() -> builder.staleFor(Duration.ofHours(-1)))
                .hasMessage("staleFor: PT-1H (expected: from zero to PT168H)");
        assertThatThrownBy(() -> builder.staleFor(Duration.ofSeconds(Long.MAX_VALUE)))
                .hasMessageContaining("expected: from zero to PT168H");
        assertThatThrownBy(() -> builder.names(0)).hasMessage("names: 0 (expected: >= 1)");
    }

    @Test
    void asksAgainWhereAllThatIsKnownIsTooOld() {
        LastGood forgetful = LastGood.builder(ResolverChain.of(scripted), runtime)
                .staleFor(Duration.ZERO)
                .build();
        pass(200); // the clock's readings are negative now
        scripted.says(addresses(60, A));
        forgetful.lookup(HOST, HTTPS).join();
        pass(3600);
        isFrom(forgetful.lookup(HOST, HTTPS).join(), Source.FRESH, A);
    }

    @Test
    void aLateAnswerDoesNotReplaceANewerOne() {
        lookup(HTTPS);
        pass(9); // the deadline, and the time to ask again
        scripted.says(new Answer.Blocked("EDE 15"));
        assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Blocked.class);
        scripted.answer(addresses(60, A));
        assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Blocked.class);
    }

    @Test
    void whatBreaksWhileTheChainIsAskedIsAFailedAnswerAndNoEndlessWait() {
        boolean[] isBroken = {false};
        FaultInjection breaking = new FaultInjection() {
            @Override
            public Injected ofName(String host) {
                if (isBroken[0]) {
                    throw new IllegalStateException("bug");
                }
                return Injected.NONE;
            }

            @Override
            public Injected ofEndpoint(Collection<FailureDomain> dependsOn) {
                return Injected.NONE;
            }
        };
        LastGood names = LastGood.builder(ResolverChain.of(scripted), runtime.faultInjection(breaking))
                .build();
        isBroken[0] = true;
        assertThat(names.lookup(HOST, HTTPS).join().answer()).asString().contains("IllegalStateException: bug");
        isBroken[0] = false;
        pass(5);
        scripted.says(addresses(60, A));
        isFrom(names.lookup(HOST, HTTPS).join(), Source.FRESH, A);
    }

    @Test
    void aProvenAddressThatFailedOnceIsUsedAfterTheClientTimerWhileTheChainIsSilent() {
        scripted.says(addresses(60, A));
        now(HTTPS);
        good.proven(HOST, ScriptedResolver.ip(A));
        scripted.says(null);
        good.doubt(HOST, ScriptedResolver.ip(A));
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        pass(0.5);
        isFrom(waiting.join(), Source.FRESH, A);
    }

    @Test
    void aResolverThatIsInTheChainTwiceIsAskedOnce() {
        LastGood twice =
                LastGood.builder(ResolverChain.of(scripted, scripted), runtime).build();
        scripted.says(servfail());
        twice.lookup(HOST, HTTPS).join();
        assertThat(asked()).isEqualTo(1);
    }

    @Test
    void atMostSixtyFourAddressesOfANameAreUsedOfBothFamilies() {
        isKept(100, 100, 32, 32);
        isKept(100, 10, 54, 10);
        isKept(3, 100, 3, 61);
        isKept(100, 0, 64, 0);
        isKept(32, 32, 32, 32);
    }

    private void isKept(int fours, int sixes, int foursKept, int sixesKept) {
        List<String> literals = new ArrayList<>();
        for (int i = 0; i < fours; i++) {
            literals.add("198.18.0." + i);
        }
        for (int i = 0; i < sixes; i++) {
            literals.add("2001:db8::" + Integer.toHexString(i));
        }
        scripted.says(addresses(60, literals.toArray(new String[0])));
        pass(61);
        List<InetAddress> kept = now(HTTPS).addresses();
        assertThat(kept).filteredOn(Inet4Address.class::isInstance).hasSize(foursKept);
        assertThat(kept).hasSize(foursKept + sixesKept);
    }

    @Test
    void anAddressThatContainsZerosOnlyIsABlock() {
        for (String literal : List.of("0.0.0.0", "::", "64:ff9b::", "::ffff:0:0.0.0.0", "2002::1")) {
            scripted.says(addresses(60, literal));
            pass(61);
            assertThat(now(HTTPS).answer()).as(literal).isInstanceOf(Answer.Blocked.class);
        }
    }
}

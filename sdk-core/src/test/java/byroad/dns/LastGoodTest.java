package byroad.dns;

import static byroad.Scheme.HTTP;
import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.ip;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Event;
import byroad.FakeTime;
import byroad.Provenance.Source;
import byroad.Scheme;
import byroad.Seams;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LastGoodTest {
    private static final String HOST = "db.example";
    private static final String A = "192.0.2.1";
    private static final String B = "192.0.2.2";

    private final FakeTime time = new FakeTime();
    private final List<Event> events = new ArrayList<>();
    /** Rolls zero, so that every gap has its least length. */
    private final Random noJitter = new Random() {
        @Override
        public double nextDouble() {
            return 0;
        }
    };

    private final Seams seams = Seams.standard().time(time).random(noJitter).events(events::add);
    private final ScriptedResolver scripted = new ScriptedResolver("scripted");
    private final LastGood good =
            LastGood.builder(ResolverChain.of(scripted), seams).build();

    private CompletableFuture<Resolution> lookup(Scheme scheme) {
        return good.lookup(HOST, scheme);
    }

    private Resolution now(Scheme scheme) {
        CompletableFuture<Resolution> answer = lookup(scheme);
        assertThat(answer).isDone();
        return answer.join();
    }

    private void pass(double seconds) {
        time.advance(Duration.ofMillis((long) (seconds * 1000)));
    }

    private int asked() {
        return scripted.questions.size();
    }

    /** A name that was looked up, was proven unless it is said otherwise, and whose time to live is over. */
    private void expired(int ttl, String... literals) {
        scripted.says(addresses(ttl, literals));
        now(HTTPS);
        pass(Math.max(ttl, 5));
    }

    private static void isFrom(Resolution found, Source source, String... literals) {
        assertThat(found.from().source()).isEqualTo(source);
        assertThat(found.addresses()).extracting(InetAddress::getHostAddress).containsExactly(literals);
    }

    @Test
    void answersFreshAddressesWithoutAsking() {
        scripted.says(addresses(60, A));
        isFrom(now(HTTPS), Source.FRESH, A);
        pass(59.9);
        assertThat(now(HTTP).from().age()).isEqualTo(Duration.ofMillis(59_900));
        assertThat(asked()).isEqualTo(1);
        pass(0.1);
        scripted.says(addresses(60, B));
        isFrom(now(HTTPS), Source.FRESH, B);
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
        pass(3599);
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
        pass(1);
        now(HTTPS);
        assertThat(asked()).isEqualTo(3);
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
    void servesStaleWhenTheChainFailsAndSaysSoOnce() {
        expired(60, A);
        scripted.says(servfail());
        Resolution found = now(HTTP);
        isFrom(found, Source.STALE, A);
        assertThat(found.from().reason()).isEqualTo("scripted: SERVFAIL");
        assertThat(found.from().age()).isEqualTo(Duration.ofSeconds(60));
        isFrom(now(HTTPS), Source.STALE, A);
        assertThat(events).containsExactly(new Event.AnswerOutlived(HOST, found.from()));
    }

    @Test
    void servesStaleNoLongerThanItMay() {
        LastGood brief = LastGood.builder(ResolverChain.of(scripted), seams)
                .staleFor(Duration.ofMinutes(10))
                .build();
        scripted.says(addresses(60, A));
        brief.lookup(HOST, HTTPS).join();
        scripted.says(servfail());
        pass(60 + 599);
        isFrom(brief.lookup(HOST, HTTPS).join(), Source.STALE, A);
        pass(1);
        assertThat(brief.lookup(HOST, HTTPS).join().answer()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void answersStaleAfterTheClientTimerWhileTheRefreshGoesOn() {
        expired(60, A);
        scripted.says(null);
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        pass(0.499);
        assertThat(waiting).isNotDone();
        pass(0.001);
        isFrom(waiting.join(), Source.STALE, A);
        isFrom(now(HTTPS), Source.STALE, A); // the timer runs from when the chain was asked
        assertThat(asked()).isEqualTo(2);
        pass(1);
        scripted.answer(addresses(60, B));
        isFrom(now(HTTPS), Source.FRESH, B);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void theRefreshThatIsInTimeIsUsed() {
        expired(60, A);
        scripted.says(null);
        CompletableFuture<Resolution> waiting = lookup(HTTPS);
        pass(0.4);
        scripted.answer(addresses(60, B));
        isFrom(waiting.join(), Source.FRESH, B);
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void asksOnceForManyCallers() {
        scripted.says(null);
        CompletableFuture<Resolution> first = lookup(HTTPS);
        CompletableFuture<Resolution> second = lookup(HTTP);
        assertThat(asked()).isEqualTo(1);
        scripted.answer(addresses(60, A));
        isFrom(first.join(), Source.FRESH, A);
        isFrom(second.join(), Source.FRESH, A);
    }

    @Test
    void afterAFailedRefreshItAsksAgainAfterFiveSecondsDoublingToSixty() {
        expired(60, A);
        scripted.says(servfail());
        now(HTTPS);
        for (double gap : new double[] {5, 10, 20, 40, 60, 60}) {
            int before = asked();
            pass(gap - 0.1);
            isFrom(now(HTTPS), Source.STALE, A);
            assertThat(asked()).isEqualTo(before);
            pass(0.1);
            now(HTTPS);
            assertThat(asked()).as("after " + gap).isEqualTo(before + 1);
        }
        pass(60);
        scripted.says(addresses(60, B));
        isFrom(now(HTTPS), Source.FRESH, B);
    }

    @Test
    void jitterMakesTheGapLonger() {
        Random most = new Random() {
            @Override
            public double nextDouble() {
                return 0.999;
            }
        };
        LastGood jittered =
                LastGood.builder(ResolverChain.of(scripted), seams.random(most)).build();
        scripted.says(addresses(60, A));
        jittered.lookup(HOST, HTTPS).join();
        pass(60);
        scripted.says(servfail());
        jittered.lookup(HOST, HTTPS).join();
        pass(5.9);
        jittered.lookup(HOST, HTTPS).join();
        assertThat(asked()).isEqualTo(2);
        pass(0.1);
        jittered.lookup(HOST, HTTPS).join();
        assertThat(asked()).isEqualTo(3);
    }

    @Test
    void holdsOnlyProvenAddressesAgainstAnAgreedNegative() {
        scripted.says(addresses(60, A, B));
        now(HTTPS);
        good.proven(HOST, ip(B));
        pass(61);
        scripted.says(empty(5));
        Resolution found = now(HTTPS);
        isFrom(found, Source.HELD, B);
        assertThat(found.from().reason()).isEqualTo("the resolvers agree that it has no address (scripted: NODATA)");
        now(HTTPS);
        assertThat(events).containsExactly(new Event.AnswerOutlived(HOST, found.from()));
    }

    @Test
    void holdsAgainstNoSuchNameToo() {
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(new Answer.NoSuchName(Duration.ofSeconds(5)));
        isFrom(now(HTTPS), Source.HELD, A);
    }

    @Test
    void believesTheNegativeForHttpAndForUnprovenAddresses() {
        expired(60, A);
        scripted.says(empty(5));
        assertThat(now(HTTPS).answer()).isEqualTo(empty(5));
        assertThat(events).containsExactly(new Event.NegativeBelieved(HOST, "scripted: NODATA"));

        scripted.says(addresses(60, A));
        pass(5);
        isFrom(now(HTTP), Source.FRESH, A);
        good.proven(HOST, ip(A));
        pass(60);
        scripted.says(empty(5));
        assertThat(now(HTTP).answer()).isEqualTo(empty(5));
        isFrom(now(HTTPS), Source.HELD, A);
    }

    @Test
    void theHoldRunsOutAnHourAfterTheFirstNegative() {
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(empty(5));
        now(HTTPS);
        pass(3599);
        isFrom(now(HTTPS), Source.HELD, A);
        scripted.says(servfail()); // no news: the hold goes on, and does not start anew
        pass(0.9);
        isFrom(now(HTTPS), Source.HELD, A);
        scripted.says(empty(5));
        pass(0.1);
        assertThat(now(HTTPS).answer()).isEqualTo(empty(5));
        pass(600);
        now(HTTPS);
        assertThat(events).filteredOn(Event.NegativeBelieved.class::isInstance).hasSize(1);
    }

    @Test
    void aDeniedRecordIsNotServedStaleWhenTheChainFailsLater() {
        expired(60, A);
        scripted.says(empty(5));
        now(HTTPS);
        pass(5);
        scripted.says(servfail());
        assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void whileHeldItAsksAgainAndUsesWhatComes() {
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(empty(1));
        now(HTTPS);
        pass(4.9);
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
        pass(0.1);
        now(HTTPS);
        assertThat(asked()).isEqualTo(3);
        scripted.says(addresses(60, B));
        pass(10);
        isFrom(now(HTTPS), Source.FRESH, B);
        good.proven(HOST, ip(B));
        pass(60);
        scripted.says(empty(1));
        now(HTTPS);
        assertThat(events).filteredOn(Event.AnswerOutlived.class::isInstance).hasSize(2);
    }

    @Test
    void anAddressStaysProvenWhileItIsInTheNewAnswer() {
        expired(60, A, B);
        good.proven(HOST, ip(A));
        good.proven(HOST, ip(B));
        scripted.says(addresses(60, B));
        now(HTTPS);
        pass(60);
        scripted.says(empty(5));
        isFrom(now(HTTPS), Source.HELD, B);
    }

    @Test
    void aBlockIsBelievedAtOnceAndForgivesNothing() {
        expired(60, A);
        good.proven(HOST, ip(A));
        scripted.says(new Answer.Blocked("EDE 15"));
        assertThat(now(HTTPS).answer()).isEqualTo(new Answer.Blocked("EDE 15"));
        pass(30);
        scripted.says(empty(5));
        assertThat(now(HTTPS).answer()).isEqualTo(empty(5));
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
        pass(0.9);
        assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Failed.class);
        assertThat(asked()).isEqualTo(2);
        pass(0.1);
        now(HTTPS);
        assertThat(asked()).isEqualTo(3);
        assertThat(events).isEmpty();
    }

    @Test
    void aWrongCertificateEndsTheHold() {
        expired(60, A, B);
        good.proven(HOST, ip(A));
        good.proven(HOST, ip(B));
        scripted.says(empty(30));
        now(HTTPS);
        good.disproven(HOST, ip(A));
        pass(1);
        isFrom(now(HTTPS), Source.HELD, B);
        good.disproven(HOST, ip(B));
        pass(1);
        assertThat(now(HTTPS).answer()).isEqualTo(empty(30));
    }

    @Test
    void aWrongCertificateEndsTheUseOfAStaleAddress() {
        expired(60, A);
        scripted.says(servfail());
        now(HTTPS);
        good.disproven(HOST, ip(A));
        pass(1);
        assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void aWrongCertificateDropsAFreshAddressAsLongAsThereIsAnother() {
        scripted.says(addresses(60, A, B));
        now(HTTPS);
        now(HTTPS);
        good.disproven(HOST, ip(A));
        isFrom(now(HTTPS), Source.FRESH, B);
        good.disproven(HOST, ip(B));
        pass(1);
        scripted.says(servfail());
        isFrom(now(HTTPS), Source.FRESH, A, B);
        pass(60);
        assertThat(now(HTTPS).answer()).isInstanceOf(Answer.Failed.class);
    }

    @Test
    void aDoubtedStaleAddressIsAskedForAtOnceAndWaitedFor() {
        expired(60, A);
        scripted.says(servfail());
        now(HTTPS);
        pass(1);
        scripted.says(null);
        good.doubt(HOST, ip(A));
        CompletableFuture<Resolution> first = lookup(HTTPS);
        CompletableFuture<Resolution> second = lookup(HTTPS);
        assertThat(asked()).isEqualTo(3);
        pass(2.9);
        assertThat(first).isNotDone();
        scripted.answer(addresses(60, B));
        isFrom(first.join(), Source.FRESH, B);
        isFrom(second.join(), Source.FRESH, B);
    }

    @Test
    void doubtAsksAtMostOnceASecond() {
        expired(60, A);
        scripted.says(servfail());
        now(HTTPS);
        good.doubt(HOST, ip(A)); // newer than the answer, so it is asked at once
        isFrom(now(HTTPS), Source.STALE, A);
        assertThat(asked()).isEqualTo(3);
        good.doubt(HOST, ip(A));
        pass(0.9);
        isFrom(now(HTTPS), Source.STALE, A);
        assertThat(asked()).isEqualTo(3);
        pass(0.1);
        isFrom(now(HTTPS), Source.STALE, A);
        assertThat(asked()).isEqualTo(4);
        pass(2);
        now(HTTPS);
        assertThat(asked()).isEqualTo(4);
    }

    @Test
    void doubtInEveryFreshAddressAsksAgain() {
        scripted.says(addresses(60, A, B));
        now(HTTPS);
        pass(10);
        now(HTTPS);
        good.doubt(HOST, ip(A));
        now(HTTPS);
        assertThat(asked()).isEqualTo(1);
        good.doubt(HOST, ip(B));
        scripted.says(addresses(60, "192.0.2.3"));
        isFrom(now(HTTPS), Source.FRESH, "192.0.2.3");
        good.doubt(HOST, ip(A)); // it is not one of them any more
        pass(10);
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
    }

    @Test
    void aFreshAnswerSurvivesAFailedQuestionAboutIt() {
        scripted.says(addresses(60, A));
        now(HTTPS);
        pass(10);
        good.doubt(HOST, ip(A));
        scripted.says(servfail());
        isFrom(now(HTTPS), Source.FRESH, A);
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
                LastGood.builder(ResolverChain.of(scripted), seams).names(2).build();
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
    void whereCaffeineDoesNotRunTheLeastRecentlyUsedNameGoes() {
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
        LastGood.Builder builder = LastGood.builder(ResolverChain.of(scripted), seams);
        assertThatThrownBy(() -> builder.holdFor(Duration.ofHours(25)))
                .hasMessage("holdFor: PT25H (expected: from zero to PT24H)");
        assertThatThrownBy(() -> builder.staleFor(Duration.ofHours(-1)))
                .hasMessage("staleFor: PT-1H (expected: zero or more)");
        assertThatThrownBy(() -> builder.names(0)).hasMessage("names: 0 (expected: >= 1)");
    }
}

package byroad.dns;

import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.ip;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Provenance.Source;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Ages count the time for which the machine sleeps; a clock that is set harms nobody. */
class ClocksTest extends LastGoodFixture {
    private static final Duration TTL = Duration.ofMinutes(5);

    private void known() {
        scripted.says(addresses(300, A));
        now(HTTPS);
        good.proven(HOST, ip(A));
    }

    @Test
    void aMachineThatSleptAsksAgain() {
        known();
        time.sleep(Duration.ofHours(20));
        scripted.says(addresses(300, B));
        isFrom(now(HTTPS), Source.FRESH, B);
    }

    @Test
    void sleepMakesAddressesStaleAndThenTooOld() {
        known();
        scripted.says(servfail());
        time.sleep(Duration.ofHours(20));
        isFrom(now(HTTPS), Source.STALE, A);
        assertThat(now(HTTPS).from().age()).isEqualTo(Duration.ofHours(20));
        time.sleep(Duration.ofHours(5));
        assertThat(now(HTTPS).addresses()).isEmpty();
    }

    @Test
    void aClockThatWasWrongForAWhileDeletesNothing() {
        known();
        scripted.says(servfail());
        time.setClock(Duration.ofDays(400));
        assertThat(now(HTTPS).addresses()).isEmpty();
        pass(10);
        time.setClock(Duration.ofDays(-400));
        isFrom(now(HTTPS), Source.FRESH, A);
        pass(291);
        isFrom(now(HTTPS), Source.STALE, A);
    }

    @Test
    void aClockThatIsSetBackHarmsNobody() {
        known();
        time.setClock(Duration.ofDays(-400));
        scripted.says(servfail());
        pass(TTL.toMillis() / 1000.0 - 1);
        isFrom(now(HTTPS), Source.FRESH, A);
        pass(1);
        isFrom(now(HTTPS), Source.STALE, A);
        int before = asked();
        pass(5);
        now(HTTPS);
        assertThat(asked()).as("asked again after 5 s").isEqualTo(before + 1);
        pass(24 * 3600);
        assertThat(now(HTTPS).addresses()).isEmpty();
    }

    @Test
    void sleepAfterTheClockWasSetBackCounts() {
        time.setClock(Duration.ofDays(-1));
        known();
        time.sleep(Duration.ofHours(1));
        scripted.says(addresses(300, B));
        isFrom(now(HTTPS), Source.FRESH, B);
    }

    @Test
    void theHourOfARetainedAddressCountsSleep() {
        known();
        pass(300);
        scripted.says(empty(5));
        isFrom(now(HTTPS), Source.RETAINED, A);
        time.sleep(Duration.ofMinutes(59));
        isFrom(now(HTTPS), Source.RETAINED, A);
        time.sleep(Duration.ofMinutes(1));
        assertThat(now(HTTPS).answer()).isEqualTo(empty(5));
    }

    /** As on WSL2, whose host sets the clock every 30 s by a millisecond or two. */
    @Test
    void manySmallStepsOfTheClockAddUpToNothing() {
        scripted.says(addresses(3600, A));
        now(HTTPS);
        for (int i = 0; i < 95; i++) {
            time.setClock(Duration.ofMillis(2));
            pass(30);
            time.setClock(Duration.ofMillis(-2));
            isFrom(now(HTTPS), Source.FRESH, A);
        }
        assertThat(asked()).isEqualTo(1);
        assertThat(now(HTTPS).from().age()).isEqualTo(Duration.ofSeconds(95 * 30));
    }

    @Test
    void aNameThatFailedIsAskedAfterSleep() {
        scripted.says(servfail());
        now(HTTPS);
        time.sleep(Duration.ofSeconds(5));
        now(HTTPS);
        assertThat(asked()).isEqualTo(2);
    }
}

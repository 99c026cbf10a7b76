package byroad.dns;

import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.servfail;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Provenance.Source;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What an operator may read of the cache of names. */
class KnownHostTest extends LastGoodFixture {
    @Test
    void readingAsksNobody() {
        assertThat(good.known()).isEmpty();
        scripted.says(addresses(60, A));
        now(HTTPS);
        pass(1000);

        KnownHost expired = good.known().get(0);

        assertThat(asked()).isEqualTo(1);
        assertThat(expired.host()).isEqualTo(HOST);
        assertThat(expired.from().age()).isEqualTo(Duration.ofSeconds(1000));
        assertThat(expired.proven()).isEmpty();
    }

    @Test
    void whatNobodyWantedSinceIsExpiredAndWhatResolversWithholdIsStale() {
        scripted.says(addresses(60, A));
        now(HTTPS);
        pass(1000);

        assertThat(good.known().get(0).from()).hasToString("expired, 1000s old, by scripted");
        scripted.says(servfail());
        now(HTTPS);

        assertThat(good.known().get(0).from().source()).isEqualTo(Source.STALE);
    }

    @Test
    void itTellsWhatIsHeld() throws Exception {
        scripted.says(addresses(60, A, B));
        now(HTTPS);
        good.proven(HOST, InetAddress.getByName(A));
        pass(60);
        scripted.says(empty(5));
        now(HTTPS);

        KnownHost held = good.known().get(0);

        assertThat(held.from().source()).isEqualTo(Source.RETAINED);
        assertThat(held.addresses()).hasToString("[/" + A + "]").isEqualTo(held.proven());
    }

    @Test
    void resolversAreReadInOrder() {
        assertThat(good.resolvers()).hasToString("[scripted in place]");
    }
}

package byroad.test;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class DnsZoneTest {
    private final DnsZone zone = new DnsZone();
    private final Duration ttl = Duration.ofSeconds(5);

    @Test
    void refusesWhatIsNoName() {
        assertRefused(() -> zone.put("a..test", ttl, "127.0.0.1"), "name: a..test (expected: a domain name)");
        assertRefused(() -> zone.alias("a.test", ttl, "x".repeat(64) + ".test"), "target: " + "x".repeat(64));
        assertRefused(() -> zone.empty("bücher.test"), "name: bücher.test (expected: ASCII; punycode");
    }

    @Test
    void refusesWhatIsNoAddress() {
        assertRefused(() -> zone.put("a.test", ttl, "localhost"), "ips: localhost (expected: an IP address)");
        assertRefused(() -> zone.put("a.test", ttl, "127.1"), "ips: 127.1 (expected: an IP address)");
        assertRefused(() -> zone.put("a.test", ttl), "ips: none (expected: at least one; use empty");
    }

    @Test
    void refusesATtlThatDnsCannotSay() {
        String expected = " (expected: whole seconds, 0 to 2147483647)";
        assertRefused(() -> zone.put("a.test", Duration.ofMillis(1500), "127.0.0.1"), "ttl: PT1.5S" + expected);
        assertRefused(() -> zone.alias("a.test", Duration.ofSeconds(-1), "b.test"), "ttl: PT-1S" + expected);
        assertRefused(() -> zone.empty("a.test", Duration.ofDays(30_000)), "negativeTtl: PT720000H" + expected);
    }

    @Test
    void refusesAnExtendedErrorThatDoesNotMeanBlocked() {
        assertRefused(() -> zone.blocked("a.test", 22), "ede: 22 (expected: 15 to 18)");
    }

    private static void assertRefused(ThrowingCallable call, String message) {
        assertThatIllegalArgumentException().isThrownBy(call).withMessageStartingWith(message);
    }
}

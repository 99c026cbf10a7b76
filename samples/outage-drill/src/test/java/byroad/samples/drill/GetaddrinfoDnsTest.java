package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import byroad.test.DnsServer;
import byroad.test.DnsServer.Behaviour;
import byroad.test.DnsZone;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class GetaddrinfoDnsTest {
    private static final String HOST = "api.example.test";

    private final DnsZone zone = new DnsZone().put(HOST, Duration.ofSeconds(1), "127.0.0.2");
    private final DnsServer first = DnsServer.start("127.0.0.1", zone);
    private final DnsServer second = DnsServer.start("127.0.0.1", zone);
    private final GetaddrinfoDns dns = new GetaddrinfoDns(List.of(first.address(), second.address()));

    @AfterEach
    void close() {
        first.close();
        second.close();
    }

    @Test
    void theFirstServerIsAskedOnceAndItsAnswerKept() throws UnknownHostException {
        assertThat(dns.lookup(HOST)).extracting(InetAddress::getHostAddress).containsExactly("127.0.0.2");
        dns.lookup(HOST);

        assertThat(first.questions()).isOne();
        assertThat(second.questions()).isZero();
    }

    @Test
    void servfailGoesToTheNextServer() throws UnknownHostException {
        first.behave(Behaviour.SERVFAIL);

        assertThat(dns.lookup(HOST)).hasSize(1);
        assertThat(second.questions()).isOne();
    }

    @Test
    void anEmptyAnswerAndAMissingNameEndTheSearch() {
        zone.empty(HOST);

        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> dns.lookup(HOST));
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> dns.lookup("missing.example.test"));
        assertThat(second.questions()).isZero();
    }

    @Test
    void aFailureIsKeptToo() {
        zone.empty(HOST);
        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> dns.lookup(HOST));
        zone.put(HOST, Duration.ofSeconds(1), "127.0.0.2");

        assertThatExceptionOfType(UnknownHostException.class).isThrownBy(() -> dns.lookup(HOST));
        assertThat(first.questions()).isOne();
    }
}

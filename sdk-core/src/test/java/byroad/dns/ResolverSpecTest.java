package byroad.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ResolverSpecTest {
    @Test
    void understandsTheSystem() {
        assertThat(ResolverSpec.parse("system")).isEqualTo(new ResolverSpec.OwnDns());
    }

    @Test
    void knowsOperatorsWithTheirAddresses() {
        ResolverSpec.Https quad9 = (ResolverSpec.Https) ResolverSpec.parse("Quad9");
        assertThat(quad9.name()).isEqualTo("quad9");
        assertThat(quad9.domain()).hasToString("quad9");
        assertThat(quad9.url()).isEqualTo("https://dns10.quad9.net/dns-query");
        assertThat(quad9.bootstrap()).hasSize(4).contains(ScriptedResolver.ip("9.9.9.10"));
        for (String name : KnownOperator.names()) {
            assertThat(((ResolverSpec.Https) ResolverSpec.parse(name)).bootstrap())
                    .hasSize(4);
        }
    }

    @Test
    void understandsUdp() {
        ResolverSpec.Udp plain = (ResolverSpec.Udp) ResolverSpec.parse("udp://10.0.0.53");
        assertThat(plain.server().getPort()).isEqualTo(53);
        assertThat(plain.domain()).hasToString("10.0.0.53");
        ResolverSpec.Udp six = (ResolverSpec.Udp) ResolverSpec.parse("udp://[2001:db8::53]:5353");
        assertThat(six.server().getPort()).isEqualTo(5353);
        assertThat(six.domain()).hasToString("2001:db8::53");
    }

    @Test
    void understandsHttps() {
        ResolverSpec.Https own = (ResolverSpec.Https) ResolverSpec.parse("https://Dns.example/dns-query");
        assertThat(own.url()).isEqualTo("https://Dns.example/dns-query");
        assertThat(own.domain()).hasToString("dns.example");
        assertThat(own.bootstrap()).isEmpty();
        ResolverSpec.Https literal = (ResolverSpec.Https) ResolverSpec.parse("https://192.0.2.53:8443/dns-query");
        assertThat(literal.bootstrap()).containsExactly(ScriptedResolver.ip("192.0.2.53"));
    }

    @Test
    void oneOperatorIsOneDomainHoweverItIsWritten() {
        assertThat(ResolverSpec.parse("udp://9.9.9.9").domain()).hasToString("quad9");
        assertThat(ResolverSpec.parse("udp://[2620:fe:0::fe]").domain()).hasToString("quad9");
        ResolverSpec.Https google = (ResolverSpec.Https) ResolverSpec.parse("https://dns.google/dns-query");
        assertThat(google.domain()).hasToString("google");
        assertThat(google.bootstrap()).hasSize(4);
    }

    @Test
    void refusesTheRestNamingWhatWasExpected() {
        String expected = "(expected: system, quad9, google, cloudflare, adguard, https://dns.example/dns-query or"
                + " udp://10.0.0.53)";
        refused("quad8", "resolver: \"quad8\" (did you mean \"quad9\"?) " + expected);
        refused("sytem", "resolver: \"sytem\" (did you mean \"system\"?) " + expected);
        refused("1.1.1.1", "resolver: \"1.1.1.1\" " + expected);
        refused("tls://quad9", "resolver: \"tls://quad9\": DNS over TLS is not supported yet " + expected);
        refused("udp://dns.example", "udp:// takes an IP address and a port at most");
        refused("udp://10.0.0.53/x", "udp:// takes an IP address and a port at most");
        refused("udp://10.0.0.53:70000", "port 70000 is not from 1 to 65535");
        refused("https://dns.example", "the path is missing, often /dns-query");
        refused("https://user:secret@dns.example/dns-query", "expected");
        refused("", "expected");
    }

    private static void refused(String text, String message) {
        assertThatThrownBy(() -> ResolverSpec.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }
}

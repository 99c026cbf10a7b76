package byroad.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetSocketAddress;
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
        assertThat(new ResolverText("udp://10.0.0.53").server()).isEqualTo(at("10.0.0.53", 53));
        assertThat(new ResolverText("udp://[2001:db8::53]:5353").server()).isEqualTo(at("2001:db8::53", 5353));
        isMade("udp://10.0.0.53", "10.0.0.53");
        isMade("udp://[2001:db8::53]:5353", "2001:db8::53");
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
    void addressesOfAHostOverHttpsStandBehindIt() {
        ResolverSpec.Https own =
                (ResolverSpec.Https) ResolverSpec.parse("https://dns.example:8443/dns-query@192.0.2.1@[2001:db8::1]");
        assertThat(own.url()).isEqualTo("https://dns.example:8443/dns-query");
        assertThat(own.bootstrap())
                .containsExactly(ScriptedResolver.ip("192.0.2.1"), ScriptedResolver.ip("2001:db8::1"));
    }

    @Test
    void understandsTcp() {
        assertThat(new ResolverText("tcp://10.0.0.53").server()).isEqualTo(at("10.0.0.53", 53));
        isMade("tcp://10.0.0.53", "10.0.0.53");
    }

    private static void isMade(String text, String domain) {
        assertThat(ResolverSpec.parse(text)).isInstanceOf(ResolverSpec.Made.class);
        assertThat(ResolverSpec.parse(text).name()).isEqualTo(text);
        assertThat(ResolverSpec.parse(text).domain()).hasToString(domain);
    }

    @Test
    void knowsOperatorsOverTls() {
        ResolverText cloudflare = new ResolverText("tls://cloudflare");
        assertThat(cloudflare.host()).isEqualTo("one.one.one.one");
        isMade("tls://cloudflare", "cloudflare");
        assertThat(cloudflare.tlsServers()).hasSize(4).contains(at("1.1.1.1", 853));
        assertThat(ResolverSpec.parse("tls://one.one.one.one").domain()).hasToString("cloudflare");
        for (String name : KnownOperator.names()) {
            assertThat(new ResolverText("TLS://" + name).tlsServers()).hasSize(4);
        }
    }

    @Test
    void understandsTlsWithAddresses() {
        assertThat(tls("tls://dns.example@192.0.2.1")).isEqualTo("dns.example [/192.0.2.1:853]");
        assertThat(tls("tls://dns.example@192.0.2.1:8853")).isEqualTo("dns.example [/192.0.2.1:8853]");
        assertThat(tls("tls://dns.example:8853@192.0.2.1@[2001:db8::1]:853"))
                .isEqualTo("dns.example [/192.0.2.1:8853, /[2001:db8:0:0:0:0:0:1]:853]");
        assertThat(tls("tls://192.0.2.1")).isEqualTo("192.0.2.1 [/192.0.2.1:853]");
        assertThat(tls("tls://[2001:db8::1]:8853")).isEqualTo("2001:db8::1 [/[2001:db8:0:0:0:0:0:1]:8853]");
        assertThat(ResolverSpec.parse("tls://dns.example@9.9.9.9").domain()).hasToString("quad9");
    }

    private static String tls(String text) {
        ResolverText tls = new ResolverText(text);
        return tls.host() + " " + tls.tlsServers();
    }

    private static InetSocketAddress at(String ip, int port) {
        return new InetSocketAddress(ScriptedResolver.ip(ip), port);
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
        String expected = "(expected: system, quad9, google, cloudflare, adguard, https://dns.example/dns-query,"
                + " tls://quad9, tls://dns.example@192.0.2.1, udp://10.0.0.53 or tcp://10.0.0.53)";
        refused("quad8", "resolver: \"quad8\" (did you mean \"quad9\"?) " + expected);
        refused("sytem", "resolver: \"sytem\" (did you mean \"system\"?) " + expected);
        refused("1.1.1.1", "resolver: \"1.1.1.1\" " + expected);
        refused("tsl://quad9", "resolver: \"tsl://quad9\" (did you mean \"tls://quad9\"?) " + expected);
        refused("tls://quad8", "(did you mean \"quad9\"?)");
        refused("tls://dns.example", "the address of dns.example is not known; write tls://dns.example@192.0.2.1");
        refused("tls://dns.example@10.0.0", "\"10.0.0\" is not an IP address");
        refused("tls://dns.example@2001:db8::1", "\"2001:db8::1\" is not an IP address (IPv6 in brackets)");
        refused("tls://dns.example@192.0.2.1:0", "port 0 is not from 1 to 65535");
        refused("tls://dns.example/dns-query@192.0.2.1", "tls:// takes no path");
        refused("tcp://dns.example", "udp:// and tcp:// take an IP address and a port at most");
        refused("https://dns.example/dns-query@192.0.2.1:8443", "the port must follow the host");
        refused("https://dns.example/dns-query@other.example", "\"other.example\" is not an IP address");
        refused("udp://dns.example", "udp:// and tcp:// take an IP address and a port at most");
        refused("udp://10.0.0.53/x", "udp:// and tcp:// take an IP address and a port at most");
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

    @Test
    void variantsOfOneOperatorAreOne() {
        for (String text :
                new String[] {"udp://1.1.1.2", "https://family.cloudflare-dns.com/dns-query", "cloudflare"}) {
            assertThat(ResolverSpec.parse(text).domain().path()).isEqualTo("cloudflare");
        }
        assertThat(ResolverSpec.parse("tls://dns11.quad9.net@9.9.9.11").domain())
                .isEqualTo(ResolverSpec.parse("udp://9.9.9.9").domain());
    }

    private static Object server(String text) {
        return ResolverSpec.parse(text).server();
    }

    @Test
    void twoTextsOfOneServerAreTheSame() {
        assertThat(server("system")).isEqualTo(server(" SYSTEM "));
        assertThat(server("udp://10.0.0.53")).isEqualTo(server("UDP://10.0.0.53:53"));
        assertThat(server("udp://[::ffff:10.0.0.53]")).isEqualTo(server("udp://10.0.0.53"));
        assertThat(server("tls://9.9.9.9")).isEqualTo(server("tls://dns.quad9.net@9.9.9.9:853"));
        assertThat(server("tls://quad9")).isEqualTo(server("tls://9.9.9.10"));
        assertThat(server("quad9")).isEqualTo(server("https://DNS10.quad9.net:443/dns-query"));
        assertThat(server("https://DNS.example:443/dns-query")).isEqualTo(server("https://dns.example/dns-query"));
    }

    @Test
    void otherServersPortsAndTransportsAreNot() {
        assertThat(server("udp://10.0.0.53")).isNotEqualTo(server("udp://10.0.0.54"));
        assertThat(server("udp://10.0.0.53")).isNotEqualTo(server("udp://10.0.0.53:54"));
        assertThat(server("udp://10.0.0.53")).isNotEqualTo(server("tcp://10.0.0.53"));
        assertThat(server("https://dns.example/a")).isNotEqualTo(server("https://dns.example/b"));
        assertThat(server("quad9")).isNotEqualTo(server("google"));
        assertThat(new ResolverSpec.Made(new ScriptedResolver("a")).server())
                .isNotEqualTo(new ResolverSpec.Made(new ScriptedResolver("a")).server());
    }
}

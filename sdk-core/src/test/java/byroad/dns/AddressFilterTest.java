package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressFilterTest {
    private final AddressFilter filter = new AddressFilter("corp.example", ".lan", "*.Home.Example.");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.255.255.255",
                "10.0.0.0",
                "10.255.255.255",
                "100.64.0.0",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.255",
                "169.254.0.0",
                "169.254.169.254",
                "169.254.255.255",
                "172.16.0.0",
                "172.31.255.255",
                "192.0.0.0",
                "192.0.0.255",
                "192.0.2.0",
                "192.0.2.255",
                "192.168.0.0",
                "192.168.255.255",
                "198.18.0.0",
                "198.19.255.255",
                "198.51.100.0",
                "198.51.100.255",
                "203.0.113.0",
                "203.0.113.255",
                "224.0.0.0",
                "239.255.255.255",
                "240.0.0.0",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:10.0.0.1",
                "64:ff9b::10.0.0.1",
                "64:ff9b::a9fe:a9fe",
                "::ffff:0:10.0.0.1", // translated
                "2001:67c::5efe:10.0.0.1", // ISATAP
                "2001:67c::200:5efe:a9fe:a9fe",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:1ff:ffff::",
                "2001:db8::",
                "2001:db8:ffff:ffff:ffff:ffff:ffff:ffff",
                "2002:a00:1::1",
                "2002:7f00:1::",
                "3fff:fff::1",
                "5f00::1",
                "fc00::",
                "fd00:ec2::254",
                "fdff:ffff::1",
                "fe80::1",
                "febf::1",
                "fec0::1",
                "ff02::1"
            })
    void isSpecial(String address) {
        assertThat(AddressFilter.isSpecial(ip(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.0.0.0",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "191.255.255.255",
                "192.0.1.0",
                "192.0.3.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "198.51.99.255",
                "198.51.101.0",
                "203.0.112.255",
                "203.0.114.0",
                "223.255.255.255",
                "::ffff:9.9.9.9",
                "64:ff9b::8.8.8.8",
                "64:ff9a::1",
                "2001:200::1",
                "2001:db7::1",
                "2001:db9::1",
                "2002:808:808::1",
                "2606:4700::1111",
                "2620:fe::fe",
                "3ffe::1",
                "fbff::1",
                "2a00::1"
            })
    void isPublic(String address) {
        assertThat(AddressFilter.isSpecial(ip(address))).isFalse();
    }

    /** The JDK turns such an address into one of IPv4 only where it is asked the usual way. */
    @Test
    void aMappedAddressIsJudgedAsTheOneInside() throws UnknownHostException {
        byte[] mapped = ip("::1").getAddress();
        mapped[10] = -1;
        mapped[11] = -1;
        InetAddress loopback = Inet6Address.getByAddress("", with(mapped, 127, 0, 0, 1), -1);
        assertThat(loopback).isInstanceOf(Inet6Address.class);
        assertThat(AddressFilter.isSpecial(loopback)).isTrue();
        assertThat(AddressFilter.isSpecial(Inet6Address.getByAddress("", with(mapped, 9, 9, 9, 9), -1)))
                .isFalse();
    }

    private static byte[] with(byte[] mapped, int... inside) {
        byte[] address = mapped.clone();
        for (int i = 0; i < 4; i++) {
            address[12 + i] = (byte) inside[i];
        }
        return address;
    }

    @Test
    void specialAddressesAreTakenOutAndTheRestStays() {
        assertThat(filter.admit("a.example", addresses(60, "10.0.0.1", "9.9.9.9", "fe80::1")))
                .isEqualTo(addresses(60, "9.9.9.9"));
    }

    @Test
    void anAnswerWithNothingElseIsAFailureThatNamesTheRange() {
        assertThat(filter.admit("a.example", addresses(60, "192.168.0.1", "10.0.0.1")))
                .isEqualTo(new Answer.Failed("only addresses that are not public, in 10.0.0.0/8"));
    }

    @Test
    void publicAnswersAndNegativesPassUntouched() {
        Answer found = addresses(60, "9.9.9.9");
        assertThat(filter.admit("a.example", found)).isSameAs(found);
        assertThat(filter.admit("a.example", empty(5))).isEqualTo(empty(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"corp.example", "db.corp.example", "nas.lan", "tv.home.example"})
    void exceptedHostsMayHaveAnyAddress(String host) {
        Answer inner = addresses(60, "10.0.0.1");
        assertThat(filter.admit(host, inner)).isSameAs(inner);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evilcorp.example", "corp.example.evil.example", "example", "plan"})
    void aNameThatOnlyEndsAlikeIsNotExcepted(String host) {
        assertThat(filter.admit(host, addresses(60, "10.0.0.1"))).isInstanceOf(Answer.Failed.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "*.", "*"})
    void anExceptionForEverythingIsAnError(String suffix) {
        assertThatThrownBy(() -> new AddressFilter(suffix))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("exceptSuffixes: \"" + suffix + "\"");
    }
}

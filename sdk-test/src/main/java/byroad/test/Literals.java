package byroad.test;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.xbill.DNS.Address;
import org.xbill.DNS.Name;
import org.xbill.DNS.TTL;
import org.xbill.DNS.TextParseException;

/** Parses names, addresses and TTLs that callers pass. Looks nothing up. */
final class Literals {
    private Literals() {}

    static Name name(String what, String text) {
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException(what + ": " + text + " (expected: ASCII; punycode for other letters)");
        }
        try {
            return Name.fromString(text, Name.root);
        } catch (TextParseException e) {
            throw new IllegalArgumentException(what + ": " + text + " (expected: a domain name)", e);
        }
    }

    static InetAddress address(String what, String text) {
        byte[] v4 = Address.toByteArray(text, Address.IPv4);
        byte[] v6 = v4 == null ? Address.toByteArray(text, Address.IPv6) : null;
        try {
            if (v4 != null) {
                return InetAddress.getByAddress(v4);
            }
            if (v6 != null) {
                // InetAddress.getByAddress would turn ::ffff:127.0.0.1 into an IPv4 address
                return Inet6Address.getByAddress(null, v6, -1);
            }
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(what + ": " + text + " (expected: an IP address)", e);
        }
        throw new IllegalArgumentException(what + ": " + text + " (expected: an IP address)");
    }

    static InetAddress loopback(String what, String text) {
        InetAddress address = address(what, text);
        if (!address.isLoopbackAddress()) {
            throw new IllegalArgumentException(
                    what + ": " + text + " (expected: a loopback address such as 127.0.0.2)");
        }
        return address;
    }

    static long seconds(String what, Duration ttl) {
        long seconds = ttl.getSeconds();
        if (ttl.getNano() != 0 || seconds < 0 || seconds > TTL.MAX_VALUE) {
            throw new IllegalArgumentException(
                    what + ": " + ttl + " (expected: whole seconds, 0 to " + TTL.MAX_VALUE + ")");
        }
        return seconds;
    }
}

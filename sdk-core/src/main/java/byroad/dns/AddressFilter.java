package byroad.dns;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A filter against DNS rebinding: it refuses addresses that are not public, unless a local resolver gave them or the
 * host is excepted.
 *
 * <p>An address is special if IANA's registries (RFC 6890) call it not globally reachable, if it is multicast, or if it
 * is an IPv6 address that contains such an IPv4 address: mapped, translated, 6to4, ISATAP, NAT64 with the well-known
 * prefix.
 */
final class AddressFilter {
    private static final Range[] IPV4 = {
        Range.of("0.0.0.0", 8), // this network
        Range.of("10.0.0.0", 8), // private use
        Range.of("100.64.0.0", 10), // shared with the carrier's NAT
        Range.of("127.0.0.0", 8), // loopback
        Range.of("169.254.0.0", 16), // link-local, and clouds' metadata
        Range.of("172.16.0.0", 12), // private use
        Range.of("192.0.0.0", 24), // protocol assignments
        Range.of("192.0.2.0", 24), // documentation
        Range.of("192.168.0.0", 16), // private use
        Range.of("198.18.0.0", 15), // benchmarks
        Range.of("198.51.100.0", 24), // documentation
        Range.of("203.0.113.0", 24), // documentation
        Range.of("224.0.0.0", 4), // multicast
        Range.of("240.0.0.0", 4), // reserved, broadcast
    };
    private static final Range[] IPV6 = {
        Range.of("::", 96), // unspecified, loopback, IPv4-compatible
        Range.of("64:ff9b:1::", 48), // local-use NAT64
        Range.of("100::", 64), // discard
        Range.of("2001::", 23), // protocol assignments, Teredo
        Range.of("2001:db8::", 32), // documentation
        Range.of("3fff::", 20), // documentation
        Range.of("5f00::", 16), // segment routing
        Range.of("fc00::", 7), // unique local
        Range.of("fe80::", 10), // link-local
        Range.of("fec0::", 10), // site-local (deprecated)
        Range.of("ff00::", 8), // multicast
    };

    private static final Range NAT64 = Range.of("64:ff9b::", 96);
    private static final Range SIX_TO_FOUR = Range.of("2002::", 16);

    private final Suffixes except;

    /**
     * @param exceptSuffixes names below which every address is allowed, such as {@code corp.example}, which covers
     *     itself and {@code db.corp.example}
     * @throws IllegalArgumentException if one is no domain
     */
    AddressFilter(String... exceptSuffixes) {
        this.except = Suffixes.of("exceptSuffixes", exceptSuffixes);
    }

    /**
     * The answer without the refused addresses; a failure that names a refused range if no address is left.
     *
     * @param host in lower case, without a dot at the end
     */
    Answer admit(String host, Answer answer) {
        if (!(answer instanceof Answer.Addresses found) || except.cover(host)) {
            return answer;
        }
        List<InetAddress> admitted = new ArrayList<>(found.addresses().size());
        Range refused = null;
        for (InetAddress address : found.addresses()) {
            Range range = rangeOf(address);
            if (range == null) {
                admitted.add(address);
            } else {
                refused = range;
            }
        }
        if (refused == null) {
            return answer;
        }
        return admitted.isEmpty()
                ? new Answer.Failed("only addresses that are not public, in " + refused)
                : new Answer.Addresses(admitted, found.ttl());
    }

    /** Whether the address is not public; asks no resolver. */
    static boolean isSpecial(InetAddress address) {
        return rangeOf(address) != null;
    }

    /** Whether it is 0.0.0.0 or ::, or an IPv6 address that contains 0.0.0.0, as DNS64 makes of a blocked name. */
    static boolean isUnspecified(InetAddress address) {
        byte[] bytes = address.getAddress();
        int at = offsetOfIpv4(bytes);
        return address.isAnyLocalAddress()
                || at >= 0 && (bytes[at] | bytes[at + 1] | bytes[at + 2] | bytes[at + 3]) == 0;
    }

    private static @Nullable Range rangeOf(InetAddress address) {
        byte[] bytes = address.getAddress();
        int at = offsetOfIpv4(bytes);
        Range itself = bytes.length == 4 ? null : rangeOf(bytes, 0, IPV6);
        return itself != null || at < 0 ? itself : rangeOf(bytes, at, IPV4);
    }

    /** Where the IPv4 address is that the address is or contains; negative if there is none. */
    private static int offsetOfIpv4(byte[] bytes) {
        if (bytes.length == 4) {
            return 0;
        } else if (SIX_TO_FOUR.contains(bytes, 0)) {
            return 2;
        }
        boolean isIsatap = (bytes[8] & ~2) == 0 && bytes[9] == 0 && bytes[10] == 0x5e && bytes[11] == (byte) 0xfe;
        boolean isAtEnd = isIsatap
                || isMarked(bytes, 10) // mapped
                || isMarked(bytes, 8) && bytes[10] == 0 && bytes[11] == 0 // translated
                || NAT64.contains(bytes, 0);
        return isAtEnd ? 12 : -1;
    }

    /** Whether that many bytes of zero are followed by two of ones. */
    private static boolean isMarked(byte[] bytes, int zeros) {
        for (int i = 0; i < zeros; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[zeros] == -1 && bytes[zeros + 1] == -1;
    }

    private static @Nullable Range rangeOf(byte[] bytes, int offset, Range[] ranges) {
        for (Range range : ranges) {
            if (range.contains(bytes, offset)) {
                return range;
            }
        }
        return null;
    }

    /** The addresses with one prefix, as in {@code 10.0.0.0/8}. */
    private static final class Range {
        private final String text;
        private final byte[] first;
        private final int length;

        private Range(String text, byte[] first, int length) {
            this.text = text;
            this.first = first;
            this.length = length;
        }

        static Range of(String literal, int length) {
            InetAddress first = Literals.address(literal);
            if (first == null) {
                throw new IllegalArgumentException("range: " + literal + " (expected: an address)");
            }
            return new Range(literal + "/" + length, first.getAddress(), length);
        }

        boolean contains(byte[] bytes, int offset) {
            int whole = length / 8;
            for (int i = 0; i < whole; i++) {
                if (bytes[offset + i] != first[i]) {
                    return false;
                }
            }
            int rest = length % 8;
            return rest == 0 || (bytes[offset + whole] ^ first[whole]) >> (8 - rest) == 0;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}

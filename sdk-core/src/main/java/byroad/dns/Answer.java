package byroad.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * What a resolver says of a name: addresses, or that it has none, or that there is no such name, or that it will not
 * say, or nothing usable. "Empty" is a value of its own and is never collapsed into a failure.
 */
public sealed interface Answer {
    /** Whether it says that the name has no address: {@link Empty} or {@link NoSuchName}. */
    default boolean isNegative() {
        return this instanceof Empty || this instanceof NoSuchName;
    }

    /**
     * The name's addresses, at least one.
     *
     * @param ttl how long they are fresh: the least along the chain of aliases
     */
    record Addresses(List<InetAddress> addresses, Duration ttl) implements Answer {
        /** Copies the list. */
        public Addresses {
            addresses = List.copyOf(addresses);
            Objects.requireNonNull(ttl, "ttl");
            if (addresses.isEmpty()) {
                throw new IllegalArgumentException("addresses: none (expected: at least one, else Answer.Empty)");
            }
        }
    }

    /**
     * The name exists and has no address: NOERROR without records (NODATA, RFC 2308).
     *
     * @param ttl how long that may be remembered; zero where no SOA said so
     */
    record Empty(Duration ttl) implements Answer {
        /** Takes no null, which would break whoever learns it. */
        public Empty {
            Objects.requireNonNull(ttl, "ttl");
        }
    }

    /**
     * There is no such name: NXDOMAIN.
     *
     * @param ttl how long that may be remembered; zero where no SOA said so
     */
    record NoSuchName(Duration ttl) implements Answer {
        /** Takes no null, which would break whoever learns it. */
        public NoSuchName {
            Objects.requireNonNull(ttl, "ttl");
        }
    }

    /**
     * A policy withholds the addresses: Extended DNS Errors 15 to 18 and 35 (RFC 8914), or 0.0.0.0 and :: as addresses.
     * Believed, always.
     */
    record Blocked(String reason) implements Answer {
        /** Takes no null, which would break whoever learns it. */
        public Blocked {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** Nothing usable: silence, SERVFAIL, REFUSED, a malformed message. */
    record Failed(String reason) implements Answer {
        /** Takes no null, which would break whoever learns it. */
        public Failed {
            Objects.requireNonNull(reason, "reason");
        }
    }
}

package byroad.dns;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * The answer of a resolver: addresses, no addresses, no such name, a policy block, or a failure. "Empty" is a value of
 * its own and is never treated as a failure.
 */
public sealed interface Answer {
    /** Whether it is a negative answer: {@link Empty} or {@link NoSuchName}. */
    default boolean isNegative() {
        return this instanceof Empty || this instanceof NoSuchName;
    }

    /**
     * The name's addresses, at least one.
     *
     * @param ttl how long they are fresh: the least TTL along the chain of aliases
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
     * @param ttl how long that may be remembered; zero without a SOA record
     */
    record Empty(Duration ttl) implements Answer {
        /** Refuses null. */
        public Empty {
            Objects.requireNonNull(ttl, "ttl");
        }
    }

    /**
     * There is no such name: NXDOMAIN.
     *
     * @param ttl how long that may be remembered; zero without a SOA record
     */
    record NoSuchName(Duration ttl) implements Answer {
        /** Refuses null. */
        public NoSuchName {
            Objects.requireNonNull(ttl, "ttl");
        }
    }

    /**
     * A policy withholds the addresses: Extended DNS Errors 15 to 18 and 35 (RFC 8914), or 0.0.0.0 and :: as addresses.
     * Always accepted.
     */
    record Blocked(String reason) implements Answer {
        /** Refuses null. */
        public Blocked {
            Objects.requireNonNull(reason, "reason");
        }
    }

    /** No usable answer: silence, SERVFAIL, REFUSED, a malformed message. */
    record Failed(String reason) implements Answer {
        /** Refuses null. */
        public Failed {
            Objects.requireNonNull(reason, "reason");
        }
    }
}

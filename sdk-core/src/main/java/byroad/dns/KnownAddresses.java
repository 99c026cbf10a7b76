package byroad.dns;

import java.net.InetAddress;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of the addresses of one host: the newest answer, the proven addresses from before it, and the
 * results of connections. A policy block deletes it as a whole.
 *
 * <p>Proven addresses stay beside a newer answer until an address of that one is proven. It has no clock. Not safe for
 * use by several threads.
 */
final class KnownAddresses {
    private static final int GONE_REMEMBERED = 64;

    private final Evidence evidence = new Evidence();
    private LearnedAddresses newest;
    private @Nullable ProvenBefore provenBefore;
    // Asked again, the resolvers gave the failing addresses: the endpoint is at fault, not the answer.
    private boolean confirmed;
    private final Set<InetAddress> gone = new HashSet<>();

    KnownAddresses(LearnedAddresses first) {
        newest = first;
        if (first.isStored()) {
            first.addresses().forEach(evidence::proven); // only those are stored
        }
    }

    LearnedAddresses newest() {
        return newest;
    }

    @Nullable
    ProvenBefore provenBefore() {
        return provenBefore;
    }

    /** A resolver gave these addresses; {@code afterOutage} if there was a reason to ask again. */
    void learn(LearnedAddresses found, boolean afterOutage) {
        LearnedAddresses earlier = newest;
        boolean isKnown = earlier.addresses().containsAll(found.addresses());
        confirmed &= isKnown;
        newest = found;
        provenBefore = updatedProvenBefore(earlier, isKnown);
        if (afterOutage && gone.size() < GONE_REMEMBERED) {
            gone.addAll(earlier.addresses());
        }
        found.addresses().forEach(gone::remove);
        Set<InetAddress> needed = new HashSet<>(found.addresses());
        if (provenBefore != null) {
            needed.addAll(provenBefore.proven().addresses());
        }
        evidence.renew(needed);
    }

    private @Nullable ProvenBefore updatedProvenBefore(LearnedAddresses earlier, boolean isKnown) {
        if (evidence.anyProven(newest.addresses())) {
            return null;
        } else if (evidence.anyProven(earlier.addresses())) {
            return new ProvenBefore.Unused(earlier);
        }
        return provenBefore == null
                ? null
                : isKnown ? provenBefore.unused() : new ProvenBefore.Unused(provenBefore.proven());
    }

    /** Whether these are addresses of which all fail and none was ever proven. */
    boolean isSuspect(Answer.Addresses found) {
        return isSuspect() && newest.addresses().containsAll(found.addresses());
    }

    /** The chain gave suspected addresses again. Returns whether they are used from now on. */
    boolean learnAgain(LearnedAddresses found, Moment now) {
        boolean isConfirmed = !found.by().equals(newest.by()) || provenBefore == null;
        if (isConfirmed) {
            confirmed = true; // by another resolver, or there is no better answer
            newest = found;
        } else if (provenBefore != null) {
            provenBefore = new ProvenBefore.InUse(provenBefore.proven(), provenBefore.failingSince(now));
        }
        return isConfirmed;
    }

    boolean isSuspect() {
        return !isUsingProvenBefore()
                && !confirmed
                && !evidence.anyProven(newest.addresses())
                && evidence.allFailing(newest.addresses());
    }

    /**
     * Whether these addresses probably failed because the answer is wrong, and there may be a better one now.
     *
     * @param wouldBeTheSame whether asking again now would give the same answer
     */
    boolean isInDoubt(Collection<InetAddress> failed, boolean wouldBeTheSame) {
        if (failed.isEmpty() || evidence.anyProven(failed)) {
            return false;
        }
        return isSuspect() && !wouldBeTheSame
                || isUsingProvenBefore()
                || failed.stream().noneMatch(newest.addresses()::contains);
    }

    boolean isUsingProvenBefore() {
        return provenBefore instanceof ProvenBefore.InUse;
    }

    boolean isFresh(Moment now) {
        return !isUsingProvenBefore() && newest.isFresh(now);
    }

    /** The resolvers denied the name because of a failed connection: a fresh answer ends. */
    void endFreshness() {
        newest = newest.notFresh();
    }

    /** Whether the resolvers gave it before an outage and others after it; false if it is used again. */
    boolean isGone(InetAddress address, boolean isDenied) {
        boolean inUseAgain = (isUsingProvenBefore() || isDenied) && isProvenBefore(address);
        return gone.contains(address) && !inUseAgain;
    }

    Evidence evidence() {
        return evidence;
    }

    void proven(InetAddress address) {
        if (isOfNewest(address)) {
            evidence.proven(address);
            provenBefore = null;
            confirmed = false;
        } else if (isProvenBefore(address)) {
            evidence.proven(address);
        }
    }

    /** The addresses to store: the proven ones of the newest answer; null if there are none. */
    @Nullable
    LearnedAddresses toStore() {
        List<InetAddress> proven = evidence.provenOf(newest.addresses());
        return proven.isEmpty() ? null : newest.only(proven);
    }

    void disproven(InetAddress address) {
        if (isOfNewest(address) || isProvenBefore(address)) {
            evidence.disproven(address);
        }
    }

    /** A connection to that address failed. Returns whether that is a reason to ask the chain again. */
    boolean failing(InetAddress address, Moment now) {
        if (isUsingProvenBefore() && isProvenBefore(address)) {
            evidence.failing(address);
            return true;
        } else if (isOfNewest(address)) {
            evidence.failing(address);
            return !isFresh(now) || evidence.allFailing(newest.addresses());
        }
        return false;
    }

    private boolean isOfNewest(InetAddress address) {
        return newest.addresses().contains(address);
    }

    private boolean isProvenBefore(InetAddress address) {
        return provenBefore != null && provenBefore.proven().addresses().contains(address);
    }
}

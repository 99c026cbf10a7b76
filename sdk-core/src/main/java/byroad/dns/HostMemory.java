package byroad.dns;

import byroad.Provenance;
import byroad.Provenance.Source;
import byroad.Scheme;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state of one host in the cache: which answer to give, and when to ask the chain again. It has no clock; callers
 * pass the time. Not safe for use by several threads; its {@link HostEntry} holds the lock.
 *
 * <p>A negative answer is stored beside the last good addresses and never replaces them, so that they can still be
 * retained. In the same way, proven addresses stay beside a newer answer until an address of that one is proven. When
 * all addresses of the newer answer fail, another resolver is asked, and then the proven addresses are used.
 */
final class HostMemory {
    private static final Duration KEEP_INTERVAL = Duration.ofMinutes(5);
    private static final double KEEP_JITTER = 0.2;
    private static final Duration NEGATIVE_CEILING = Duration.ofSeconds(30);
    private static final Duration RETAIN_LIMIT = Duration.ofHours(24); // past the TTL, whenever the first denial was
    private static final Duration ASKED_JUST_NOW = Duration.ofSeconds(5); // the shortest TTL that is kept
    private static final int GONE_REMEMBERED = 64;

    private final Duration retainFor;
    private final Duration staleFor;

    private final Evidence evidence = new Evidence();
    private @Nullable LearnedAddresses good;
    private @Nullable ProvenBefore provenBefore;
    private boolean
            confirmed; // asked again, the resolvers gave the failing addresses: the endpoint is at fault, not the
    // answer
    private final Set<InetAddress> gone = new HashSet<>();

    private @Nullable Heard latest;
    private @Nullable Heard denial; // the first answer that denied the last good addresses
    private final Recheck recheck = new Recheck();
    private final Doubt doubt = new Doubt();

    HostMemory(Duration retainFor, Duration staleFor) {
        this.retainFor = retainFor;
        this.staleFor = staleFor;
    }

    /** The chain is being asked. */
    void asked(long now) {
        doubt.asked(isSuspect(), now);
    }

    /** The chain has answered. */
    void learn(ChainAnswer result, long now, Random random) {
        boolean onDoubt = doubt.settle();
        long keepDueAt = now + (long) (KEEP_INTERVAL.toNanos() * (1 + KEEP_JITTER * random.nextDouble()));
        Heard heard = new Heard(result, now, keepDueAt);
        latest = heard;
        if (result.answer() instanceof Answer.Addresses found) {
            if (isSuspect() && good != null && good.addresses().containsAll(found.addresses())) {
                learnTheSame(found, result.by(), now, random);
            } else {
                learnAddresses(found, result.by(), onDoubt, now, random);
            }
        } else {
            learnNothing(heard, onDoubt, now, random);
        }
    }

    private void learnAddresses(Answer.Addresses found, String by, boolean onDoubt, long now, Random random) {
        LearnedAddresses earlier = good;
        boolean isKnown = earlier != null && earlier.addresses().containsAll(found.addresses());
        confirmed &= isKnown;
        boolean recovery = onDoubt || denial != null || recheck.isWaiting();
        good = LearnedAddresses.fresh(found, by, now, random);
        provenBefore = updatedProvenBefore(earlier, found, isKnown);
        if (recovery && earlier != null && gone.size() < GONE_REMEMBERED) {
            gone.addAll(earlier.addresses());
        }
        found.addresses().forEach(gone::remove);
        Set<InetAddress> needed = new HashSet<>(found.addresses());
        if (provenBefore != null) {
            needed.addAll(provenBefore.proven().addresses());
        }
        evidence.renew(needed);
        denial = null;
        if (!(provenBefore instanceof ProvenBefore.UsedBefore)) {
            recheck.startOver(); // addresses that failed before are tried again, less and less often
        }
    }

    private @Nullable ProvenBefore updatedProvenBefore(
            @Nullable LearnedAddresses earlier, Answer.Addresses found, boolean isKnown) {
        if (evidence.anyProven(found.addresses())) {
            return null;
        } else if (earlier != null && evidence.anyProven(earlier.addresses())) {
            return new ProvenBefore.Unused(earlier);
        }
        return provenBefore == null
                ? null
                : isKnown ? provenBefore.unused() : new ProvenBefore.Unused(provenBefore.proven());
    }

    /** The chain gave the same addresses again, although all of them fail and none was ever proven. */
    private void learnTheSame(Answer.Addresses found, String by, long now, Random random) {
        boolean byAnother = good != null && !by.equals(good.by());
        denial = null; // the name has addresses
        if (byAnother || provenBefore == null) {
            confirmed = true; // by another resolver, or there is no better answer
            good = LearnedAddresses.fresh(found, by, now, random);
        } else {
            provenBefore = new ProvenBefore.InUse(provenBefore.proven(), provenBefore.failingSince(now));
            recheck.fruitless(now, random);
        }
    }

    private void learnNothing(Heard heard, boolean onDoubt, long now, Random random) {
        evidence.forgive();
        Answer answer = heard.answer();
        if (!(answer instanceof Answer.Failed) && denial == null) {
            denial = heard;
            recheck.startOver();
        }
        boolean outright = answer instanceof Answer.Blocked || answer.isNegative() && onDoubt;
        if (outright && good != null && now - good.freshUntil() < 0) {
            good = good.until(now); // any other failed refresh leaves a fresh answer as it is
        }
        if (answer instanceof Answer.Blocked) {
            evidence.forgetProofs(); // nothing is retained against a policy, even if the block becomes a negative
            // answer
            provenBefore = null;
        }
        recheck.fruitless(now, random);
    }

    /** How long a negative answer is remembered; a failure is remembered until the recheck. */
    private static Duration rememberedFor(Answer answer) {
        if (answer instanceof Answer.Empty empty) {
            return LearnedAddresses.least(empty.ttl(), NEGATIVE_CEILING);
        } else if (answer instanceof Answer.NoSuchName none) {
            return LearnedAddresses.least(none.ttl(), NEGATIVE_CEILING);
        }
        return NEGATIVE_CEILING;
    }

    /** A stored record of an earlier process: its addresses were proven then, and are used if the chain has none. */
    void recall(Answer.Addresses found, String by, Duration age, long now) {
        if (good == null) {
            good = LearnedAddresses.recalled(found, by, age, now);
            found.addresses().forEach(evidence::proven);
        }
    }

    /** Whether the latest answer of the chain is a failure. */
    boolean knowsNothingNew() {
        return latest != null && latest.answer() instanceof Answer.Failed;
    }

    /** Whether the latest answer of the chain has addresses and they are used. */
    boolean wasAnsweredWell() {
        return latest != null && latest.answer() instanceof Answer.Addresses && !isUsingProvenBefore();
    }

    /** Whether the chain has not answered yet. */
    boolean isUnheard() {
        return latest == null;
    }

    /** Whether the addresses are within their TTL and are used. */
    boolean isFresh(long now) {
        return good != null && !isUsingProvenBefore() && now - good.freshUntil() < 0;
    }

    /** Whether connections to the addresses have failed since the chain answered. */
    boolean isDoubted() {
        return doubt.isRaised();
    }

    /** The time until which the answer may be given without another check; only for fresh addresses. */
    long quietUntil(long now) {
        if (good == null) {
            return now;
        }
        long look = now - good.refreshAt() < 0
                ? good.refreshAt()
                : recheck.isWaiting() ? recheck.dueAt() : good.freshUntil();
        return look - good.freshUntil() < 0 ? look : good.freshUntil();
    }

    /** Whether a look-up has to ask the chain. */
    boolean isDue(Scheme scheme, long now) {
        if (latest == null || doubt.mayAsk(isSuspect(), now)) {
            return true;
        }
        if (good != null && isFresh(now)) {
            return now - good.refreshAt() >= 0 && (!recheck.isWaiting() || recheck.isDue(now));
        }
        if (lastGood(scheme, now) != null) {
            return !recheck.isWaiting() || recheck.isDue(now);
        }
        if (latest.answer() instanceof Answer.Failed) {
            return now - unansweredUntil() >= 0;
        }
        return latest.answer() instanceof Answer.Addresses
                || now - latest.at >= rememberedFor(latest.answer()).toNanos();
    }

    /** The time until which the chain is not asked again after a failure, if no address can be used meanwhile. */
    long unansweredUntil() {
        return recheck.dueSoonAt();
    }

    /** Whether a host that is kept resolved is due for a question without a look-up. */
    boolean isDueToBeKept(long now) {
        boolean inOutage = recheck.isWaiting() && recheck.isDue(now);
        return latest == null || inOutage || now - latest.keepDueAt >= 0;
    }

    /** Whether there is an answer that a caller can use without waiting for the chain. */
    boolean canAnswerMeanwhile(Scheme scheme, long now) {
        Resolution old = lastGood(scheme, now);
        return old != null
                && !(doubt.isRaised() && evidence.allFailing(old.addresses()) && !evidence.anyProven(old.addresses()));
    }

    /**
     * The resolver whose addresses all fail without one having been proven, so that another resolver has to be asked
     * first; else empty.
     */
    String suspect() {
        return isSuspect() && good != null ? good.by() : "";
    }

    /**
     * Whether these addresses probably failed because the answer is wrong: none was proven, and there may be a better
     * answer now.
     */
    boolean isInDoubt(Collection<InetAddress> failed, boolean isResolverAlone, long now) {
        if (good == null || failed.isEmpty() || evidence.anyProven(failed)) {
            return false;
        }
        boolean wouldBeTheSame = isResolverAlone && latest != null && now - latest.at() < ASKED_JUST_NOW.toNanos();
        return isSuspect() && !wouldBeTheSame
                || isUsingProvenBefore()
                || failed.stream().noneMatch(good.addresses()::contains);
    }

    private boolean isSuspect() {
        return good != null
                && !isUsingProvenBefore()
                && !confirmed
                && !evidence.anyProven(good.addresses())
                && evidence.allFailing(good.addresses());
    }

    /** The best answer without asking: fresh, else last good addresses, else the latest answer of the chain. */
    Resolution answer(Scheme scheme, long now) {
        if (good != null && isFresh(now)) {
            return resolution(
                    good,
                    evidence.notDisprovenOf(good.addresses()),
                    good.found().ttl(),
                    Source.FRESH,
                    "",
                    now);
        }
        Resolution outlived = lastGood(scheme, now);
        return outlived != null ? outlived : refusal(now);
    }

    private @Nullable Resolution lastGood(Scheme scheme, long now) {
        if (good == null) {
            return null;
        }
        if (denial != null) {
            String why = "the resolvers agree that it has no address (" + denial.result.inWords() + ")";
            Resolution retained = retained(good, scheme, denial.at, why, now);
            return retained != null || provenBefore == null
                    ? retained
                    : retained(provenBefore.proven(), scheme, provenBefore.failingSince(denial.at), why, now);
        }
        if (provenBefore instanceof ProvenBefore.InUse inUse) {
            return fromProvenBefore(good, inUse, scheme, now);
        }
        List<InetAddress> usable = evidence.notDisprovenOf(good.addresses());
        return isTooOld(good, now) || usable.isEmpty()
                ? null
                : resolution(good, usable, Duration.ZERO, Source.STALE, why(), now);
    }

    private boolean isTooOld(LearnedAddresses record, long now) {
        return now - record.freshUntil() >= staleFor.toNanos();
    }

    /**
     * The proven addresses from before an answer whose addresses all fail; that answer if there are none or their time
     * is over.
     */
    private @Nullable Resolution fromProvenBefore(
            LearnedAddresses useless, ProvenBefore.InUse inUse, Scheme scheme, long now) {
        String why = "all addresses that " + useless.by() + " names since then fail";
        Resolution retained = retained(inUse.proven(), scheme, inUse.since(), why, now);
        return retained != null || isTooOld(useless, now)
                ? retained
                : resolution(useless, useless.addresses(), Duration.ZERO, Source.STALE, "all of them failed", now);
    }

    private @Nullable Resolution retained(LearnedAddresses record, Scheme scheme, long since, String why, long now) {
        List<InetAddress> proven = evidence.provenOf(record.addresses());
        boolean runOut = now - since >= retainFor.toNanos() || now - record.freshUntil() >= RETAIN_LIMIT.toNanos();
        return scheme != Scheme.HTTPS || proven.isEmpty() || runOut
                ? null
                : resolution(record, proven, Duration.ZERO, Source.RETAINED, why, now);
    }

    private String why() {
        Heard heard = latest;
        return heard == null || heard.answer() instanceof Answer.Addresses
                ? "the resolvers have not answered yet"
                : heard.result.inWords();
    }

    /** A fresh answer is given even if all its addresses have a wrong certificate: the TLS handshake then fails. */
    private static Resolution resolution(
            LearnedAddresses record, List<InetAddress> usable, Duration ttl, Source source, String reason, long now) {
        Answer answer = new Answer.Addresses(usable.isEmpty() ? record.addresses() : usable, ttl);
        return new Resolution(answer, new Provenance(source, record.by(), age(record.learnedAt(), now), reason));
    }

    private Resolution refusal(long now) {
        Heard heard = latest;
        if (heard == null || heard.answer() instanceof Answer.Addresses) {
            Answer nothing = new Answer.Failed("nothing is known that may still be used");
            return new Resolution(nothing, new Provenance(Source.FRESH, "", Duration.ZERO, ""));
        }
        Provenance from = new Provenance(
                Source.FRESH, heard.result.by(), age(heard.at, now), ChainAnswer.inWords(heard.answer()));
        return new Resolution(heard.answer(), from);
    }

    private static Duration age(long since, long now) {
        return Duration.ofNanos(now - since);
    }

    /** Whether the chain denied addresses that are known. */
    boolean isDenied() {
        return good != null && denial != null;
    }

    /** Whether all addresses of the newest answer fail and older, proven ones are used. */
    boolean isUsingProvenBefore() {
        return provenBefore instanceof ProvenBefore.InUse;
    }

    /** Whether the resolvers gave it before an outage and others after it; false if it is used again. */
    boolean isGone(InetAddress address) {
        boolean inUseAgain = (isUsingProvenBefore() || denial != null) && isProvenBefore(address);
        return gone.contains(address) && !inUseAgain;
    }

    boolean isProven(InetAddress address) {
        return evidence.isProven(address);
    }

    void proven(InetAddress address) {
        if (isOfGood(address)) {
            evidence.proven(address);
            provenBefore = null;
            confirmed = false;
        } else if (isProvenBefore(address)) {
            evidence.proven(address);
        }
    }

    /** The addresses to store: the proven ones of the newest answer; null if there are none. */
    @Nullable
    LearnedAddresses toRemember() {
        return good != null && evidence.anyProven(good.addresses())
                ? good.only(evidence.provenOf(good.addresses()))
                : null;
    }

    void disproven(InetAddress address, long now) {
        if (isOfGood(address) || isProvenBefore(address)) {
            evidence.disproven(address);
        }
        doubt(address, now);
    }

    void doubt(InetAddress address, long now) {
        if (isUsingProvenBefore() && isProvenBefore(address)) {
            evidence.failing(address);
            doubt.raise();
        } else if (good != null && isOfGood(address)) {
            evidence.failing(address);
            if (!isFresh(now) || evidence.allFailing(good.addresses())) {
                doubt.raise();
            }
        }
    }

    private boolean isOfGood(InetAddress address) {
        return good != null && good.addresses().contains(address);
    }

    private boolean isProvenBefore(InetAddress address) {
        return provenBefore != null && provenBefore.proven().addresses().contains(address);
    }

    /** An answer of the chain, its time, and the time when a host that is kept resolved is due again. */
    private record Heard(ChainAnswer result, long at, long keepDueAt) {
        Answer answer() {
            return result.answer();
        }
    }
}

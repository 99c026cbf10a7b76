package byroad.dns;

import byroad.Provenance;
import byroad.Provenance.Source;
import byroad.Scheme;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * The state of one host in the cache: which answer to give, and when to ask the chain again. It has no clock; callers
 * pass the time. Not safe for use by several threads; its {@link HostEntry} holds the lock.
 *
 * <p>It has three parts: what is {@linkplain KnownAddresses known of the addresses}, the denial of the name that stands,
 * and the latest answer of the chain. A negative answer stands beside the known addresses, so that they can be retained
 * against it. A policy block deletes them. Only an answer with addresses ends a denial.
 */
final class HostMemory {
    private static final Duration KEEP_INTERVAL = Duration.ofMinutes(5);
    private static final double KEEP_JITTER = 0.2;
    private static final Duration NEGATIVE_CEILING = Duration.ofSeconds(30);
    private static final Duration RETAIN_LIMIT = Duration.ofHours(24); // past the TTL, whenever the first denial was
    private static final Duration ASKED_JUST_NOW = Duration.ofSeconds(5); // the shortest TTL that is kept

    private final Duration retainFor;
    private final Duration staleFor;

    private @Nullable KnownAddresses known;
    private @Nullable Denial denial;
    private @Nullable Heard latest;
    private final Recheck recheck = new Recheck();
    private final Doubt doubt = new Doubt();

    HostMemory(Duration retainFor, Duration staleFor) {
        this.retainFor = retainFor;
        this.staleFor = staleFor;
    }

    /** The chain is being asked. */
    void asked(Moment now) {
        doubt.asked(isSuspect(), now);
    }

    /** The chain has answered. */
    void learn(ChainAnswer result, Moment now, Random random) {
        boolean onDoubt = doubt.settle();
        boolean afterOutage = onDoubt || denial != null || recheck.isWaiting();
        long keepAfter = (long) (KEEP_INTERVAL.toNanos() * (1 + KEEP_JITTER * random.nextDouble()));
        latest = new Heard(result, now, keepAfter);
        if (result.answer() instanceof Answer.Addresses found) {
            denial = null;
            boolean isUsed = learnAddresses(LearnedAddresses.fresh(result, found, now, random), afterOutage, now);
            if (!isUsed) {
                recheck.fruitless(now, random);
            } else if (known == null || !(known.provenBefore() instanceof ProvenBefore.UsedBefore)) {
                recheck.startOver(); // addresses that failed before are tried again, less and less often
            }
            return;
        }
        if (result.answer() instanceof Answer.Blocked) {
            block(result, now);
        } else if (result.answer().isNegative()) {
            deny(result, onDoubt, now);
        } else if (known != null) {
            known.evidence().forgive();
        }
        recheck.fruitless(now, random);
    }

    private boolean learnAddresses(LearnedAddresses found, boolean afterOutage, Moment now) {
        if (known == null) {
            known = new KnownAddresses(found);
            return true;
        } else if (known.isSuspect(found.found())) {
            return known.learnAgain(found, now);
        }
        known.learn(found, afterOutage);
        return true;
    }

    private void block(ChainAnswer result, Moment now) {
        if (denial == null) {
            recheck.startOver();
        }
        boolean ofAddresses = known != null || denial != null && denial.ofAddresses;
        known = null; // here and in the store: no proof, restart or seed brings them back
        denial = new Denial(result, now, ofAddresses);
    }

    private void deny(ChainAnswer result, boolean onDoubt, Moment now) {
        if (denial == null) {
            denial = new Denial(result, now, known != null);
            recheck.startOver();
        }
        if (known != null) {
            known.evidence().forgive();
            if (onDoubt) {
                known.endFreshness(); // any other failed refresh leaves a fresh answer as it is
            }
        }
    }

    /** How long a negative answer is remembered; a failure is remembered until the recheck. */
    private static Duration rememberedFor(Answer answer) {
        if (answer instanceof Answer.Empty empty) {
            return LearnedAddresses.within(empty.ttl(), NEGATIVE_CEILING);
        } else if (answer instanceof Answer.NoSuchName none) {
            return LearnedAddresses.within(none.ttl(), NEGATIVE_CEILING);
        }
        return NEGATIVE_CEILING;
    }

    /** A stored record of an earlier process: its addresses were proven then, and are used if the chain has none. */
    void recall(Answer.Addresses found, String by, Moment learnedAt) {
        if (known == null && !isBlocked()) {
            known = new KnownAddresses(LearnedAddresses.stored(found, by, learnedAt));
        }
    }

    /** The stored record says that the name was blocked; it stands until the chain has addresses. */
    void recallBlock(Moment at) {
        if (known == null && denial == null) {
            denial = new Denial(new ChainAnswer(new Answer.Blocked("before a restart"), "store"), at, false);
        }
    }

    /** The network is told again: what was no address is asked again, and connections may work now. */
    void askAnew() {
        if (latest != null && !(latest.answer() instanceof Answer.Addresses)) {
            latest = null;
        }
        recheck.startOver();
        doubt.settle();
        if (known != null) {
            known.evidence().forgive();
        }
    }

    /** Whether a policy block is the last word, failures aside, or only negative answers came after it. */
    boolean isBlocked() {
        return denial != null && denial.result.answer() instanceof Answer.Blocked;
    }

    /** Whether the chain said that the name has no address, and has given none since then. */
    boolean isDenied() {
        return denial != null;
    }

    /** Whether the chain denied addresses that were known. */
    boolean isDeniedAfterAddresses() {
        return denial != null && (known != null || denial.ofAddresses);
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
    boolean isFresh(Moment now) {
        return known != null && known.isFresh(now);
    }

    /** Whether connections to the addresses have failed since the chain answered. */
    boolean isDoubted() {
        return doubt.isRaised();
    }

    /** The nanoseconds for which the answer may be given without another check; only for fresh addresses. */
    long quietFor(Moment now) {
        if (known == null) {
            return 0;
        }
        long age = known.newest().age(now);
        long untilLook = known.newest().refreshAfter() - age;
        if (untilLook <= 0) {
            untilLook = recheck.isWaiting() ? recheck.left(now) : Long.MAX_VALUE;
        }
        return Math.min(untilLook, known.newest().freshFor() - age);
    }

    /** Whether a look-up has to ask the chain. */
    boolean isDue(Scheme scheme, Moment now) {
        if (latest == null || doubt.mayAsk(isSuspect(), now)) {
            return true;
        }
        boolean isTime = !recheck.isWaiting() || recheck.isDue(now);
        if (known != null && isFresh(now)) {
            return known.newest().age(now) >= known.newest().refreshAfter() && isTime;
        }
        if (lastGood(scheme, now) != null) {
            return isTime;
        }
        if (latest.answer() instanceof Answer.Failed) {
            return unansweredFor(now) <= 0;
        }
        return latest.answer() instanceof Answer.Addresses || now.isAtLeast(rememberedFor(latest.answer()), latest.at);
    }

    /**
     * The nanoseconds until the chain is asked again after a failure, if no address can be used meanwhile; not more than
     * zero if it may be asked now.
     */
    long unansweredFor(Moment now) {
        return recheck.leftSoon(now);
    }

    /** Whether a host that is kept resolved is due for a question without a look-up. */
    boolean isDueToBeKept(Moment now) {
        boolean inOutage = recheck.isWaiting() && recheck.isDue(now);
        return latest == null || inOutage || now.since(latest.at) >= latest.keepAfter;
    }

    /** Whether there is an answer that a caller can use without waiting for the chain. */
    boolean canAnswerMeanwhile(Scheme scheme, Moment now) {
        Resolution old = lastGood(scheme, now);
        return old != null
                && known != null
                && !(doubt.isRaised()
                        && known.evidence().allFailing(old.addresses())
                        && !known.evidence().anyProven(old.addresses()));
    }

    /**
     * The resolver whose addresses all fail without one having been proven, so that another resolver has to be asked
     * first; else empty.
     */
    String suspect() {
        return known != null && known.isSuspect() ? known.newest().by() : "";
    }

    private boolean isSuspect() {
        return known != null && known.isSuspect();
    }

    /** Whether these addresses probably failed because the answer is wrong. */
    boolean isInDoubt(Collection<InetAddress> failed, boolean isResolverAlone, Moment now) {
        boolean wouldBeTheSame = isResolverAlone && latest != null && !now.isAtLeast(ASKED_JUST_NOW, latest.at());
        return known != null && known.isInDoubt(failed, wouldBeTheSame);
    }

    /** The best answer without asking: fresh, else last good addresses, else the latest answer of the chain. */
    Resolution answer(Scheme scheme, Moment now) {
        if (known != null && known.isFresh(now)) {
            LearnedAddresses fresh = known.newest();
            List<InetAddress> usable = known.evidence().notDisprovenOf(fresh.addresses());
            return resolution(fresh, usable, fresh.found().ttl(), Source.FRESH, "", now);
        }
        Resolution outlived = lastGood(scheme, now);
        return outlived != null ? outlived : refusal(now);
    }

    private @Nullable Resolution lastGood(Scheme scheme, Moment now) {
        if (known == null) {
            return null;
        }
        LearnedAddresses newest = known.newest();
        ProvenBefore before = known.provenBefore();
        if (denial != null) {
            String why = "the resolvers agree that it has no address (" + denial.result.inWords() + ")";
            Resolution retained = retained(known, newest, scheme, denial.at, why, now);
            return retained != null || before == null
                    ? retained
                    : retained(known, before.proven(), scheme, before.failingSince(denial.at), why, now);
        }
        if (before instanceof ProvenBefore.InUse inUse) {
            return fromProvenBefore(known, inUse, scheme, now);
        }
        List<InetAddress> usable = known.evidence().notDisprovenOf(newest.addresses());
        boolean isOfTheWrongScheme = newest.isStored() && scheme != Scheme.HTTPS;
        return isOfTheWrongScheme || newest.isPast(staleFor, now) || usable.isEmpty()
                ? null
                : resolution(newest, usable, Duration.ZERO, Source.STALE, why(), now);
    }

    /**
     * The proven addresses from before an answer whose addresses all fail; that answer if there are none or their time
     * is over.
     */
    private @Nullable Resolution fromProvenBefore(
            KnownAddresses known, ProvenBefore.InUse inUse, Scheme scheme, Moment now) {
        LearnedAddresses useless = known.newest();
        String why = "all addresses that " + useless.by() + " names since then fail";
        Resolution retained = retained(known, inUse.proven(), scheme, inUse.since(), why, now);
        return retained != null || useless.isPast(staleFor, now)
                ? retained
                : resolution(useless, useless.addresses(), Duration.ZERO, Source.STALE, "all of them failed", now);
    }

    private @Nullable Resolution retained(
            KnownAddresses known, LearnedAddresses record, Scheme scheme, Moment since, String why, Moment now) {
        List<InetAddress> proven = known.evidence().provenOf(record.addresses());
        boolean runOut = now.isAtLeast(retainFor, since) || record.isPast(RETAIN_LIMIT, now);
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
            LearnedAddresses record, List<InetAddress> usable, Duration ttl, Source source, String reason, Moment now) {
        Answer answer = new Answer.Addresses(usable.isEmpty() ? record.addresses() : usable, ttl);
        Duration age = Duration.ofNanos(record.age(now));
        return new Resolution(answer, new Provenance(source, record.by(), age, reason));
    }

    private Resolution refusal(Moment now) {
        Heard heard = latest;
        if (heard == null || heard.answer() instanceof Answer.Addresses) {
            Answer nothing = new Answer.Failed("nothing is known that may still be used");
            return new Resolution(nothing, new Provenance(Source.FRESH, "", Duration.ZERO, ""));
        }
        Provenance from = new Provenance(
                Source.FRESH,
                heard.result.by(),
                Duration.ofNanos(now.since(heard.at)),
                ChainAnswer.inWords(heard.answer()));
        return new Resolution(heard.answer(), from);
    }

    /** Whether all addresses of the newest answer fail and older, proven ones are used. */
    boolean isUsingProvenBefore() {
        return known != null && known.isUsingProvenBefore();
    }

    /** Whether the resolvers gave it before an outage and others after it; false if it is used again. */
    boolean isGone(InetAddress address) {
        return known != null && known.isGone(address, denial != null);
    }

    boolean isProven(InetAddress address) {
        return known != null && known.evidence().isProven(address);
    }

    void proven(InetAddress address) {
        if (known != null) {
            known.proven(address);
        }
    }

    /** The addresses to store: the proven ones of the newest answer; null if there are none. */
    @Nullable
    LearnedAddresses toStore() {
        return known == null ? null : known.toStore();
    }

    void disproven(InetAddress address, Moment now) {
        if (known != null) {
            known.disproven(address);
        }
        doubt(address, now);
    }

    void doubt(InetAddress address, Moment now) {
        if (known != null && known.failing(address, now)) {
            doubt.raise();
        }
    }

    /** An answer of the chain, its time, and the nanoseconds after which a host that is kept resolved is due again. */
    private record Heard(ChainAnswer result, Moment at, long keepAfter) {
        Answer answer() {
            return result.answer();
        }
    }

    /** The first negative answer since there were addresses, or a policy block; {@code ofAddresses} if some were known. */
    private record Denial(ChainAnswer result, Moment at, boolean ofAddresses) {}
}

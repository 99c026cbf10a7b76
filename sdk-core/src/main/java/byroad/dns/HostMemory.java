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
 * What is known of one host, and what follows from it: which answer to give, and when to ask again. Pure state, told the
 * time; not safe for use by several threads, its {@link HostEntry} holds the lock.
 *
 * <p>A negative is kept beside the last good record and never in its place, so that "retained" is a matter of what is said,
 * not of what was saved in time. In the same way a proven record stays beside a newer answer until that one has proved
 * itself: when all its addresses fail, another resolver is asked, and then the proven record is used.
 */
final class HostMemory {
    private static final Duration KEPT_ROUND = Duration.ofMinutes(5);
    private static final double KEPT_JITTER = 0.2;
    private static final Duration NEGATIVE_CEILING = Duration.ofSeconds(30);
    private static final Duration HOLD_LIMIT =
            Duration.ofHours(24); // past the TTL, whatever the time of the first denial
    private static final int GONE_REMEMBERED = 64;

    private final Duration retainFor;
    private final Duration staleFor;

    private final Evidence evidence = new Evidence();
    private @Nullable Good good;
    private @Nullable ProvenBefore reserve;
    private boolean vouched; // asked again, the resolvers named what fails: the endpoint is to blame, not the answer
    private final Set<InetAddress> gone = new HashSet<>();

    private @Nullable Heard latest;
    private @Nullable Heard denial; // the first of those that deny the last good record
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
    void learn(Verdict verdict, long now, Random random) {
        boolean onDoubt = doubt.settle();
        long keptUntil = now + (long) (KEPT_ROUND.toNanos() * (1 + KEPT_JITTER * random.nextDouble()));
        Heard heard = new Heard(verdict, now, keptUntil);
        latest = heard;
        if (verdict.answer() instanceof Answer.Addresses found) {
            if (isSuspect() && good != null && good.addresses().containsAll(found.addresses())) {
                learnTheSame(found, verdict.by(), now, random);
            } else {
                learnAddresses(found, verdict.by(), onDoubt, now, random);
            }
        } else {
            learnNothing(heard, onDoubt, now, random);
        }
    }

    private void learnAddresses(Answer.Addresses found, String by, boolean onDoubt, long now, Random random) {
        Good earlier = good;
        boolean isKnown = earlier != null && earlier.addresses().containsAll(found.addresses());
        vouched &= isKnown;
        boolean recovery = onDoubt || denial != null || recheck.isWaiting();
        good = Good.fresh(found, by, now, random);
        reserve = reserveAfter(earlier, found, isKnown);
        if (recovery && earlier != null && gone.size() < GONE_REMEMBERED) {
            gone.addAll(earlier.addresses());
        }
        found.addresses().forEach(gone::remove);
        Set<InetAddress> needed = new HashSet<>(found.addresses());
        if (reserve != null) {
            needed.addAll(reserve.proven().addresses());
        }
        evidence.renew(needed);
        denial = null;
        if (!(reserve instanceof ProvenBefore.UsedBefore)) {
            recheck.startOver(); // what was of no use before is tried again, ever more seldom
        }
    }

    private @Nullable ProvenBefore reserveAfter(@Nullable Good earlier, Answer.Addresses found, boolean isKnown) {
        if (evidence.anyProven(found.addresses())) {
            return null;
        } else if (earlier != null && evidence.anyProven(earlier.addresses())) {
            return new ProvenBefore.Unused(earlier);
        }
        return reserve == null ? null : isKnown ? reserve.unused() : new ProvenBefore.Unused(reserve.proven());
    }

    /** The addresses of which all fail and none was ever proven were named once more: by another resolver, or by none. */
    private void learnTheSame(Answer.Addresses found, String by, long now, Random random) {
        boolean byAnother = good != null && !by.equals(good.by());
        denial = null; // it was named
        if (byAnother || reserve == null) {
            vouched = true; // by another, or by nobody who would know better
            good = Good.fresh(found, by, now, random);
        } else {
            reserve = new ProvenBefore.InUse(reserve.proven(), reserve.uselessSince(now));
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
            good = good.until(now); // else a refresh without fruit never hurts a live answer
        }
        if (answer instanceof Answer.Blocked) {
            evidence.forgetProofs(); // never hold against a policy, even if the block turns into a negative
            reserve = null;
        }
        recheck.fruitless(now, random);
    }

    /** How long a negative is remembered; a failure is until the recheck. */
    private static Duration rememberedFor(Answer answer) {
        if (answer instanceof Answer.Empty empty) {
            return Good.least(empty.ttl(), NEGATIVE_CEILING);
        } else if (answer instanceof Answer.NoSuchName none) {
            return Good.least(none.ttl(), NEGATIVE_CEILING);
        }
        return NEGATIVE_CEILING;
    }

    /** A record that outlived an earlier process: proven then, and good for when the chain has nothing. */
    void recall(Answer.Addresses found, String by, Duration age, long now) {
        if (good == null) {
            good = Good.recalled(found, by, age, now);
            found.addresses().forEach(evidence::proven);
        }
    }

    /** Whether the chain had nothing to say when it was heard last. */
    boolean knowsNothingNew() {
        return latest != null && latest.answer() instanceof Answer.Failed;
    }

    /** Whether the chain named addresses the last time that it was asked, and they are of use. */
    boolean wasAnsweredWell() {
        return latest != null && latest.answer() instanceof Answer.Addresses && !isLivingOnReserve();
    }

    /** Whether the chain was never heard. */
    boolean isUnheard() {
        return latest == null;
    }

    /** Whether the addresses are within their time, and not of no use. */
    boolean isFresh(long now) {
        return good != null && !isLivingOnReserve() && now - good.freshUntil() < 0;
    }

    /** Whether something spoke against the addresses since the chain was heard. */
    boolean isDoubted() {
        return doubt.isRaised();
    }

    /** Until when the answer may be given without a look at it; only asked of fresh ones. */
    long quietUntil(long now) {
        if (good == null) {
            return now;
        }
        long look = now - good.refreshAt() < 0
                ? good.refreshAt()
                : recheck.isWaiting() ? recheck.dueAt() : good.freshUntil();
        return look - good.freshUntil() < 0 ? look : good.freshUntil();
    }

    /** Whether a lookup is to ask the chain. */
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
            return recheck.isDue(now);
        }
        return latest.answer() instanceof Answer.Addresses
                || now - latest.at >= rememberedFor(latest.answer()).toNanos();
    }

    /** Whether a host that is kept resolved is to be asked for, although nobody looks it up. */
    boolean isDueToBeKept(long now) {
        boolean inOutage = recheck.isWaiting() && recheck.isDue(now);
        return latest == null || inOutage || now - latest.keptUntil >= 0;
    }

    /** Whether there is an answer good enough for a caller who does not want to wait for the chain. */
    boolean canAnswerMeanwhile(Scheme scheme, long now) {
        Resolution old = lastGood(scheme, now);
        return old != null
                && !(doubt.isRaised() && evidence.allFailing(old.addresses()) && !evidence.anyProven(old.addresses()));
    }

    /** Who named addresses that all fail and of which none was ever proven: somebody else is to be asked; else empty. */
    String suspect() {
        return isSuspect() && good != null ? good.by() : "";
    }

    /** Whether these failed because of the answer that named them: nothing speaks for them, and there may be better by now. */
    boolean isInDoubt(Collection<InetAddress> failed) {
        if (good == null || failed.isEmpty() || evidence.anyProven(failed)) {
            return false;
        }
        return isSuspect() || isLivingOnReserve() || failed.stream().noneMatch(good.addresses()::contains);
    }

    private boolean isSuspect() {
        return good != null
                && !isLivingOnReserve()
                && !vouched
                && !evidence.anyProven(good.addresses())
                && evidence.allFailing(good.addresses());
    }

    /** The best answer without asking: fresh, else last-good, else what the chain said last. */
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
            String why = "the resolvers agree that it has no address (" + denial.verdict.inWords() + ")";
            Resolution retained = retained(good, scheme, denial.at, why, now);
            return retained != null || reserve == null
                    ? retained
                    : retained(reserve.proven(), scheme, reserve.uselessSince(denial.at), why, now);
        }
        if (reserve instanceof ProvenBefore.InUse inUse) {
            return reserve(good, inUse, scheme, now);
        }
        List<InetAddress> usable = evidence.notDisprovenOf(good.addresses());
        return isTooOld(good, now) || usable.isEmpty()
                ? null
                : resolution(good, usable, Duration.ZERO, Source.STALE, why(), now);
    }

    private boolean isTooOld(Good record, long now) {
        return now - record.freshUntil() >= staleFor.toNanos();
    }

    /** What was proven before an answer that is of no use; that answer, where there is no such thing or time is over. */
    private @Nullable Resolution reserve(Good useless, ProvenBefore.InUse inUse, Scheme scheme, long now) {
        String why = "all addresses that " + useless.by() + " names since then fail";
        Resolution retained = retained(inUse.proven(), scheme, inUse.since(), why, now);
        return retained != null || isTooOld(useless, now)
                ? retained
                : resolution(useless, useless.addresses(), Duration.ZERO, Source.STALE, "all of them failed", now);
    }

    private @Nullable Resolution retained(Good record, Scheme scheme, long since, String why, long now) {
        List<InetAddress> proven = evidence.provenOf(record.addresses());
        boolean runOut = now - since >= retainFor.toNanos() || now - record.freshUntil() >= HOLD_LIMIT.toNanos();
        return scheme != Scheme.HTTPS || proven.isEmpty() || runOut
                ? null
                : resolution(record, proven, Duration.ZERO, Source.RETAINED, why, now);
    }

    private String why() {
        Heard heard = latest;
        return heard == null || heard.answer() instanceof Answer.Addresses
                ? "the resolvers have not answered yet"
                : heard.verdict.inWords();
    }

    /** A fresh answer stands even if all its addresses show a wrong certificate: TLS refuses, not we. */
    private static Resolution resolution(
            Good record, List<InetAddress> usable, Duration ttl, Source source, String reason, long now) {
        Answer answer = new Answer.Addresses(usable.isEmpty() ? record.addresses() : usable, ttl);
        return new Resolution(answer, new Provenance(source, record.by(), age(record.learnedAt(), now), reason));
    }

    private Resolution refusal(long now) {
        Heard heard = latest;
        if (heard == null || heard.answer() instanceof Answer.Addresses) {
            Answer nothing = new Answer.Failed("nothing is known that may still be used");
            return new Resolution(nothing, new Provenance(Source.FRESH, "", Duration.ZERO, ""));
        }
        Provenance from =
                new Provenance(Source.FRESH, heard.verdict.by(), age(heard.at, now), Verdict.inWords(heard.answer()));
        return new Resolution(heard.answer(), from);
    }

    private static Duration age(long since, long now) {
        return Duration.ofNanos(now - since);
    }

    /** Whether addresses are known that the chain has denied since. */
    boolean isDenied() {
        return good != null && denial != null;
    }

    /** Whether the newest addresses are of no use, and older ones take their place. */
    boolean isLivingOnReserve() {
        return reserve instanceof ProvenBefore.InUse;
    }

    /** Whether the resolvers named it once, and others when they were heard again after an outage; not what is in use again. */
    boolean isGone(InetAddress address) {
        boolean inUseAgain = (isLivingOnReserve() || denial != null) && isOfReserve(address);
        return gone.contains(address) && !inUseAgain;
    }

    boolean isProven(InetAddress address) {
        return evidence.isProven(address);
    }

    void proven(InetAddress address) {
        if (isOfGood(address)) {
            evidence.proven(address);
            reserve = null;
            vouched = false;
        } else if (isOfReserve(address)) {
            evidence.proven(address);
        }
    }

    /** What may outlive the process: the proven addresses of the newest answer that has any; null if there are none. */
    @Nullable
    Good toRemember() {
        return good != null && evidence.anyProven(good.addresses())
                ? good.only(evidence.provenOf(good.addresses()))
                : null;
    }

    void disproven(InetAddress address, long now) {
        if (isOfGood(address) || isOfReserve(address)) {
            evidence.disproven(address);
        }
        doubt(address, now);
    }

    void doubt(InetAddress address, long now) {
        if (isLivingOnReserve() && isOfReserve(address)) {
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

    private boolean isOfReserve(InetAddress address) {
        return reserve != null && reserve.proven().addresses().contains(address);
    }

    /** A verdict, when it was heard, and when a kept host is asked for again although nobody looks it up. */
    private record Heard(Verdict verdict, long at, long keptUntil) {
        Answer answer() {
            return verdict.answer();
        }
    }
}

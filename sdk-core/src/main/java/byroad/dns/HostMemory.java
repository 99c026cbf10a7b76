package byroad.dns;

import byroad.Provenance;
import byroad.Provenance.Source;
import byroad.Scheme;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one host, and what follows from it: which answer to give, and when to ask again. Pure state, told the
 * time; not safe for use by several threads, its {@link HostEntry} holds the lock.
 *
 * <p>A negative is kept beside the last good record and never in its place, so that "held" is a matter of what is said,
 * not of what was saved in time.
 */
final class HostMemory {
    // How long addresses are fresh at least (CoreDNS 5 s) and at most (CoreDNS 1 h), whatever their TTL says.
    private static final Duration FRESH_FLOOR = Duration.ofSeconds(5);
    private static final Duration FRESH_CEILING = Duration.ofHours(1);

    private static final Duration NEGATIVE_CEILING = Duration.ofSeconds(30);
    private static final Duration FAILURE_REMEMBERED = Duration.ofSeconds(1);

    // RFC 9520: a failed refresh is not repeated at once.
    private static final Duration RETRY_FIRST = Duration.ofSeconds(5);
    private static final Duration RETRY_CEILING = Duration.ofSeconds(60);
    private static final double RETRY_JITTER = 0.2;

    private static final Duration DOUBT_GAP = Duration.ofSeconds(1);

    private final Duration holdFor;
    private final Duration staleFor;

    private @Nullable Good good;
    private final Set<InetAddress> proven = new HashSet<>();
    private final Set<InetAddress> disproven = new HashSet<>();
    private final Set<InetAddress> failing = new HashSet<>();
    private boolean doubted;

    private @Nullable Heard latest;
    private @Nullable Heard denial; // the first of those that deny the last good record
    private int fruitless;
    private long askedAt;
    private boolean askedOnDoubt;
    private long doubtAskedAt;
    private long retryAt; // when there is something to live on
    private long forgetAt; // when there is nothing

    HostMemory(Duration holdFor, Duration staleFor) {
        this.holdFor = holdFor;
        this.staleFor = staleFor;
    }

    /** The chain is being asked. */
    void asked(long now) {
        askedAt = now;
        if (doubted) {
            askedOnDoubt = true;
            doubtAskedAt = now;
        }
    }

    /** The chain has answered. */
    void learn(Verdict verdict, long now, Random random) {
        latest = new Heard(verdict, now);
        doubted = false;
        failing.clear();
        if (verdict.answer() instanceof Answer.Addresses found) {
            long freshUntil = now + freshFor(found.ttl()).toNanos();
            good = new Good(found, verdict.by(), now, freshUntil);
            proven.retainAll(found.addresses());
            disproven.clear();
            denial = null;
            fruitless = 0;
            retryAt = freshUntil;
            forgetAt = freshUntil;
            return;
        }
        if (!(verdict.answer() instanceof Answer.Failed) && denial == null) {
            denial = latest;
            fruitless = 0;
        }
        if (verdict.answer() instanceof Answer.Blocked) {
            proven.clear(); // never hold against a policy, even if the block turns into a negative
        }
        retryAt = now + retryGap(random);
        forgetAt = now + rememberedFor(verdict.answer()).toNanos();
        fruitless++;
    }

    private static Duration freshFor(Duration ttl) {
        if (ttl.isZero()) {
            return ttl; // for this one use, and as last-good
        }
        return ttl.compareTo(FRESH_FLOOR) < 0 ? FRESH_FLOOR : least(ttl, FRESH_CEILING);
    }

    private static Duration rememberedFor(Answer answer) {
        if (answer instanceof Answer.Empty empty) {
            return least(empty.ttl(), NEGATIVE_CEILING);
        } else if (answer instanceof Answer.NoSuchName none) {
            return least(none.ttl(), NEGATIVE_CEILING);
        }
        return answer instanceof Answer.Blocked ? NEGATIVE_CEILING : FAILURE_REMEMBERED;
    }

    private long retryGap(Random random) {
        Duration gap = least(RETRY_FIRST.multipliedBy(1L << Math.min(fruitless, 10)), RETRY_CEILING);
        return (long) (gap.toNanos() * (1 + RETRY_JITTER * random.nextDouble()));
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Whether the addresses are within their time, and nobody denied them since. */
    boolean isFresh(long now) {
        return good != null && denial == null && now - good.freshUntil < 0;
    }

    boolean isDoubted() {
        return doubted;
    }

    /** Until when the addresses are fresh; only asked of fresh ones. */
    long freshUntil() {
        return good == null ? askedAt : good.freshUntil;
    }

    /** Whether a lookup is to ask the chain. */
    boolean isDue(Scheme scheme, long now) {
        if (latest == null || (doubted && mayAskOnDoubt(now))) {
            return true;
        }
        return now - (isFresh(now) || lastGood(scheme, now) != null ? retryAt : forgetAt) >= 0;
    }

    /** News that an address failed is newer than any answer before it; only doubts among themselves keep a distance. */
    private boolean mayAskOnDoubt(long now) {
        return !askedOnDoubt || now - doubtAskedAt >= DOUBT_GAP.toNanos();
    }

    /** Whether there is an answer good enough for a caller who does not want to wait for the chain. */
    boolean canAnswerMeanwhile(Scheme scheme, long now) {
        return !doubted && lastGood(scheme, now) != null;
    }

    /** The best answer without asking: fresh, else last-good, else what the chain said last. */
    Resolution answer(Scheme scheme, long now) {
        if (good != null && isFresh(now)) {
            return resolution(good, good.found.ttl(), Source.FRESH, "", now);
        }
        Resolution outlived = lastGood(scheme, now);
        return outlived != null ? outlived : refusal(now);
    }

    private @Nullable Resolution lastGood(Scheme scheme, long now) {
        if (good == null || disproven.containsAll(good.found.addresses())) {
            return null;
        }
        if (denial == null) {
            boolean tooOld = now - good.freshUntil >= staleFor.toNanos();
            return tooOld ? null : resolution(good, Duration.ZERO, Source.STALE, whyStale(), now);
        }
        boolean runOut = now - denial.at >= holdFor.toNanos();
        if (scheme != Scheme.HTTPS || proven.isEmpty() || runOut) {
            return null;
        }
        String why = "the resolvers agree that it has no address (" + denial.verdict.inWords() + ")";
        return resolution(good, Duration.ZERO, Source.HELD, why, now);
    }

    private String whyStale() {
        Heard heard = latest;
        return heard == null || heard.verdict.answer() instanceof Answer.Addresses
                ? "the resolvers have not answered yet"
                : heard.verdict.inWords();
    }

    private Resolution resolution(Good good, Duration ttl, Source source, String reason, long now) {
        List<InetAddress> usable = good.found.addresses().stream()
                .filter(address -> source == Source.HELD ? proven.contains(address) : !disproven.contains(address))
                .collect(Collectors.toList());
        // A fresh answer stands even if all its addresses show a wrong certificate: TLS refuses, not we.
        Answer answer = new Answer.Addresses(usable.isEmpty() ? good.found.addresses() : usable, ttl);
        return new Resolution(answer, new Provenance(source, good.by, age(good.learnedAt, now), reason));
    }

    private Resolution refusal(long now) {
        Heard heard = latest;
        if (heard == null || heard.verdict.answer() instanceof Answer.Addresses) {
            Answer nothing = new Answer.Failed("nothing is known that may still be used");
            return new Resolution(nothing, new Provenance(Source.FRESH, "", Duration.ZERO, ""));
        }
        Provenance from = new Provenance(
                Source.FRESH, heard.verdict.by(), age(heard.at, now), Verdict.inWords(heard.verdict.answer()));
        return new Resolution(heard.verdict.answer(), from);
    }

    private static Duration age(long since, long now) {
        return Duration.ofNanos(now - since);
    }

    /** Whether addresses are known that the chain has denied since. */
    boolean isDenied() {
        return good != null && denial != null;
    }

    void proven(InetAddress address) {
        failing.remove(address);
        disproven.remove(address);
        if (good != null && good.found.addresses().contains(address)) {
            proven.add(address);
        }
    }

    void disproven(InetAddress address, long now) {
        proven.remove(address);
        if (good != null && good.found.addresses().contains(address)) {
            disproven.add(address);
        }
        doubt(address, now);
    }

    void doubt(InetAddress address, long now) {
        if (good == null || !good.found.addresses().contains(address)) {
            return;
        }
        failing.add(address);
        doubted |= !isFresh(now) || failing.containsAll(good.found.addresses());
    }

    /** Addresses as they were learned. */
    private record Good(Answer.Addresses found, String by, long learnedAt, long freshUntil) {}

    /** A verdict and when it was heard. */
    private record Heard(Verdict verdict, long at) {}
}

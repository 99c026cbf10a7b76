package byroad.dns;

import byroad.Event;
import byroad.Provenance;
import byroad.Provenance.Source;
import byroad.Scheme;
import byroad.Seams;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One host of {@link LastGood}: what is known of it, and the one inquiry about it that may be under way.
 *
 * <p>A lookup of a fresh name reads one volatile field. All else happens under the lock, except what is not ours: the
 * chain is asked, futures are completed and events told outside it.
 */
final class HostEntry {
    /** How long a caller waits for the chain while a last-good answer is at hand. RFC 8767 says 1.8 s for recursors. */
    private static final Duration CLIENT_TIMER = Duration.ofMillis(500);

    /** How long one ready-made answer is handed out, so that the age it tells is right to the second. */
    private static final long READY_NANOS = Duration.ofSeconds(1).toNanos();

    private final String host;
    private final ResolverChain chain;
    private final Seams seams;

    private volatile @Nullable Ready ready; // written under the lock

    // Guarded by this.
    private final HostMemory memory;
    private @Nullable Flight flight;
    private Source told = Source.FRESH;
    private boolean toldBelieved;

    HostEntry(String host, ResolverChain chain, Seams seams, HostMemory memory) {
        this.host = host;
        this.chain = chain;
        this.seams = seams;
        this.memory = memory;
    }

    /** The answer at hand, if it is fresh. */
    @Nullable
    CompletableFuture<Resolution> fresh() {
        Ready quick = ready;
        return quick != null && now() - quick.until < 0 ? quick.answer : null;
    }

    CompletableFuture<Resolution> lookup(Scheme scheme) {
        Flight takeOff = null;
        Flight joined;
        boolean meanwhile;
        synchronized (this) {
            long now = now();
            if (memory.isFresh(now) && !memory.isDoubted()) {
                return makeReady(scheme, now);
            }
            if (flight == null && memory.isDue(scheme, now)) {
                memory.asked(now);
                takeOff = new Flight(new CompletableFuture<>(), now);
                flight = takeOff;
            }
            joined = flight;
            meanwhile = memory.canAnswerMeanwhile(scheme, now);
        }
        if (takeOff != null) {
            fly(takeOff);
        }
        if (joined == null) {
            return CompletableFuture.completedFuture(answer(scheme));
        }
        return meanwhile ? impatiently(joined, scheme) : joined.landed.thenApply(found -> answer(scheme, found));
    }

    private CompletableFuture<Resolution> makeReady(Scheme scheme, long now) {
        long until = now + Math.min(READY_NANOS, memory.freshUntil() - now);
        Ready made = new Ready(CompletableFuture.completedFuture(memory.answer(scheme, now)), until);
        ready = made;
        return made.answer;
    }

    private void fly(Flight takeOff) {
        try {
            chain.ask(host, seams).whenComplete((found, neverFails) -> land(takeOff, found));
        } catch (RuntimeException broken) {
            land(takeOff, new Verdict(new Answer.Failed(broken.toString()), "byroad"));
        }
    }

    private void land(Flight landing, Verdict found) {
        synchronized (this) {
            memory.learn(found, now(), seams.random());
            flight = null;
            ready = null;
            if (found.answer() instanceof Answer.Addresses) {
                told = Source.FRESH;
                toldBelieved = false;
            }
        }
        landing.landed.complete(found);
    }

    /** The chain's answer if it comes soon, else the last good one; the inquiry goes on for the next caller. */
    private CompletableFuture<Resolution> impatiently(Flight joined, Scheme scheme) {
        Duration patience = CLIENT_TIMER.minusNanos(now() - joined.startedAt);
        if (!joined.landed.isDone() && (patience.isZero() || patience.isNegative())) {
            return CompletableFuture.completedFuture(answer(scheme));
        }
        CompletableFuture<Resolution> first = new CompletableFuture<>();
        CompletableFuture<Verdict> landed = joined.landed;
        var timer = landed.isDone()
                ? null
                : seams.time().schedule(patience, () -> {
                    if (!first.isDone()) {
                        first.complete(answer(scheme));
                    }
                });
        landed.thenAccept(found -> {
            if (timer != null) {
                timer.cancel();
            }
            if (!first.isDone()) {
                first.complete(answer(scheme, found));
            }
        });
        return first;
    }

    /** What the one who waited is told: addresses are good for this use whatever their time to live. */
    private Resolution answer(Scheme scheme, Verdict found) {
        return found.answer() instanceof Answer.Addresses
                ? new Resolution(found.answer(), new Provenance(Source.FRESH, found.by(), Duration.ZERO, ""))
                : answer(scheme);
    }

    private Resolution answer(Scheme scheme) {
        Resolution answer;
        Event news;
        synchronized (this) {
            answer = memory.answer(scheme, now());
            news = newsIn(answer);
        }
        if (news != null) {
            seams.emit(news);
        }
        return answer;
    }

    /** What is to be told of this answer, if it was not told before. */
    private @Nullable Event newsIn(Resolution answer) {
        if (answer.from().isInDoubt()) {
            boolean isNew = told != answer.from().source();
            told = answer.from().source();
            return isNew ? new Event.AnswerOutlived(host, answer.from()) : null;
        }
        boolean denied = answer.answer().isNegative() || answer.answer() instanceof Answer.Blocked;
        if (denied && memory.isDenied() && !toldBelieved) {
            toldBelieved = true;
            return new Event.NegativeBelieved(
                    host, answer.from().resolver() + ": " + answer.from().reason());
        }
        return null;
    }

    synchronized void proven(InetAddress address) {
        memory.proven(address);
    }

    synchronized void disproven(InetAddress address) {
        memory.disproven(address, now());
        ready = null;
    }

    synchronized void doubt(InetAddress address) {
        memory.doubt(address, now());
        if (memory.isDoubted()) {
            ready = null;
        }
    }

    private long now() {
        return seams.time().nanoTime();
    }

    /** A fresh answer, made once for many lookups. */
    private record Ready(CompletableFuture<Resolution> answer, long until) {}

    /** An inquiry under way. */
    private record Flight(CompletableFuture<Verdict> landed, long startedAt) {}
}

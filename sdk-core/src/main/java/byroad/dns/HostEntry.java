package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.Fault;
import byroad.Provenance;
import byroad.Provenance.Source;
import byroad.Scheme;
import byroad.TimeSource.Scheduled;
import byroad.UserCode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
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

    /** A proof comes with every call; the store is to see one a minute, and what is new at once. */
    private static final Duration STORE_AGAIN = Duration.ofSeconds(60);

    /** How long one ready-made answer is handed out, so that the age it tells is right to the second. */
    private static final long READY_NANOS = Duration.ofSeconds(1).toNanos();

    private final String host;
    private final RunningChain chain;
    private final Optional<StoredRecords> stored;
    private final ClientRuntime runtime;

    private volatile @Nullable Ready ready; // written under the lock

    // Guarded by this.
    private final HostMemory memory;
    private @Nullable Flight flight;
    private @Nullable Flight lastLanded;
    private long rememberedAt;
    private boolean remembered;
    private Source told = Source.FRESH;
    private boolean toldBelieved;

    HostEntry(
            String host, RunningChain chain, Optional<StoredRecords> stored, ClientRuntime runtime, HostMemory memory) {
        this.host = host;
        this.chain = chain;
        this.stored = stored;
        this.runtime = runtime;
        this.memory = memory;
    }

    /** The answer at hand, if it is fresh and nothing is to be done. */
    @Nullable
    CompletableFuture<Resolution> fresh() {
        Ready quick = ready;
        return quick != null && now() - quick.until < 0 ? quick.answer : null;
    }

    CompletableFuture<Resolution> lookup(Scheme scheme) {
        Flight takeOff;
        Flight joined;
        CompletableFuture<Resolution> fresh;
        synchronized (this) {
            long now = now();
            takeOff = memory.isDue(scheme, now) ? takeOff(now) : null;
            joined = flight;
            fresh = memory.isFresh(now) && !memory.isDoubted() ? makeReady(scheme, now) : null;
        }
        if (takeOff != null) {
            fly(takeOff);
        }
        if (fresh != null) {
            return fresh; // a refresh ahead of time goes on without him
        }
        return joined == null ? CompletableFuture.completedFuture(answer(scheme)) : impatiently(joined, scheme);
    }

    /** Asks the chain if that is due although nobody looks the name up. */
    void keep() {
        Flight takeOff;
        synchronized (this) {
            takeOff = memory.isDueToBeKept(now()) ? takeOff(now()) : null;
        }
        if (takeOff != null) {
            fly(takeOff);
        }
    }

    /** The inquiry that starts now, unless one is under way; to be called under the lock, and flown outside it. */
    private @Nullable Flight takeOff(long now) {
        if (flight != null) {
            return null;
        }
        Flight takeOff = new Flight(new CompletableFuture<>(), now, memory.suspect(), memory.isUnheard());
        flight = takeOff;
        memory.asked(now);
        return takeOff;
    }

    private CompletableFuture<Resolution> makeReady(Scheme scheme, long now) {
        long until = now + Math.min(READY_NANOS, memory.quietUntil(now) - now);
        Ready made = new Ready(CompletableFuture.completedFuture(memory.answer(scheme, now)), until);
        ready = made;
        return made.answer;
    }

    private void fly(Flight takeOff) {
        CompletableFuture<Void> recalled = takeOff.isFirst ? recall() : CompletableFuture.completedFuture(null);
        CompletableFuture.completedFuture(host) // what breaks on the way of asking is a failed answer as well
                .thenCompose(name -> chain.ask(name, takeOff.suspect, found -> learnLate(takeOff, found)))
                .thenCompose(found -> found.answer() instanceof Answer.Addresses
                        ? CompletableFuture.completedFuture(found)
                        : recalled.thenApply(whateverCame -> found))
                .exceptionally(broken -> new Verdict(new Answer.Failed(UserCode.textOf(broken)), "byroad"))
                .thenAccept(found -> land(takeOff, found));
    }

    /** Reads, while the chain is asked, what an earlier process or another one of the fleet proved. */
    private CompletableFuture<Void> recall() {
        return stored.map(records -> records.recall(host).thenAccept(this::recalled))
                .orElse(CompletableFuture.completedFuture(null));
    }

    private void recalled(@Nullable StoredRecord record) {
        if (record == null) {
            return;
        }
        Answer admitted =
                chain.admitted(host, record.resolver(), new Answer.Addresses(record.addresses(), record.ttl()));
        if (admitted instanceof Answer.Addresses found) {
            Duration age = Duration.between(record.learnedAt(), runtime.time().now());
            String by = Fault.quoted(record.resolver()); // a text out of a store
            synchronized (this) {
                memory.recall(found, by, age.isNegative() ? Duration.ZERO : age, now());
            }
        }
    }

    private void land(Flight landing, Verdict found) {
        synchronized (this) {
            learn(found);
            flight = null;
            lastLanded = landing;
        }
        landing.landed.complete(found);
    }

    /** Addresses that came after the verdict, unless the chain has said more since then. */
    private synchronized void learnLate(Flight landed, Verdict found) {
        if (landed.equals(lastLanded) || memory.knowsNothingNew()) {
            learn(found);
        }
    }

    private synchronized void learn(Verdict found) {
        memory.learn(found, now(), runtime.random());
        ready = null;
        if (found.answer() instanceof Answer.Addresses && !memory.isLivingOnReserve()) {
            told = Source.FRESH;
            toldBelieved = false;
        }
    }

    /** The chain's answer if it comes soon, else a last good one if there is any; the inquiry goes on for the next caller. */
    private CompletableFuture<Resolution> impatiently(Flight joined, Scheme scheme) {
        if (joined.landed.isDone()) {
            return CompletableFuture.completedFuture(answer(scheme, joined.landed.join()));
        }
        if (joined.isFirst && !stored.isPresent()) {
            return joined.landed.thenApply(found -> answer(scheme, found)); // nothing will be at hand meanwhile
        }
        Duration patience = CLIENT_TIMER.minusNanos(now() - joined.startedAt);
        if ((patience.isZero() || patience.isNegative()) && canAnswerMeanwhile(scheme)) {
            return CompletableFuture.completedFuture(answer(scheme));
        }
        CompletableFuture<Resolution> first = new CompletableFuture<>();
        Scheduled timer = runtime.time().schedule(patience, () -> {
            if (!first.isDone() && canAnswerMeanwhile(scheme)) {
                first.complete(answer(scheme));
            }
        });
        joined.landed.thenAccept(found -> {
            timer.cancel();
            if (!first.isDone()) {
                first.complete(answer(scheme, found));
            }
        });
        return first;
    }

    private synchronized boolean canAnswerMeanwhile(Scheme scheme) {
        return memory.canAnswerMeanwhile(scheme, now());
    }

    /** What the one who waited is told: addresses are good for this use whatever their time to live. */
    private Resolution answer(Scheme scheme, Verdict found) {
        synchronized (this) {
            if (found.answer() instanceof Answer.Addresses && !memory.isLivingOnReserve()) {
                return new Resolution(found.answer(), new Provenance(Source.FRESH, found.by(), Duration.ZERO, ""));
            }
        }
        return answer(scheme);
    }

    private Resolution answer(Scheme scheme) {
        Resolution answer;
        Event news;
        synchronized (this) {
            answer = memory.answer(scheme, now());
            news = newsIn(answer);
        }
        if (news != null) {
            runtime.emit(news);
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

    void proven(InetAddress address) {
        StoredRecord toStore;
        synchronized (this) {
            boolean isNew = !memory.isProven(address);
            memory.proven(address);
            toStore = stored.isPresent() && isTimeToStore(isNew) ? toStore() : null;
        }
        if (toStore != null) {
            stored.get().remember(toStore);
        }
    }

    /** A proof comes with every call: most of them are no news. */
    private boolean isTimeToStore(boolean isNew) {
        boolean due = isNew || !remembered || now() - rememberedAt >= STORE_AGAIN.toNanos();
        if (due) {
            remembered = true;
            rememberedAt = now();
        }
        return due;
    }

    private @Nullable StoredRecord toStore() {
        Good proven = memory.toRemember();
        if (proven == null) {
            return null;
        }
        Instant now = runtime.time().now();
        Instant learnedAt = now.minusNanos(now() - proven.learnedAt());
        return new StoredRecord(host, proven.addresses(), proven.found().ttl(), proven.by(), learnedAt, now);
    }

    /** What is known now; empty where nothing was heard yet. Asks nobody and changes nothing. */
    synchronized Optional<KnownHost> known() {
        Resolution now = memory.answer(Scheme.HTTPS, now());
        if (memory.isUnheard() && now.addresses().isEmpty()) {
            return Optional.empty();
        }
        Good proven = memory.toRemember();
        return Optional.of(new KnownHost(
                host, now.addresses(), proven == null ? List.of() : proven.addresses(), asShown(now.from())));
    }

    /** What is only past its time has not outlived anything: nobody wanted to know. */
    private Provenance asShown(Provenance from) {
        return from.source() == Source.STALE && flight == null && memory.wasAnsweredWell()
                ? new Provenance(Source.EXPIRED, from.resolver(), from.age(), "")
                : from;
    }

    synchronized boolean isInDoubt(Collection<InetAddress> failed) {
        return memory.isInDoubt(failed);
    }

    synchronized boolean isGone(InetAddress address) {
        return memory.isGone(address);
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
        return runtime.time().nanoTime();
    }

    /** A fresh answer, made once for many lookups. */
    private record Ready(CompletableFuture<Resolution> answer, long until) {}

    /** An inquiry under way. */
    private record Flight(CompletableFuture<Verdict> landed, long startedAt, String suspect, boolean isFirst) {}
}

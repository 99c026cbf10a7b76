package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.Fault;
import byroad.Provenance;
import byroad.Provenance.Source;
import byroad.Scheme;
import byroad.TimeSource.Scheduled;
import byroad.UserCode;
import byroad.dns.RunningChain.OwnLookup;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One host of {@link LastGood}: its remembered addresses, and at most one inquiry that is under way.
 *
 * <p>A look-up of a fresh name reads one volatile field. All else happens under the lock, except calls of other code:
 * the chain is asked, futures are completed and events are emitted outside it.
 */
final class HostEntry {
    /** How long a caller waits for the chain if there is a last good answer. RFC 8767 says 1.8 s for recursors. */
    private static final Duration CLIENT_TIMER = Duration.ofMillis(500);

    /** The least time between a failure and the next question of the same call (RFC 9520, 3.2). */
    private static final Duration ASK_AGAIN_AT_LEAST = Duration.ofSeconds(1);

    /** Every call brings a proof; the store gets one a minute, and a new address at once. */
    private static final Duration STORE_AGAIN = Duration.ofSeconds(60);

    /** How long one prepared answer is given out, so that its age is right to the second. */
    private static final long READY_NANOS = Duration.ofSeconds(1).toNanos();

    private final String host;
    private final RunningChain chain;
    private final OwnLookup own;
    private final Optional<StoredRecords> stored;
    private final ClientRuntime runtime;

    private volatile @Nullable Ready ready; // written under the lock

    // Guarded by this.
    private final HostMemory memory;
    private @Nullable PendingInquiry pending;
    private @Nullable PendingInquiry lastEnded;
    private long rememberedAt;
    private boolean remembered;
    private Source told = Source.FRESH;
    private boolean toldBelieved;
    private boolean isKept;

    HostEntry(
            String host, RunningChain chain, Optional<StoredRecords> stored, ClientRuntime runtime, HostMemory memory) {
        this.host = host;
        this.chain = chain;
        this.own = chain.ownLookup(host);
        this.stored = stored;
        this.runtime = runtime;
        this.memory = memory;
    }

    /** The prepared answer, if it is fresh and no question is due. */
    @Nullable
    CompletableFuture<Resolution> fresh() {
        Ready quick = ready;
        return quick != null && now() - quick.until < 0 ? quick.answer : null;
    }

    /**
     * Looks the host up.
     *
     * @param waiting runs the client's own look-up if it is the only resolver and there is nothing to use meanwhile
     */
    CompletableFuture<Resolution> lookup(Scheme scheme, Executor waiting) {
        PendingInquiry started;
        PendingInquiry joined;
        CompletableFuture<Resolution> fresh;
        boolean isWaitedFor;
        synchronized (this) {
            long now = now();
            isWaitedFor = !memory.isFresh(now) && (own.isPolicy() || !memory.canAnswerMeanwhile(scheme, now));
            started = memory.isDue(scheme, now)
                    ? start(now, Extent.CHAIN)
                    : isWaitedFor && own.isAsked() ? start(now, own.isAlone() ? Extent.CHAIN : Extent.OWN) : null;
            joined = pending;
            fresh = memory.isFresh(now) && !memory.isDoubted() ? makeReady(scheme, now) : null;
        }
        if (started != null) {
            run(started, isWaitedFor ? waiting : chain.threads());
        }
        if (fresh != null) {
            return fresh; // an early refresh continues in the background
        }
        return joined == null
                ? CompletableFuture.completedFuture(answer(scheme))
                : waitBriefly(joined, scheme, started);
    }

    /**
     * Asks the chain if that is due, without a look-up. The first time, a policy of the client is left to the call
     * that may look the name up itself, on its own thread.
     */
    void keep() {
        PendingInquiry started;
        synchronized (this) {
            if (own.isPolicy() && !isKept) {
                isKept = true;
                return;
            }
            started = memory.isDueToBeKept(now()) ? start(now(), Extent.CHAIN) : null;
        }
        if (started != null) {
            run(started, chain.threads());
        }
    }

    /** A new inquiry, or null if one is under way; to be called under the lock, and run outside it. */
    private @Nullable PendingInquiry start(long now, Extent extent) {
        if (pending != null) {
            return null;
        }
        PendingInquiry started =
                new PendingInquiry(new CompletableFuture<>(), now, memory.suspect(), memory.isUnheard(), extent);
        pending = started;
        memory.asked(now);
        return started;
    }

    private CompletableFuture<Resolution> makeReady(Scheme scheme, long now) {
        long until = now + Math.min(READY_NANOS, memory.quietUntil(now) - now);
        Ready made = new Ready(CompletableFuture.completedFuture(memory.answer(scheme, now)), until);
        ready = made;
        return made.answer;
    }

    private void run(PendingInquiry started, Executor executor) {
        CompletableFuture<Void> recalled = started.isFirst ? recall() : CompletableFuture.completedFuture(null);
        CompletableFuture.completedFuture(host) // an exception on the way becomes a failed answer
                .thenCompose(name -> started.extent == Extent.OWN
                        ? chain.askOwn(name)
                        : chain.ask(name, started.suspect, executor, found -> learnLate(started, found)))
                .thenCompose(found -> found.answer() instanceof Answer.Addresses
                        ? CompletableFuture.completedFuture(found)
                        : recalled.thenApply(whateverCame -> found))
                .exceptionally(broken -> new ChainAnswer(new Answer.Failed(UserCode.textOf(broken)), "byroad"))
                .thenAccept(found -> finish(started, found));
    }

    /** Reads the addresses that an earlier process or another process of the fleet proved, while the chain is asked. */
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
            String by = Fault.quoted(record.resolver()); // text from a store
            synchronized (this) {
                memory.recall(found, by, age.isNegative() ? Duration.ZERO : age, now());
            }
        }
    }

    private void finish(PendingInquiry ended, ChainAnswer found) {
        synchronized (this) {
            if (ended.extent == Extent.CHAIN || found.answer() instanceof Answer.Addresses) {
                learn(found);
            }
            pending = null;
            lastEnded = ended;
        }
        ended.done.complete(found);
    }

    /** Learns addresses that came after the chain's answer, unless the chain has answered again since then. */
    private synchronized void learnLate(PendingInquiry done, ChainAnswer found) {
        if (done.equals(lastEnded) || memory.knowsNothingNew()) {
            learn(found);
        }
    }

    private synchronized void learn(ChainAnswer found) {
        memory.learn(found, now(), runtime.random());
        ready = null;
        if (found.answer() instanceof Answer.Addresses && !memory.isUsingProvenBefore()) {
            told = Source.FRESH;
            toldBelieved = false;
        }
    }

    /**
     * The chain's answer if it comes soon, else a last good answer if there is one; the inquiry continues for the next
     * caller.
     */
    private CompletableFuture<Resolution> waitBriefly(
            PendingInquiry joined, Scheme scheme, @Nullable PendingInquiry started) {
        boolean isOthers = !joined.equals(started);
        if (joined.done.isDone()) {
            return CompletableFuture.completedFuture(answer(scheme, joined.done.join(), isOthers));
        }
        if (own.isPolicy() || joined.isFirst && !stored.isPresent()) {
            return joined.done.thenApply(
                    found -> answer(scheme, found, isOthers)); // no other answer may be used meanwhile
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
        joined.done.thenAccept(found -> {
            timer.cancel();
            if (!first.isDone()) {
                first.complete(answer(scheme, found, isOthers));
            }
        });
        return first;
    }

    private synchronized boolean canAnswerMeanwhile(Scheme scheme) {
        return memory.canAnswerMeanwhile(scheme, now());
    }

    /** The answer for a caller that waited: addresses are good for this use, whatever their TTL is. */
    private Resolution answer(Scheme scheme, ChainAnswer found, boolean isOthers) {
        synchronized (this) {
            if (found.answer() instanceof Answer.Addresses && !memory.isUsingProvenBefore()) {
                return new Resolution(found.answer(), new Provenance(Source.FRESH, found.by(), Duration.ZERO, ""));
            }
        }
        Resolution remembered = answer(scheme);
        if (found.thrown() == null || !remembered.addresses().isEmpty()) {
            return remembered;
        }
        Provenance from = new Provenance(Source.FRESH, found.by(), Duration.ZERO, found.inWords());
        Resolution thrown = new Resolution(found.answer(), from, found.thrown(), askAgain(found.answer()));
        return isOthers ? thrown.forAnother() : thrown;
    }

    private Duration askAgain(Answer answer) {
        if (!(answer instanceof Answer.Failed)) {
            return Duration.ZERO;
        }
        Duration left = ASK_AGAIN_AT_LEAST;
        if (!own.isAsked()) { // which is asked at each look-up
            synchronized (this) {
                left = Duration.ofNanos(memory.unansweredUntil() - now());
            }
        }
        return left.compareTo(ASK_AGAIN_AT_LEAST) < 0 ? ASK_AGAIN_AT_LEAST : left;
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
        return new Resolution(answer.answer(), answer.from(), null, askAgain(answer.answer()));
    }

    /** The event for this answer; null if there is none or it was emitted before. */
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

    /** Every call brings a proof: most of them are not stored. */
    private boolean isTimeToStore(boolean isNew) {
        boolean due = isNew || !remembered || now() - rememberedAt >= STORE_AGAIN.toNanos();
        if (due) {
            remembered = true;
            rememberedAt = now();
        }
        return due;
    }

    private @Nullable StoredRecord toStore() {
        LearnedAddresses proven = memory.toRemember();
        if (proven == null) {
            return null;
        }
        Instant now = runtime.time().now();
        Instant learnedAt = now.minusNanos(now() - proven.learnedAt());
        return new StoredRecord(host, proven.addresses(), proven.found().ttl(), proven.by(), learnedAt, now);
    }

    /** The remembered addresses; empty if the chain has not answered yet. Asks no resolver and changes nothing. */
    synchronized Optional<KnownHost> known() {
        Resolution now = memory.answer(Scheme.HTTPS, now());
        if (memory.isUnheard() && now.addresses().isEmpty()) {
            return Optional.empty();
        }
        LearnedAddresses proven = memory.toRemember();
        return Optional.of(new KnownHost(
                host, now.addresses(), proven == null ? List.of() : proven.addresses(), asShown(now.from())));
    }

    /** Shows addresses as expired, not stale, if they are past their TTL only because there was no look-up. */
    private Provenance asShown(Provenance from) {
        return from.source() == Source.STALE && pending == null && memory.wasAnsweredWell()
                ? new Provenance(Source.EXPIRED, from.resolver(), from.age(), "")
                : from;
    }

    synchronized boolean isInDoubt(Collection<InetAddress> failed) {
        return memory.isInDoubt(failed, chain.isAlone(), now());
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

    /** A fresh answer, made once for many look-ups. */
    private record Ready(CompletableFuture<Resolution> answer, long until) {}

    /** An inquiry that is under way. */
    private record PendingInquiry(
            CompletableFuture<ChainAnswer> done, long startedAt, String suspect, boolean isFirst, Extent extent) {}

    /** The resolvers that an inquiry asks. */
    private enum Extent {
        /** Those of the chain. */
        CHAIN,
        /** The client's own look-up only, because the others failed a short while ago; only addresses are learned. */
        OWN
    }
}

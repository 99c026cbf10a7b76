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

    /** How long the chain's failure waits for the store. */
    private static final Duration STORE_TIMER = Duration.ofMillis(200);

    private final String host;
    private final RunningChain chain;
    private final Place place;
    private final OwnLookup own;
    private final ClientRuntime runtime;

    private volatile @Nullable Ready ready; // written under the lock

    // Guarded by this.
    private final HostMemory memory;
    private @Nullable PendingInquiry pending;
    private @Nullable PendingInquiry lastEnded;
    private int visit; // how often the network was left
    private @Nullable Moment storedAt;
    private Source told = Source.FRESH;
    private boolean toldBelieved;
    private boolean isKept;

    HostEntry(String host, RunningChain chain, Place place, ClientRuntime runtime, HostMemory memory) {
        this.host = host;
        this.chain = chain;
        this.place = place;
        this.own = chain.ownLookup(host);
        this.runtime = runtime;
        this.memory = memory;
    }

    /** The network of an entry. */
    interface Place {
        /** Whether the device is on another network now. */
        boolean isLeft();

        /** Looks the host up on the network where the device is now. */
        CompletableFuture<Resolution> elsewhere(String host, Scheme scheme);

        Optional<StoredRecords> stored();
    }

    /** The prepared answer, if it is fresh and no question is due. */
    @Nullable
    CompletableFuture<Resolution> fresh() {
        Ready quick = ready;
        return quick != null && now().since(quick.madeAt) < quick.nanos ? quick.answer : null;
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
        boolean isElsewhere;
        boolean isWaitedFor;
        synchronized (this) {
            Moment now = now();
            isElsewhere = place.isLeft();
            isWaitedFor = !memory.isFresh(now) && (own.isPolicy() || !memory.canAnswerMeanwhile(scheme, now));
            started = memory.isDue(scheme, now)
                    ? start(now, Extent.CHAIN)
                    : isWaitedFor && own.isAsked() ? start(now, own.isAlone() ? Extent.CHAIN : Extent.OWN) : null;
            joined = pending;
            fresh = memory.isFresh(now) && !memory.isDoubted() ? makeReady(scheme, now) : null;
        }
        if (isElsewhere) {
            return place.elsewhere(host, scheme);
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
    private @Nullable PendingInquiry start(Moment now, Extent extent) {
        if (pending != null || place.isLeft()) {
            return null;
        }
        PendingInquiry started = new PendingInquiry(now, memory.suspect(), memory.isUnheard(), visit, extent);
        pending = started;
        memory.asked(now);
        return started;
    }

    private CompletableFuture<Resolution> makeReady(Scheme scheme, Moment now) {
        long nanos = Math.min(READY_NANOS, memory.quietFor(now));
        Ready made = new Ready(CompletableFuture.completedFuture(memory.answer(scheme, now)), now, nanos);
        ready = place.isLeft() ? null : made;
        return made.answer;
    }

    private void run(PendingInquiry started, Executor executor) {
        if (started.isFirst) {
            recall(started);
        } else {
            started.recalled.complete(null);
        }
        CompletableFuture<ChainAnswer> asking = ask(started, executor);
        started.stopped.thenRun(() -> asking.cancel(false));
        asking.exceptionally(HostEntry::failed).thenAccept(found -> heard(started, found));
    }

    private CompletableFuture<ChainAnswer> ask(PendingInquiry started, Executor executor) {
        try {
            return started.extent == Extent.OWN
                    ? chain.askOwn(host)
                    : chain.ask(host, started.suspect, executor, found -> learnLate(started, found));
        } catch (RuntimeException broken) {
            return CompletableFuture.completedFuture(failed(broken));
        }
    }

    private static ChainAnswer failed(Throwable broken) {
        return new ChainAnswer(new Answer.Failed(UserCode.textOf(broken)), "byroad");
    }

    /** Reads what an earlier process or another process of the fleet has stored, while the chain is asked. */
    private void recall(PendingInquiry started) {
        CompletableFuture<@Nullable StoredRecord> record =
                place.stored().map(records -> records.recall(host)).orElse(CompletableFuture.completedFuture(null));
        record.thenAccept(found -> {
            if (found != null) {
                recalled(found);
            }
            started.recalled.complete(null);
        });
    }

    private void recalled(StoredRecord record) {
        Moment now = now();
        Duration age = Duration.between(record.learnedAt(), runtime.time().now());
        Moment learnedAt = now.minus(age.isNegative() ? Duration.ZERO : age);
        if (record.isBlock()) {
            synchronized (this) {
                memory.recallBlock(learnedAt);
            }
            return;
        }
        Answer admitted =
                chain.admitted(host, record.resolver(), new Answer.Addresses(record.addresses(), record.ttl()));
        if (admitted instanceof Answer.Addresses found) {
            String by = Fault.quoted(record.resolver()); // text from a store
            synchronized (this) {
                memory.recall(found, by, learnedAt);
            }
        }
    }

    /** Completes when the store has answered; after 200 ms, or at the deadline of the look-up, it is not waited for. */
    private CompletableFuture<@Nullable Void> storeIsHeard(PendingInquiry started) {
        if (started.recalled.isDone()) {
            return started.recalled;
        }
        CompletableFuture<@Nullable Void> over = new CompletableFuture<>();
        Duration longest = LearnedAddresses.least(STORE_TIMER, chain.deadline());
        Scheduled timer =
                runtime.time().schedule(longest.minusNanos(now().since(started.startedAt)), () -> over.complete(null));
        started.recalled.thenRun(() -> {
            timer.cancel();
            over.complete(null);
        });
        return over;
    }

    /** The chain has answered; the callers of an answer that stored addresses may replace wait for the store. */
    private void heard(PendingInquiry asked, ChainAnswer found) {
        boolean isOfHere;
        boolean isBlock = false;
        synchronized (this) {
            isOfHere = pending == asked && !place.isLeft();
            if (isOfHere) {
                boolean isKnown = asked.extent == Extent.CHAIN || found.answer() instanceof Answer.Addresses;
                isBlock = isKnown && learn(found);
                lastEnded = asked;
            }
        }
        if (!isOfHere) {
            asked.moveOn();
            return;
        }
        if (isBlock) {
            StoredRecord block =
                    StoredRecord.block(host, found.by(), runtime.time().now());
            place.stored().ifPresent(records -> records.remember(block));
        }
        boolean isFinal = found.answer() instanceof Answer.Addresses || found.answer() instanceof Answer.Blocked;
        if (isFinal || own.isPolicy()) {
            end(asked, found);
        } else {
            storeIsHeard(asked).thenRun(() -> end(asked, found));
        }
    }

    private void end(PendingInquiry ended, ChainAnswer found) {
        synchronized (this) {
            pending = pending == ended ? null : pending;
        }
        ended.done.complete(found);
    }

    /** Learns addresses that came after the chain's answer, unless the chain has answered again since then. */
    private synchronized void learnLate(PendingInquiry done, ChainAnswer found) {
        if (done.visit == visit && (done == lastEnded || memory.knowsNothingNew())) {
            learn(found);
        }
    }

    /** Returns whether the name is blocked now, and was not before. */
    private boolean learn(ChainAnswer found) {
        boolean wasBlocked = memory.isBlocked();
        memory.learn(found, now(), runtime.random());
        ready = null;
        if (found.answer() instanceof Answer.Addresses && !memory.isUsingProvenBefore()) {
            told = Source.FRESH;
            toldBelieved = false;
        }
        return memory.isBlocked() && !wasBlocked;
    }

    /** The device left the network: nothing of the inquiry under way is learned; it is returned to be ended. */
    synchronized Optional<PendingInquiry> leave() {
        PendingInquiry left = pending;
        visit++;
        pending = null;
        lastEnded = null;
        ready = null;
        return Optional.ofNullable(left);
    }

    /** The device is on this network, or is said to be so again. */
    synchronized void arrive() {
        memory.askAnew();
    }

    /**
     * The chain's answer if it comes soon, else a last good answer if there is one; the inquiry continues for the next
     * caller.
     */
    private CompletableFuture<Resolution> waitBriefly(
            PendingInquiry joined, Scheme scheme, @Nullable PendingInquiry started) {
        boolean isOthers = joined != started;
        CompletableFuture<Resolution> first = new CompletableFuture<>();
        if (!own.isPolicy() && (!joined.isFirst || place.stored().isPresent())) { // else no other answer may be used
            answerMeanwhile(joined, scheme, first);
        }
        joined.done.whenComplete((found, left) -> {
            if (first.isDone()) {
                return;
            } else if (found == null) {
                moveOn(joined, scheme, first);
            } else {
                first.complete(answer(scheme, found, isOthers));
            }
        });
        return first;
    }

    /** Gives a last good answer after the client timer, or as soon as there is one after it. */
    private void answerMeanwhile(PendingInquiry joined, Scheme scheme, CompletableFuture<Resolution> first) {
        Runnable answer = () -> {
            boolean isTime = now().isAtLeast(CLIENT_TIMER, joined.startedAt);
            if (isTime && !first.isDone() && !joined.done.isDone() && canAnswerMeanwhile(scheme)) {
                first.complete(answer(scheme));
            }
        };
        answer.run();
        Duration patience = CLIENT_TIMER.minusNanos(now().since(joined.startedAt));
        if (!first.isDone() && !joined.done.isDone()) {
            Scheduled timer = runtime.time().schedule(patience, answer);
            joined.done.whenComplete((found, left) -> timer.cancel());
            joined.recalled.thenRun(answer);
        }
    }

    /** The network was left: the present one has the time that is left for the answer. */
    private void moveOn(PendingInquiry joined, Scheme scheme, CompletableFuture<Resolution> first) {
        Duration left = chain.deadline().minusNanos(now().since(joined.startedAt));
        Resolution none = new Resolution(
                new Answer.Failed("the network changed, and no answer came in time"),
                new Provenance(Source.FRESH, "", Duration.ZERO, ""));
        Scheduled timer = runtime.time().schedule(left, () -> first.complete(none));
        place.elsewhere(host, scheme).thenAccept(found -> {
            timer.cancel();
            first.complete(found);
        });
    }

    private synchronized boolean canAnswerMeanwhile(Scheme scheme) {
        return !place.isLeft() && memory.canAnswerMeanwhile(scheme, now());
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
                left = Duration.ofNanos(memory.unansweredFor(now()));
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
        if (denied && memory.isDeniedAfterAddresses() && !toldBelieved) {
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
            toStore = place.stored().isPresent() && isTimeToStore(isNew) ? toStore() : null;
        }
        if (toStore != null) {
            place.stored().get().remember(toStore);
        }
    }

    /** Every call brings a proof: most of them are not stored. */
    private boolean isTimeToStore(boolean isNew) {
        Moment now = now();
        boolean due = isNew || storedAt == null || now.isAtLeast(STORE_AGAIN, storedAt);
        if (due) {
            storedAt = now;
        }
        return due;
    }

    private @Nullable StoredRecord toStore() {
        LearnedAddresses proven = memory.toStore();
        if (proven == null) {
            return null;
        }
        Instant now = runtime.time().now();
        Instant learnedAt = now.minusNanos(proven.age(now()));
        return new StoredRecord(host, proven.addresses(), proven.found().ttl(), proven.by(), learnedAt, now);
    }

    /** The remembered addresses; empty if the chain has not answered yet. Asks no resolver and changes nothing. */
    synchronized Optional<KnownHost> known() {
        Resolution now = memory.answer(Scheme.HTTPS, now());
        if (memory.isUnheard() && now.addresses().isEmpty()) {
            return Optional.empty();
        }
        LearnedAddresses proven = memory.toStore();
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

    /** Whether the chain said that the name has no address, and has given none since then. */
    synchronized boolean isDenied() {
        return memory.isDenied();
    }

    private Moment now() {
        return Moment.now(runtime.time());
    }

    /** A fresh answer, made once for many look-ups. */
    private record Ready(CompletableFuture<Resolution> answer, Moment madeAt, long nanos) {}

    /** An inquiry that is under way. */
    static final class PendingInquiry {
        private final CompletableFuture<ChainAnswer> done = new CompletableFuture<>();
        private final CompletableFuture<@Nullable Void> recalled = new CompletableFuture<>();
        private final CompletableFuture<@Nullable Void> stopped = new CompletableFuture<>();
        private final Moment startedAt;
        private final String suspect;
        private final boolean isFirst;
        private final int visit;
        private final Extent extent;

        PendingInquiry(Moment startedAt, String suspect, boolean isFirst, int visit, Extent extent) {
            this.startedAt = startedAt;
            this.suspect = suspect;
            this.isFirst = isFirst;
            this.visit = visit;
            this.extent = extent;
        }

        /** The resolvers are not asked any more. */
        void stop() {
            stopped.complete(null);
        }

        /** Its callers look the host up on the present network. */
        void moveOn() {
            done.cancel(false);
        }
    }

    /** The resolvers that an inquiry asks. */
    private enum Extent {
        /** Those of the chain. */
        CHAIN,
        /** The client's own look-up only, because the others failed a short while ago; only addresses are learned. */
        OWN
    }
}

package byroad.call;

import byroad.Breakage.Symptom;
import byroad.CallReport;
import byroad.Event;
import byroad.EventStreams;
import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Mode;
import byroad.Refusal;
import byroad.Seams;
import byroad.call.Candidates.Admission;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What to do for one call: ask {@link #next} and do it, tell {@link #took} what came of each send, until it says
 * {@link Step.Deliver} or {@link Step.GiveUp}.
 *
 * <p>The order is always the same. The first endpoint in good health is tried. After a failure, and if sending again is
 * safe, an endpoint that does not depend on anyone under suspicion; it costs no budget, but passes its gate. Only when
 * there is none, the preferred endpoint again, after a wait and out of the budget. When nothing may follow, the best
 * answer there was goes to the caller, else the last exception.
 *
 * <p>One caller at a time; {@link #report} may be asked for by any thread.
 */
public final class CallPlan {
    private final Seams seams;
    private final Mode mode;
    private final Attribution attribution;
    private final UpstreamHealth upstream;
    private final RequestTraits request;
    private final Limits limits;
    private final Story story;
    private final Candidates candidates;

    private Step.@Nullable Send outstanding;
    private Step.@Nullable Send answered;
    private @Nullable Outcome last;
    private @Nullable Fault lastFault;
    private @Nullable EndpointHealth preferred;
    private @Nullable Repeats repeats; // once the preferred endpoint has failed
    private @Nullable EndpointHealth inDoubt;
    private @Nullable Failures failures;
    private Step.@Nullable Await awaited;
    private boolean repeatDue;
    private boolean lastResort;
    private boolean exhausted;
    private boolean timedOut;
    private boolean bodyFailed;
    private @Nullable Step decision;
    private long decidedNanos;

    CallPlan(Seams seams, Mode mode, Attribution attribution, UpstreamHealth upstream, RequestTraits request) {
        this.seams = seams;
        this.mode = mode;
        this.attribution = attribution;
        this.upstream = upstream;
        this.request = request;
        this.limits = new Limits(seams.time(), upstream.upstream, request);
        this.story = new Story(upstream.upstream.name(), request);
        this.candidates = new Candidates(upstream, request, upstream.shunned, story);
    }

    /**
     * What to do next.
     *
     * @throws IllegalStateException if the last send was not followed by {@link #took}
     */
    public synchronized Step next() {
        if (outstanding != null) {
            throw new IllegalStateException("took() was not called for: " + outstanding);
        }
        if (decision != null) {
            return decision;
        }
        endWait();
        Step step = last == null ? first() : following();
        candidates.freePlace();
        if (step instanceof Step.Send send) {
            outstanding = send;
        } else if (step instanceof Step.Await await) {
            awaited = await;
        } else {
            decision = step;
            decidedNanos = seams.time().nanoTime();
            if (!(last instanceof Outcome.Cancelled)) {
                upstream.shift.ended(step instanceof Step.Deliver delivered && delivered.send().health.rank > 0);
            }
        }
        return step;
    }

    private void endWait() {
        if (awaited != null) {
            candidates.waited(awaited.end());
            awaited = null;
        }
    }

    /** The call goes no further, however it ended: a place that it waits for is another's. Does nothing once it is decided. */
    public synchronized void close() {
        endWait();
        candidates.freePlace();
        dropRepeat();
    }

    private void dropRepeat() {
        if (repeatDue) {
            repeatDue = false;
            Objects.requireNonNull(repeats).notMade();
        }
    }

    /** The caller gave the call up while it waited: what {@link #next} says then is to be done all the same. */
    public synchronized void cancelled(IOException why) {
        dropRepeat();
        last = new Outcome.Cancelled(why);
        lastFault = null;
        alsoFailed(why);
    }

    /** The first attempt is never refused: with no endpoint in good health, the least bad one is tried, once. */
    private Step first() {
        if (mode != Mode.ACT) {
            return asCalled();
        }
        Step step = toSomebody();
        return step != null ? step : lastResort();
    }

    /**
     * To the first that lets the call in, or a wait for a place; null where neither is to be had. Where the answer of an
     * endpoint's name is in doubt, that endpoint alone: by another answer it is tried again, for free.
     */
    private @Nullable Step toSomebody() {
        Admission admission = inDoubt == null ? candidates.next() : candidates.again(inDoubt);
        if (admission != null) {
            return send(admission, Optional.empty());
        }
        if (!candidates.mayWait()) {
            return null;
        }
        Step.Await wait = candidates.waitForPlace(limits);
        return wait != null ? wait : toSomebody();
    }

    /** A call that is only watched goes where it was called, and its report says where it would have gone. */
    private Step asCalled() {
        EndpointHealth called = upstream.endpoints.get(0);
        if (mode == Mode.WATCH) {
            candidates.tellWhereTo(called);
        }
        return send(new Admission(called, called.circuit.enterAnyway()), Optional.empty());
    }

    private Step lastResort() {
        lastResort = true;
        EndpointHealth leastBad = candidates.lastResort();
        Optional<Duration> atMost = candidates.limitOfLastResort(leastBad);
        return send(new Admission(leastBad, leastBad.circuit.enterAnyway()), atMost);
    }

    private Step following() {
        if (lastFault == null && last instanceof Outcome.Answered
                || last instanceof Outcome.Local
                || last instanceof Outcome.Cancelled) {
            return conclusion();
        }
        Why nothing = whyNothingMayFollow();
        if (nothing != null) {
            dropRepeat();
            story.refused(nothing.kind(), nothing.words());
            return conclusion();
        }
        if (mode != Mode.ACT) {
            candidates.tellWhereOn();
            return conclusion();
        }
        if (repeatDue) {
            repeatDue = false;
            return repeatNow(Objects.requireNonNull(preferred));
        }
        // Any other would say the same of a request that comes in too slowly.
        boolean notTakenIn = lastFault != null && lastFault.delivery() == Delivery.NOT_TAKEN_IN;
        Step somebody = notTakenIn ? null : toSomebody();
        if (somebody == null && inDoubt != null) {
            inDoubt = null;
            return following(); // what did not go back to it may not be free to go elsewhere
        }
        return somebody != null ? somebody : repeat();
    }

    private @Nullable Why whyNothingMayFollow() {
        if (lastFault == null || last == null) {
            return null; // the transport could not do it: nothing was sent
        }
        return timedOut || limits.endBefore(Duration.ZERO)
                ? new Why(Refusal.DEADLINE, "nothing more is tried: the deadline of " + limits + " is reached")
                : SendingAgain.whyNot(request, upstream.upstream, last, lastFault, inDoubt != null);
    }

    /** The preferred endpoint again: after a wait, and out of the budget unless the request was never sent. */
    private Step repeat() {
        Step.Await wait = repeats == null || lastResort ? null : repeats.waitBeforeNext(candidates.isRefusedByGate());
        if (wait == null) {
            exhausted = true;
            return conclusion();
        }
        EndpointHealth again = Objects.requireNonNull(preferred);
        if (wait.duration().isZero()) {
            return repeatNow(again);
        }
        repeatDue = true;
        return wait;
    }

    private Step repeatNow(EndpointHealth again) {
        Step.Await longer = Objects.requireNonNull(repeats).waitOn();
        if (longer != null) {
            repeatDue = true;
            return longer;
        }
        int epoch = repeats.enter(request);
        if (epoch == Circuit.REFUSED) {
            exhausted = true;
            return conclusion();
        }
        // Only the first in order is repeated, and it has no gate.
        return send(new Admission(again, epoch), Optional.empty());
    }

    private Step.Send send(Admission admission, Optional<Duration> atMost) {
        EndpointHealth health = admission.health();
        preferred = preferred == null ? health : preferred;
        boolean asCalled = mode != Mode.ACT;
        String url = asCalled
                ? request.url()
                : CallUrl.rebased(request.url(), upstream.upstream.calledAt(), health.endpoint.at());
        Step.Send.Route route = new Step.Send.Route(
                upstream.headers,
                CallUrl.isSameOrigin(url, request.url()),
                asCalled,
                limits.ofAttempt(),
                asCalled ? Symptom.NONE : seams.breakage().ofEndpoint(health.dependsOn),
                story.attempts() + 1);
        return new Step.Send(health, admission.epoch(), seams.time(), url, limits.ofAttemptNow(atMost), route);
    }

    /**
     * What came of a send. Every send is answered by exactly one call of this.
     *
     * @return whose fault it was, empty if nobody's
     * @throws IllegalStateException if that send is not the outstanding one
     */
    public synchronized Optional<Fault> took(Step.Send send, Outcome outcome) {
        if (send != outstanding) {
            throw new IllegalStateException("not the outstanding send: " + send);
        }
        outstanding = null;
        inDoubt = null;
        if (!(outcome instanceof Outcome.Unproven unproven)) {
            return settled(send, outcome);
        }
        if (lastResort || !candidates.mayDoubt(send.health)) {
            return settled(send, new Outcome.Failed(unproven.failure(), Delivery.NEVER_SENT, unproven.address()));
        }
        inDoubt = send.health;
        return settled(send, outcome);
    }

    private Optional<Fault> settled(Step.Send send, Outcome outcome) {
        Duration took = Duration.ofNanos(seams.time().nanoTime() - send.startedNanos);
        Optional<Fault> fault = faultOf(send, outcome);
        Ledger.settle(send, outcome, fault, took, upstream, withdrawnFor(send));
        story.attempted(send, outcome, fault, limits.since(send.startedNanos), took);
        last = outcome;
        lastFault = fault.orElse(null);
        if (send.health == preferred && preferred.rank == 0) {
            repeats = repeats == null && lastFault != null ? new Repeats(preferred, upstream, limits, story) : repeats;
            if (repeats != null) {
                repeats.took(outcome, fault);
            }
        }
        if (outcome.isAnswer()) {
            answered = send;
            bodyFailed = lastFault != null; // it has been counted, and counts once
        }
        if (lastFault != null || !(outcome instanceof Outcome.Answered)) {
            candidates.tried(send.health);
            fault.ifPresent(found -> candidates.failedAt(send.health, outcome, found));
            Attribution.failureOf(outcome).ifPresent(this::alsoFailed);
        }
        return fault;
    }

    private Optional<Fault> faultOf(Step.Send send, Outcome outcome) {
        try {
            return attribution.of(send, outcome);
        } catch (RuntimeException | Error ofASignature) { // of the user's own, who gets it
            Ledger.forget(send);
            throw ofASignature;
        }
    }

    /** A repeat that succeeds pays itself back, and a stand-in is none. */
    private int withdrawnFor(Step.Send send) {
        return repeats == null || send.health != preferred ? 0 : repeats.withdrawn();
    }

    private void alsoFailed(IOException failure) {
        failures = failures == null ? new Failures() : failures;
        failures.add(failure);
    }

    /** The outstanding send begins only now: an earlier answer had to be set aside first. */
    public synchronized void begins() {
        Objects.requireNonNull(outstanding).begins(limits.left());
    }

    /** The client below has ended the outstanding send, and the call with it: nothing can follow, nor be delivered. */
    public synchronized void timedOut() {
        timedOut = true;
        Objects.requireNonNull(outstanding).endsWithCall();
    }

    /** Somebody below sent the request of the outstanding send once more by himself: that counts as a repeat. */
    public synchronized void repeatedBelow(String because) {
        upstream.budget.tryWithdraw(RetryBudget.TRANSIENT_COST);
        story.note("sent twice by the client below: " + because);
    }

    /** The body of the delivered answer died while it was read: counted against the endpoint, never repeated. */
    public synchronized void bodyFailed(IOException why) {
        bodyFailed(Attribution.describe(why));
    }

    /**
     * The body of the delivered answer told of an error, or is not what it has to be: counted like one that died, once a call.
     *
     * @param why in words that hold nothing secret
     */
    public synchronized void bodyFailed(String why) {
        if (decision instanceof Step.Deliver delivered && !bodyFailed) {
            bodyFailed = true;
            story.note("the body failed: " + why);
            seams.emit(new Event.BodyFailed(
                    upstream.upstream.name(), delivered.send().endpoint().name(), why));
            Ledger.bodyFailed(delivered.send(), upstream, why);
        }
    }

    /** An answer beats an exception; else the last exception is thrown, earlier ones suppressed in their order. */
    private Step conclusion() {
        if (answered != null && !timedOut && !(last instanceof Outcome.Cancelled)) {
            return new Step.Deliver(answered, exhausted && lastFault != null);
        }
        return new Step.GiveUp(
                failures == null
                        ? new IOException(upstream.upstream.name() + ": no endpoint could be used: " + story)
                        : failures.thrown());
    }

    /** What is left of the deadline; empty where there is none. */
    public Optional<Duration> timeLeft() {
        return limits.left();
    }

    /** What is expected of an event stream that answers; empty where nothing is, or where the client only watches. */
    public Optional<EventStreams> eventStreams() {
        return acts() ? upstream.upstream.eventStreams() : Optional.empty();
    }

    /** Whether what is decided is done, and not only watched. */
    public boolean acts() {
        return mode == Mode.ACT;
    }

    /** The deadline that the upstream declares, which an adapter has to keep; the caller's own timeout is the caller's. */
    public Optional<Duration> declaredDeadline() {
        return acts() ? upstream.upstream.deadline() : Optional.empty();
    }

    /** The story so far; its last attempt may be {@code under way}. */
    public synchronized CallReport report() {
        long until = decision != null ? decidedNanos : seams.time().nanoTime();
        CallReport told = story.report(Optional.ofNullable(decision), limits.since(until));
        return outstanding == null ? told : story.with(outstanding, limits.since(outstanding.startedNanos), told);
    }
}

package byroad.call;

import byroad.CallReport;
import byroad.Event;
import byroad.EventStreams;
import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Mode;
import byroad.Refusal;
import byroad.UserCode;
import byroad.call.RetryPolicy.Retry;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides the next step of one call. An adapter asks {@link #next}, makes the step, and reports the outcome of each
 * attempt to {@link #took}, until the step is {@link Step.Deliver} or {@link Step.GiveUp}.
 *
 * <p>The order is always the same. The first healthy endpoint is tried. After a failure, if it is safe to send the
 * request again, an endpoint is tried that depends on no suspected domain; that costs no budget, but its concurrency
 * limit applies. If there is none, the preferred endpoint is tried again, after a wait and for tokens of the budget.
 * When nothing may follow, the caller gets the best answer so far, else the last exception.
 *
 * <p>Several attempts may be under way: {@link #alongside} plans one more. One thread at a time asks {@link #next}; the
 * other methods may be called by any thread. Code of users is never called under the lock of a plan.
 */
public final class CallPlan implements AutoCloseable {
    /** For an outcome that needs no note: a good answer, or a cancel by the caller. */
    private static final Reason NO_REASON = new Reason(Refusal.ANSWERED, "");

    private static final Reason NETWORK_IS_DOWN =
            new Reason(Refusal.CLIENT_NETWORK, "the network of this client is down");

    private static final Reason ONE_ATTEMPT = new Reason(Refusal.ATTEMPTS, "a fallback endpoint gets one attempt");

    private static final Reason TOO_MANY_WAIT =
            new Reason(Refusal.WAITING, Tuning.MOST_WAITING + " calls wait already");

    private final Mode mode;
    private final Assessor assessor;
    private final UpstreamHealth upstream;
    private final RequestTraits request;
    private final int paidByCaller;
    private final Limits limits;
    private final ReportBuilder report;
    private final EndpointSelector selector;

    // Guarded by this.
    private List<Attempt> underWay = List.of();
    private boolean isOneByOne = true; // until alongside() plans a second attempt
    private @Nullable Attempt last;
    private @Nullable Outcome lastOutcome;
    private Assessment lastAssessment = Assessment.NOTHING;
    private @Nullable Answer answered; // the best so far
    private @Nullable Answer refused; // with an answer that an earlier attempt may have caused
    private boolean maybeProcessed;
    private @Nullable EndpointHealth firstUsed;
    private @Nullable RetryPolicy retries; // after the preferred endpoint has failed
    private @Nullable EndpointHealth inDoubt; // its DNS answer
    private List<IOException> failures = List.of();
    private @Nullable Wait wait;
    private boolean isLastResort;
    private boolean timedOut;
    private boolean isBodyCounted; // its failure, once
    private boolean closed;
    private @Nullable Step decision;
    private long decidedNanos;

    /** An answer that can be delivered. */
    private record Answer(Attempt by, Outcome outcome, Assessment assessment, Duration took) {
        boolean isGood() {
            return !assessment.fault().isPresent();
        }
    }

    /** What the call waits for. */
    private sealed interface Wait {
        Step.Await step();

        record ForRetry(Step.Await step, Permit permit) implements Wait {}

        record ForPlace(Step.Await step, EndpointHealth endpoint) implements Wait {}

        record ForOthers(Step.Await step) implements Wait {}
    }

    CallPlan(Mode mode, Assessor assessor, UpstreamHealth upstream, RequestTraits request, int paidByCaller) {
        this.mode = mode;
        this.assessor = assessor;
        this.upstream = upstream;
        this.request = request;
        this.paidByCaller = paidByCaller;
        this.limits = new Limits(upstream.runtime.time(), upstream.upstream, request);
        this.report = new ReportBuilder(upstream.upstream.name(), request);
        this.selector = new EndpointSelector(upstream, request, report);
    }

    /**
     * The next step. While several attempts are under way, it delivers a good answer of one of them, or waits for the
     * others.
     *
     * @throws IllegalStateException if {@link #took} was not called for the last attempt
     */
    public Step next() {
        Step step;
        Outcome outcome;
        synchronized (this) {
            if (decision != null) {
                return decision;
            }
            step = step();
            started(step);
            outcome = lastOutcome;
        }
        if (step instanceof Step.Deliver delivered) {
            upstream.shift.ended(delivered.attempt().health.rank > 0);
        } else if (step instanceof Step.GiveUp && !(outcome instanceof Outcome.Cancelled)) {
            upstream.shift.ended(false);
        }
        return step;
    }

    private Step step() {
        if (isOneByOne && !underWay.isEmpty()) {
            throw new IllegalStateException("took() was not called for: " + underWay.get(0));
        }
        Permit waited = endWait();
        if (!underWay.isEmpty()) {
            return isAnsweredWell() ? conclusion(false) : waitForOthers();
        }
        return last == null && lastOutcome == null ? first() : following(waited);
    }

    private void started(Step step) {
        if (step instanceof Step.Await) {
            return; // a place in a concurrency limit is kept for the step after it
        }
        selector.freePlace();
        if (step instanceof Step.Send send) {
            start(send.attempt());
        } else {
            decision = step;
            decidedNanos = upstream.runtime.time().nanoTime();
        }
    }

    private void start(Attempt attempt) {
        if (underWay.isEmpty()) {
            underWay = List.of(attempt);
        } else {
            underWay = new ArrayList<>(underWay);
            underWay.add(attempt);
        }
    }

    private boolean isAnsweredWell() {
        return answered != null && answered.isGood();
    }

    /** The first attempt is never refused: if no endpoint is healthy, the least bad one is tried once. */
    private Step first() {
        if (mode != Mode.ACT) {
            return asCalled();
        }
        Step step = toEndpoint();
        return step != null ? step : lastResort();
    }

    /**
     * An attempt at the first endpoint that the call may use, or a wait for a place; null if there is neither. If the
     * DNS answer of an endpoint is in doubt, only that endpoint is tried again, with another DNS answer and without
     * cost.
     */
    private @Nullable Step toEndpoint() {
        Permit permit = inDoubt == null ? selector.acquire() : selector.acquireAgain(inDoubt);
        if (permit != null) {
            return send(permit);
        }
        EndpointHealth full = selector.worthAWait();
        return full == null ? null : waitForPlace(full);
    }

    private @Nullable Step waitForPlace(EndpointHealth full) {
        selector.waits();
        Step.Await step = Step.Await.of(limits.ofWaitForPlace(), "for a place at " + full.endpoint.name());
        if (!upstream.tryWait(step.over(), step.duration())) {
            report.refused("no wait " + step.why(), TOO_MANY_WAIT);
            return toEndpoint();
        }
        report.note("waited " + step.why());
        wait = new Wait.ForPlace(step, full);
        Objects.requireNonNull(full.limit).queue(step.over());
        return step;
    }

    /**
     * The attempt of a call that is only watched: at the called endpoint. The report says which endpoint would have
     * been used.
     */
    private Step asCalled() {
        EndpointHealth called = upstream.endpoints.get(0);
        if (mode == Mode.WATCH) {
            EndpointHealth instead = selector.wouldUse();
            if (instead == null) {
                report.note("watching only: no endpoint would have been used but as a last resort");
            } else if (instead != called) {
                report.note("watching only: would have gone to " + instead.endpoint.name());
            }
        }
        return send(Permit.reserve(called, upstream).acquireWithoutPlace());
    }

    private Step lastResort() {
        isLastResort = true;
        Permit permit = selector.lastResort();
        // If that endpoint never answers, a call that a concurrency limit refused must not wait long.
        Optional<Duration> atMost = selector.isRefusedByLimit() && permit.endpoint.limit == null
                ? upstream.ownLoad.severalTimesUsual()
                : Optional.empty();
        String name = permit.endpoint.endpoint.name();
        report.refused(
                "no endpoint may be used",
                new Reason(
                        Refusal.LAST_RESORT,
                        name + " is tried once all the same"
                                + atMost.map(limit -> ", for at most " + limit.toMillis() + "ms")
                                        .orElse("")));
        Step.Send send = send(permit);
        atMost.ifPresent(limit -> send.attempt().within(limit));
        return send;
    }

    /** The step after an outcome, in this order: nothing, what was waited for, another endpoint, a retry. */
    private Step following(@Nullable Permit waited) {
        Reason nothing = whyNothingFollows();
        if (nothing != null) {
            if (waited != null) {
                waited.release();
            }
            if (!nothing.equals(NO_REASON)) {
                report.refused(nothing.kind(), nothing.words());
            }
            return conclusion(false);
        }
        if (mode != Mode.ACT) {
            EndpointHealth next = selector.wouldUse();
            report.note("watching only: would have gone on"
                    + (next == null ? ", by a retry at most" : " to " + next.endpoint.name()));
            return conclusion(false);
        }
        if (waited != null) {
            return afterWait(waited);
        }
        Step elsewhere = lastAssessment.isNotTakenIn() ? nowhereElse() : toEndpoint();
        if (elsewhere != null) {
            return elsewhere;
        }
        if (inDoubt != null) {
            inDoubt = null; // it has no other DNS answer, and the request may not be sent to another endpoint
            return following(null);
        }
        return retry();
    }

    private @Nullable Step nowhereElse() {
        report.refused(
                "no other endpoint is tried",
                new Reason(
                        Refusal.NOT_TAKEN_IN,
                        "the service did not take the request in, and any other would say the same"));
        return null;
    }

    private @Nullable Reason whyNothingFollows() {
        Outcome outcome = Objects.requireNonNull(lastOutcome);
        if (outcome instanceof Outcome.Cancelled || outcome instanceof Outcome.Local) {
            return NO_REASON;
        }
        if (outcome instanceof Outcome.Final) {
            return new Reason(
                    Refusal.FINAL, "nothing more is tried: the failure is final, and no endpoint is at fault");
        }
        if (outcome instanceof Outcome.Answered && !lastAssessment.fault().isPresent()) {
            return outcome.status() < 400
                    ? NO_REASON
                    : new Reason(
                            Refusal.ANSWERED,
                            "nothing more is tried: " + outcome.status()
                                    + " is about the request, no endpoint is at fault");
        }
        if (!lastAssessment.fault().isPresent()) {
            return null; // the transport could not make the attempt: nothing was sent
        }
        if (timedOut || limits.endBefore(Duration.ZERO)) {
            return new Reason(Refusal.DEADLINE, "nothing more is tried: the deadline of " + limits + " is reached");
        }
        Reason nothing = lastAssessment.next().nothing();
        boolean byAnotherAnswer = inDoubt != null && nothing != null && nothing.kind() == Refusal.IDENTITY;
        return byAnotherAnswer ? null : nothing;
    }

    /**
     * A retry at the preferred endpoint, after a wait and for tokens of the budget, unless the request was never sent.
     */
    private Step retry() {
        RetryPolicy policy = retries;
        Reason none = whyNoRetry();
        if (none != null) {
            report.refused("no further retry", none);
            return conclusion(true);
        }
        if (isLastResort) {
            return conclusion(true);
        }
        if (policy == null) {
            report.refused("no further retry", ONE_ATTEMPT);
            return conclusion(true);
        }
        Retry retry = policy.next(selector.isRefusedByLimit());
        if (retry == null) {
            return conclusion(true);
        }
        return retry.after().isZero()
                ? sendRetry(policy, retry.permit())
                : waitForRetry(policy, retry.permit(), retry.after());
    }

    /** Why no retry is worth it now, whatever the outcome of the preferred endpoint is; null if one may be. */
    private @Nullable Reason whyNoRetry() {
        if (lastAssessment.isOfClientNetwork()) {
            return NETWORK_IS_DOWN;
        }
        Attempt latest = Objects.requireNonNull(last);
        if (answered != null && answered.by() == latest && lastAssessment.verdict() == Assessment.Verdict.REFUSED) {
            return new Reason(
                    Refusal.ANSWERED,
                    "there is no other answer than HTTP " + answered.outcome().status());
        }
        if (isSilent(lastOutcome) && latest.isCut() && !limits.areDeclared() && answered == null) {
            return new Reason(Refusal.ATTEMPTS, latest.endpoint().name() + " is silent again");
        }
        boolean isSilent = isSilent(lastOutcome)
                && lastOutcome instanceof Outcome.Failed failed
                && failed.delivery() == Delivery.MAYBE_PROCESSED;
        return isSilent && answered != null && latest.health == firstUsed
                ? new Reason(
                        Refusal.ATTEMPTS, latest.endpoint().name() + " is silent, and there is an answer to deliver")
                : null;
    }

    private static boolean isSilent(@Nullable Outcome outcome) {
        return outcome instanceof Outcome.Failed failed && failed.failure() instanceof SocketTimeoutException;
    }

    private Step waitForRetry(RetryPolicy policy, Permit permit, Duration duration) {
        Step.Await step = Step.Await.of(duration, policy.inWords());
        if (!upstream.tryWait(step.over(), duration)) {
            permit.release();
            report.refused("no further retry", TOO_MANY_WAIT);
            return conclusion(true);
        }
        wait = new Wait.ForRetry(step, permit);
        return step;
    }

    /**
     * The step after the wait before a retry: another endpoint if one can be used now, which costs no budget; else the
     * retry.
     */
    private Step afterWait(Permit waited) {
        Permit another = lastAssessment.isNotTakenIn() ? null : selector.acquire();
        if (another != null) {
            waited.release();
            return send(another);
        }
        RetryPolicy policy = Objects.requireNonNull(retries);
        Duration longer = policy.waitOn();
        return longer == null ? sendRetry(policy, waited) : waitForRetry(policy, waited, longer);
    }

    private Step sendRetry(RetryPolicy policy, Permit permit) {
        if (!policy.acquire(permit, selector)) {
            return conclusion(true);
        }
        Step.Send send = send(permit);
        if (answered != null) {
            send.attempt().within(policy.besideAnswer(answered.took()));
        } else if (isSilent(lastOutcome) && !limits.areDeclared()) {
            send.attempt().within(policy.afterSilence());
        }
        return send;
    }

    private Step.Send send(Permit permit) {
        firstUsed = firstUsed == null ? permit.endpoint : firstUsed;
        if (last == null && paidByCaller > 0) {
            permit.withTokens(paidByCaller); // the caller retries by itself: a success returns the tokens
        }
        return new Step.Send(
                new Attempt(permit, upstream, request, mode, limits, report.attempts() + underWay.size() + 1));
    }

    private Step waitForOthers() {
        Duration left = limits.left().orElse(Tuning.LONGEST_WAIT);
        boolean isOver = left.isZero() || left.isNegative(); // the adapter ends the attempts now
        Step.Await step = Step.Await.of(isOver ? Tuning.LONGEST_WAIT : left, "for the other attempts");
        wait = new Wait.ForOthers(step);
        return step;
    }

    /**
     * One more attempt beside those that are under way, at the first other endpoint that the call may use. The adapter
     * makes it and calls {@link #took}, as for an attempt of {@link #next}.
     *
     * @return empty if there is none, or if the request must not be processed twice; the report says why
     */
    public synchronized Optional<Attempt> alongside() {
        if (decision != null || closed || underWay.isEmpty() || mode != Mode.ACT) {
            return Optional.empty();
        }
        Reason never = Assessor.whyNotTwice(request, upstream);
        if (never != null) {
            report.refused("no second attempt at the same time", never);
            return Optional.empty();
        }
        underWay.forEach(attempt -> selector.tried(attempt.health));
        Permit permit = selector.acquire();
        if (permit == null) {
            return Optional.empty();
        }
        isOneByOne = false;
        Attempt attempt = send(permit).attempt();
        start(attempt);
        return Optional.of(attempt);
    }

    /**
     * Reports the outcome of an attempt, exactly once for each attempt. The outcome is assessed outside the lock.
     *
     * @return the fault, empty if there is none
     * @throws IllegalStateException if that attempt is not under way
     */
    public Optional<Fault> took(Attempt attempt, Outcome outcome) {
        Outcome judged;
        boolean isFirstToArrive;
        synchronized (this) {
            if (!underWay.contains(attempt)) {
                throw new IllegalStateException("not under way: " + attempt);
            }
            judged = outcome instanceof Outcome.Unproven unproven && !mayDoubt(attempt)
                    ? new Outcome.Failed(unproven.failure(), Delivery.NEVER_SENT, unproven.address())
                    : outcome;
            isFirstToArrive = !maybeProcessed && underWay.size() == 1;
        }
        Duration took = attempt.took();
        Assessment assessment = Assessment.NOTHING;
        try {
            assessment = assessor.assess(attempt, judged, request, isFirstToArrive, took);
            attempt.permit.settle(assessment, attempt.startedNanos(), took);
        } finally {
            attempt.permit.release(); // in case of an exception before
            ended(attempt, judged, assessment, took);
        }
        return assessment.fault();
    }

    private boolean mayDoubt(Attempt attempt) {
        return !isLastResort && selector.mayDoubt(attempt.health);
    }

    private synchronized void ended(Attempt attempt, Outcome outcome, Assessment assessment, Duration took) {
        stop(attempt);
        report.attempted(attempt, outcome, assessment.fault(), limits.since(attempt.startedNanos()), took);
        if (wait instanceof Wait.ForOthers others) {
            others.step().over().complete(true);
        }
        if (decision != null || isAnsweredWell()) {
            return; // it was not needed any more
        }
        last = attempt;
        lastOutcome = outcome;
        lastAssessment = assessment;
        inDoubt = outcome instanceof Outcome.Unproven ? attempt.health : null;
        boolean isFailed = assessment.fault().isPresent();
        if (attempt.health == firstUsed && firstUsed.rank == 0) {
            if (retries != null) {
                retries.took(outcome, assessment);
            } else if (isFailed) {
                retries = new RetryPolicy(attempt.permit, upstream, limits, report, outcome, assessment);
            }
        }
        maybeProcessed |= assessment.isMaybeProcessed() || outcome instanceof Outcome.Cancelled;
        if (outcome.isAnswer()) {
            answered(new Answer(attempt, outcome, assessment, took));
        }
        if (isFailed || !(outcome instanceof Outcome.Answered)) {
            selector.failedAt(attempt.health, assessment);
            outcome.thrown().ifPresent(this::alsoFailed);
        }
    }

    /** Keeps an answer that can be delivered; the latest one is the best, unless it is worth less. */
    private void answered(Answer answer) {
        Assessment.Worth worth = answer.assessment().worth();
        if (worth == Assessment.Worth.NO_BETTER_THAN_A_FAILURE) {
            refused = answer;
        } else if (answered == null || worth == Assessment.Worth.LATEST) {
            answered = answer;
            isBodyCounted = !answer.isGood();
        }
    }

    private void stop(Attempt ended) {
        if (underWay.size() == 1) {
            underWay = List.of();
        } else {
            underWay = new ArrayList<>(underWay);
            underWay.remove(ended);
        }
    }

    private void alsoFailed(IOException failure) {
        failures = failures.isEmpty() ? new ArrayList<>(2) : failures;
        failures.add(failure);
    }

    /** The caller cancelled the call while it waited. The next step of {@link #next} must still be made. */
    public synchronized void cancelled(IOException why) {
        dropWait();
        lastOutcome = new Outcome.Cancelled(why);
        lastAssessment = Assessment.NOTHING;
        alsoFailed(why);
    }

    /**
     * The HTTP client ended the attempt that is under way, and the call, by a timeout: nothing can follow or be
     * delivered.
     */
    public synchronized void timedOut() {
        timedOut = true;
        underWay.forEach(Attempt::endsWithCall);
    }

    /** The HTTP client sent the request of the attempt again by itself: that counts as a retry. */
    public synchronized void retriedBelow(String because) {
        maybeProcessed = true;
        upstream.budget.tryWithdraw(RetryBudget.TRANSIENT_COST);
        report.note("sent twice by the client below: " + because);
    }

    /** Adds a note of the adapter to the report. */
    public synchronized void note(String what) {
        report.note(what);
    }

    /**
     * The body of the delivered answer failed while the caller read it: that counts against the endpoint; there is no
     * retry.
     */
    public void bodyFailed(IOException why) {
        bodyFailed(Assessor.describe(why));
    }

    /**
     * The body of the delivered answer reported an error or is invalid: that counts against the endpoint, once per
     * call.
     *
     * @param why in words that hold nothing secret
     */
    public void bodyFailed(String why) {
        Attempt attempt;
        synchronized (this) {
            if (isBodyCounted || !(decision instanceof Step.Deliver)) {
                return;
            }
            attempt = ((Step.Deliver) decision).attempt();
            isBodyCounted = true;
            report.note("the body failed: " + why);
        }
        upstream.runtime.emit(new Event.BodyFailed(
                upstream.upstream.name(), attempt.endpoint().name(), why));
        attempt.permit.bodyFailed("body: " + why);
    }

    /**
     * The last step: deliver an answer if there is one that no earlier attempt may have caused; else throw the last
     * exception, with the earlier ones suppressed in their order.
     *
     * @param isExhausted whether a retry was safe and was not made
     */
    private Step conclusion(boolean isExhausted) {
        if (answered != null && !timedOut && !(lastOutcome instanceof Outcome.Cancelled)) {
            boolean isLastWord = isExhausted
                    && lastAssessment.fault().isPresent()
                    && answered.assessment().worth() == Assessment.Worth.LATEST
                    && !answered.assessment().isThrottledWithoutATime(); // others may wait longer than we do
            return new Step.Deliver(answered.by(), isLastWord);
        }
        if (failures.isEmpty() && refused != null) { // what caused it was sent by the client below
            answered = refused;
            return new Step.Deliver(refused.by(), false);
        }
        if (failures.isEmpty()) {
            return new Step.GiveUp(
                    new IOException(upstream.upstream.name() + ": no endpoint could be used: " + report));
        }
        IOException thrown = failures.get(failures.size() - 1);
        failures.stream().filter(earlier -> earlier != thrown).forEach(thrown::addSuppressed);
        return new Step.GiveUp(thrown);
    }

    /** The time that is left until the deadline; empty if there is none. */
    public Optional<Duration> timeLeft() {
        return limits.left();
    }

    /** The requirements for an event stream; empty if there are none, or if the client only watches. */
    public Optional<EventStreams> eventStreams() {
        return acts() ? upstream.upstream.eventStreams() : Optional.empty();
    }

    /** Whether the client acts and does not only watch. */
    public boolean acts() {
        return mode == Mode.ACT;
    }

    /**
     * The deadline that the upstream declares, which the adapter has to enforce; the HTTP client enforces the caller's
     * own timeout.
     */
    public Optional<Duration> declaredDeadline() {
        return acts() ? upstream.upstream.deadline() : Optional.empty();
    }

    /** The report so far; the outcome of an attempt that has not ended is {@code under way}. */
    public synchronized CallReport report() {
        long until = decision != null ? decidedNanos : upstream.runtime.time().nanoTime();
        return report.report(inWords(decision), limits.since(until), underWay, limits);
    }

    private String inWords(@Nullable Step decided) {
        if (decided instanceof Step.GiveUp gaveUp) {
            return UserCode.nameOf(gaveUp.failure());
        }
        return decided == null
                ? ReportBuilder.UNDER_WAY
                : ReportBuilder.inWords(Objects.requireNonNull(answered).outcome());
    }

    /**
     * Ends the plan, whatever the result of the call is: all permits are returned. {@link #took} may still be called
     * for attempts that are under way.
     */
    @Override
    public void close() {
        List<Attempt> abandoned;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            dropWait();
            selector.freePlace();
            abandoned = underWay;
        }
        abandoned.forEach(attempt -> attempt.permit.release());
    }

    /** Ends the wait, if there was one; returns the permit of its retry. */
    private @Nullable Permit endWait() {
        Wait ended = wait;
        wait = null;
        boolean isGranted = ended != null && ended.step().end();
        if (ended instanceof Wait.ForPlace place && isGranted) {
            selector.keep(Permit.reserve(place.endpoint(), upstream).withPlace());
        }
        return ended instanceof Wait.ForRetry retry ? retry.permit() : null;
    }

    private void dropWait() {
        Permit waited = endWait();
        if (waited != null) {
            waited.release();
        }
    }
}

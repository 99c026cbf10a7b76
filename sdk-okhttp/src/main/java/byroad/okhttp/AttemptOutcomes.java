package byroad.okhttp;

import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Fault.Delivery;
import byroad.TimeSource;
import byroad.call.Attempt;
import byroad.call.CallPlan;
import byroad.call.Outcome;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import okhttp3.Interceptor;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * Turns responses and exceptions of the attempts of one call into outcomes for the engine, and keeps the responses.
 * Safe for use by any thread.
 */
final class AttemptOutcomes {
    private final Interceptor.Chain chain;
    private final CallPlan plan;
    private final Names names;
    private final OwnCalls ownCalls;
    private final TimeSource time;
    private volatile boolean isDeadlineReached;
    private volatile boolean isTimedOut; // by the call's own timeout

    // Guarded by this.
    private List<OkHttpAttempt> answered = List.of(); // the latest last
    private boolean isClosed;

    AttemptOutcomes(Interceptor.Chain chain, CallPlan plan, Names names, OwnCalls ownCalls, TimeSource time) {
        this.chain = chain;
        this.plan = plan;
        this.names = names;
        this.ownCalls = ownCalls;
        this.time = time;
    }

    /** Reports that the declared deadline is reached and that the call is cancelled because of it. */
    void deadlineReached() {
        isDeadlineReached = true;
    }

    boolean isDeadlineReached() {
        return isDeadlineReached;
    }

    boolean isTimedOut() {
        return isTimedOut;
    }

    /** The outcome of that response, which is kept until it is taken. */
    Outcome of(OkHttpAttempt one, Response response) throws IOException {
        if (one.attempt().isAsCalled()) {
            return answered(one, response);
        }
        return one.attempt().isSameAuthority() ? begun(one, response) : fromElsewhere(one, response);
    }

    /**
     * The outcome of a response of another authority. An interceptor of the client may have removed headers, or have
     * added headers that were kept back: if the endpoint then refuses the caller, that is neither a fault of the
     * endpoint nor an answer.
     */
    private Outcome fromElsewhere(OkHttpAttempt one, Response response) throws IOException {
        Endpoint endpoint = one.attempt().endpoint();
        String name = one.attempt().upstream() + "/" + endpoint.name();
        List<String> keptBack = one.keptBack();
        if (!keptBack.isEmpty()) {
            names.impaired(
                    name,
                    "headers " + keptBack + " were added below Byroad and do not go to another authority (by one of "
                            + ownCalls.below(chain)
                            + "; expected: an interceptor that adds credentials is added before Byroad)");
        }
        List<String> missing = one.missingOnTheWire();
        if (missing.isEmpty()) {
            return begun(one, response);
        }
        String why = "an interceptor of the client strips " + missing + " from requests to it";
        names.impaired(name, why);
        RequestBody body = chain.request().body();
        boolean isSpent = body != null && (body.isOneShot() || body.isDuplex());
        if (isSpent || new OkHttpHead(response).isAfterRedirect() || response.code() != 401 && response.code() != 403) {
            return begun(one, response);
        }
        response.close();
        return Outcome.impossible(why + ", so it answered " + response.code());
    }

    /** The outcome of a response; if the upstream declares it, the event stream must have begun first. */
    private Outcome begun(OkHttpAttempt one, Response response) throws IOException {
        Optional<EventStreams> expected = plan.eventStreams();
        if (!expected.isPresent() || !EventStream.isReadable(response)) {
            return answered(one, response);
        }
        EventStream begins = new EventStream(response, expected.get(), chain.readTimeoutMillis(), time);
        one.widenSocket(0); // the stream limits each read itself
        EventStream.Start start;
        try {
            start = expected.get().isCommittedAtFirstEvent() ? begins.start(plan.timeLeft()) : EventStream.Start.GOOD;
        } catch (IOException e) {
            response.close(); // an earlier answer is kept
            throw e;
        }
        AttemptAnswer answer = AttemptAnswer.of(response, begins, chain.readTimeoutMillis());
        if (!start.isFalse()) {
            return answered(one, answer);
        }
        Outcome outcome = answered(one, answer.falseStart());
        return outcome instanceof Outcome.Cancelled
                ? outcome
                : new Outcome.FalseStart(new OkHttpHead(response), start.error(), one.address());
    }

    private Outcome answered(OkHttpAttempt one, Response response) {
        boolean isError = !response.isSuccessful() && plan.acts();
        return answered(
                one,
                isError
                        ? AttemptAnswer.ofError(response, chain.readTimeoutMillis(), plan.timeLeft())
                        : AttemptAnswer.of(response, chain.readTimeoutMillis()));
    }

    private Outcome answered(OkHttpAttempt one, AttemptAnswer answer) {
        one.answered(answer);
        boolean isTooLate;
        synchronized (this) {
            isTooLate = isClosed;
            if (!isTooLate) {
                keep(one);
            }
        }
        if (isTooLate) {
            answer.close();
            return new Outcome.Cancelled(new IOException("another attempt has ended the call"));
        }
        OkHttpHead head = new OkHttpHead(answer.response());
        return head.isOfCache() ? new Outcome.Local(head) : new Outcome.Answered(head, one.address());
    }

    private void keep(OkHttpAttempt one) {
        if (answered.isEmpty()) {
            answered = List.of(one);
        } else {
            answered = new ArrayList<>(answered);
            answered.add(one);
        }
    }

    /** The outcome of that exception, which may be the fault of a DNS answer. */
    Outcome of(OkHttpAttempt one, IOException e, boolean isHeadThere) {
        Outcome outcome = failed(one, e, isHeadThere);
        boolean isTimeout = e instanceof SocketTimeoutException || isDeadlineReached || isTimedOut;
        if (isTimeout && !isHeadThere) {
            one.leaveBlackHole();
        }
        boolean isOfTheAddresses = outcome instanceof Outcome.Failed failed
                && failed.delivery() == Delivery.NEVER_SENT
                && !isDeadlineReached
                && one.isDnsAnswerInDoubt();
        return isOfTheAddresses ? new Outcome.Unproven(e, one.address()) : outcome;
    }

    /** The outcome of that exception. */
    Outcome failed(OkHttpAttempt one, IOException e, boolean isHeadThere) {
        isTimedOut |= isTimeoutOfCall(one, e);
        if (isDeadlineReached || isCallTimeout()) {
            plan.timedOut();
            SocketTimeoutException timeout =
                    new SocketTimeoutException(isDeadlineReached ? "deadline reached" : "call timeout");
            timeout.initCause(e);
            return new Outcome.Failed(timeout, one.deliveryOf(e), one.address());
        }
        boolean isCanceled = chain.call().isCanceled() || one.isGivenUp();
        if (isCanceled && e instanceof UnknownHostException) {
            return new Outcome.Cancelled(new IOException("Canceled", e)); // while its name was looked up
        }
        if (isCanceled || one.isCallersOwn(e)) {
            return new Outcome.Cancelled(e);
        }
        if (!isHeadThere && one.isFinal(e)) {
            return new Outcome.Final(e);
        }
        return one.isUnresolved(e)
                ? new Outcome.Unresolved(e, one.askAgain(), one.address())
                : new Outcome.Failed(e, one.deliveryOf(e), one.address());
    }

    /** Whether a separate call ended by the timeout that it has from the caller's call. */
    private static boolean isTimeoutOfCall(OkHttpAttempt one, IOException e) {
        return one.isOnItsOwn()
                && e instanceof InterruptedIOException
                && !(e instanceof SocketTimeoutException)
                && "timeout".equals(e.getMessage());
    }

    /** Whether the call was ended by its own timeout, and not by its caller. */
    boolean isCallTimeout() {
        isTimedOut = isTimedOut || chain.call().isCanceled() && OkHttpInternals.isTimedOut(chain.call());
        return isTimedOut;
    }

    /** Buffers the errors that may not be delivered, to free their connections; returns whether there are any. */
    boolean buffer() {
        List<OkHttpAttempt> all;
        synchronized (this) {
            all = answered;
        }
        all.forEach(one -> one.answer().buffer());
        return !all.isEmpty();
    }

    /** The latest response of that attempt, which is delivered; other responses are closed. */
    OkHttpAttempt taken(Attempt attempt) {
        OkHttpAttempt taken = null;
        for (OkHttpAttempt one : closed()) {
            if (one.attempt() == attempt) {
                taken = one;
            } else {
                one.answer().close();
            }
        }
        return Objects.requireNonNull(taken, "nothing was answered");
    }

    /** Closes the responses that were not taken, also those that come later. */
    void close() {
        closed().forEach(one -> one.answer().close());
    }

    private synchronized List<OkHttpAttempt> closed() {
        List<OkHttpAttempt> all = answered;
        answered = List.of();
        isClosed = true;
        return all;
    }
}

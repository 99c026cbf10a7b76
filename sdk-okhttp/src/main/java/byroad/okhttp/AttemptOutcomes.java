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
import org.jspecify.annotations.Nullable;

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
    private @Nullable OkHttpAttempt answered; // the latest
    private List<OkHttpAttempt> answeredBefore = List.of();

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
        Outcome outcome = answered(one, AttemptAnswer.of(response, begins, chain.readTimeoutMillis()));
        return start.isFalse()
                ? new Outcome.FalseStart(new OkHttpHead(response), start.error(), one.address())
                : outcome;
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
        synchronized (this) {
            if (answered != null) {
                answeredBefore = new ArrayList<>(answeredBefore);
                answeredBefore.add(answered);
            }
            answered = one;
        }
        OkHttpHead head = new OkHttpHead(answer.response());
        return head.isOfCache() ? new Outcome.Local(head) : new Outcome.Answered(head, one.address());
    }

    /** The outcome of that exception, for an attempt on connections of that generation. */
    Outcome of(OkHttpAttempt one, IOException e, Generation generation, boolean isHeadThere) {
        Outcome outcome = failed(one, e, isHeadThere);
        boolean isTimeout = e instanceof SocketTimeoutException || isDeadlineReached || isTimedOut;
        if (isTimeout && !isHeadThere) {
            one.leaveBlackHole();
        }
        boolean isOfTheAddresses = outcome instanceof Outcome.Failed failed
                && failed.delivery() == Delivery.NEVER_SENT
                && !isDeadlineReached
                && generation.addresses().areInDoubt(one.failedAddresses());
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

    /** Buffers the responses that may not be delivered, to free their connections; returns whether there are any. */
    boolean buffer() {
        List<OkHttpAttempt> all;
        synchronized (this) {
            if (answered == null) {
                return false;
            }
            all = new ArrayList<>(answeredBefore);
            all.add(answered);
        }
        all.forEach(one -> one.answer().buffer());
        return true;
    }

    /** The attempt whose response is delivered; other responses are closed. */
    OkHttpAttempt taken(Attempt attempt) {
        OkHttpAttempt latest;
        List<OkHttpAttempt> others;
        synchronized (this) {
            latest = Objects.requireNonNull(answered, "nothing was answered");
            others = answeredBefore;
            answered = null;
            answeredBefore = List.of();
        }
        OkHttpAttempt found = latest;
        for (OkHttpAttempt other : others) {
            OkHttpAttempt superfluous = other;
            if (other.attempt() == attempt) {
                superfluous = found;
                found = other;
            }
            superfluous.answer().close();
        }
        return found;
    }

    /** Closes the responses that were not taken because the call failed. */
    void close() {
        OkHttpAttempt latest;
        List<OkHttpAttempt> others;
        synchronized (this) {
            latest = answered;
            others = answeredBefore;
            answered = null;
            answeredBefore = List.of();
        }
        if (latest != null) {
            latest.answer().close();
        }
        others.forEach(one -> one.answer().close());
    }
}

package byroad.okhttp;

import byroad.FaultInjection.Injected;
import byroad.TimeSource;
import byroad.call.Attempt;
import byroad.call.CallPlan;
import byroad.call.Outcome;
import byroad.call.Step;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Executes one call: makes the steps of its plan with OkHttp, and keeps the best response so far.
 *
 * <p>An attempt is made on the caller's call if it has the authority of that call, and the call holds no connection to
 * other addresses of it. Every other attempt is a separate call, see {@link OwnCalls}.
 */
final class CallExecution implements AutoCloseable {
    /**
     * Attempts end this long before the deadline, because after a cancel OkHttp delivers nothing, not even a buffered
     * response.
     */
    private static final Duration GRACE = Duration.ofMillis(100);

    /** How often one attempt is made again because its connection was ending; OkHttp has no limit for that. */
    private static final int MOST_RESENDS = 20;

    /** How often a fresh connection may refuse an attempt: after that it is the server that refuses. */
    private static final int MOST_FRESH_REFUSALS = 2;

    private static final Pattern IP_LITERAL = Pattern.compile("[0-9.]+|.*:.*");

    private final Interceptor.Chain chain;
    private final CallPlan plan;
    private final Names names;
    private final Parts parts;
    private final TimeSource time;
    private final long startedNanos;
    private final CallState state;
    private final TimeSource.@Nullable Scheduled deadline;
    private final AttemptOutcomes outcomes;
    private @Nullable OkHttpAttempt riding; // the latest attempt on the caller's call
    private volatile int followUps; // redirects and challenges of all attempts

    // Guarded by this: attempts may be made at the same time.
    private Map<OkHttpAttempt, Call> ownCalls = Map.of(); // under way

    /** The parts that all executions of one client share. */
    record Parts(Rewrites rewrites, OwnCalls ownCalls, Detach detach, TimeSource time) {}

    CallExecution(Interceptor.Chain chain, CallPlan plan, Names names, Parts parts) {
        this.chain = chain;
        this.plan = plan;
        this.names = names;
        this.parts = parts;
        this.time = parts.time();
        this.startedNanos = time.nanoTime();
        this.state = CallState.start(chain, plan);
        this.outcomes = new AttemptOutcomes(chain, plan, names, parts.ownCalls(), time);
        this.riding = state.attempt();
        names.traffic();
        Optional<Duration> declared = plan.declaredDeadline();
        this.deadline = declared.isPresent() ? time.schedule(declared.get().plus(GRACE), this::deadlineReached) : null;
    }

    private void deadlineReached() {
        outcomes.deadlineReached();
        chain.call().cancel();
    }

    /** Executes the call: makes the steps of the plan until there is a response or nothing more can be tried. */
    Response run() throws IOException {
        while (true) {
            Step step = plan.next();
            if (step instanceof Step.Send send) {
                attempt(send.attempt());
            } else if (step instanceof Step.Await await) {
                pause(await);
            } else if (step instanceof Step.Deliver deliver) {
                return deliver(deliver);
            } else if (step instanceof Step.GiveUp gaveUp) {
                throw giveUp(gaveUp.failure());
            }
        }
    }

    /** Makes the attempt and reports exactly one outcome, whatever an interceptor below throws. */
    private void attempt(Attempt attempt) throws IOException {
        attempt(attempt, true);
    }

    /** Makes that attempt beside another one, always as a separate call. */
    void attemptAlongside(Attempt attempt) throws IOException {
        attempt(attempt, false);
    }

    /** Cancels an attempt that is not needed any more; does nothing if it is not a separate call. */
    void cancel(Attempt attempt) {
        ownCallsUnderWay().forEach((one, own) -> {
            if (one.attempt() == attempt) {
                one.giveUp(own);
            }
        });
    }

    private void attempt(Attempt attempt, boolean mayRide) throws IOException {
        Outcome outcome = null;
        try {
            outcome = made(attempt, mayRide);
        } finally {
            plan.took(
                    attempt,
                    outcome != null ? outcome : new Outcome.Cancelled(new IOException("the attempt was abandoned")));
        }
    }

    /** Makes the attempt and returns its outcome, also for every failure of the transport. */
    private Outcome made(Attempt attempt, boolean mayRide) throws IOException {
        if (outcomes.buffer()) {
            attempt.begins();
        }
        if (attempt.injected() != Injected.NONE) {
            return broken(attempt);
        }
        if (attempt.isAsCalled() || chain.request().cacheControl().onlyIfCached()) {
            return asCalled(attempt); // the client only watches, or only the cache may answer
        }
        String impossible = attempt.endpoint().connectTo().isEmpty() ? null : whyNotElsewhere(attempt);
        if (impossible != null) {
            return Outcome.impossible(impossible);
        }
        Optional<Map<String, String>> added = attempt.addedHeaders();
        if (!added.isPresent()) {
            return Outcome.impossible("a header of the endpoint has no value that can be sent");
        }
        Request request =
                parts.rewrites().apply(attempt, tagged(Requests.leaving(chain.request(), attempt, added.get())));
        return request == null ? Outcome.impossible("its rewrite failed") : sent(attempt, request, mayRide);
    }

    /** Why the call cannot connect to addresses other than the host's own; null if it can. */
    private @Nullable String whyNotElsewhere(Attempt attempt) {
        if (IP_LITERAL.matcher(attempt.endpoint().host()).matches()) {
            return "its host is an address, which is never looked up";
        }
        if (Proxies.inTheWay(chain, attempt.url())) {
            return "a proxy resolves the name by itself and would not go there";
        }
        return names.isDnsReplaced() ? "an interceptor below looks names up by itself" : null;
    }

    /** The request as the caller made it: the client only watches. */
    private Outcome asCalled(Attempt attempt) {
        OkHttpAttempt watched = new OkHttpAttempt(
                attempt,
                plan,
                names,
                tagged(chain.request().newBuilder()),
                null,
                AttemptLimits.none(chain.readTimeoutMillis()));
        ride(watched);
        try {
            return outcomes.of(watched, watched.proceed(chain));
        } catch (IOException e) {
            return outcomes.failed(watched, e, false);
        }
    }

    private Outcome sent(Attempt attempt, Request request, boolean mayRide) throws IOException {
        AttemptLimits limits = new AttemptLimits(within(attempt), attempt.connectWithin(), chain.readTimeoutMillis());
        OkHttpAttempt before = null;
        int freshRefusals = 0;
        boolean isFresh = false;
        for (int resends = 0; ; resends++) {
            Generation generation =
                    attempt.isDeclared() ? names.of(attempt.endpoint()) : names.ofUndeclared(attempt.endpoint());
            AttemptDns dns = new AttemptDns(generation, limits.connectWithin(), time);
            OkHttpAttempt one = new OkHttpAttempt(
                            attempt,
                            plan,
                            names,
                            before == null ? request : before.underWay(),
                            isFresh ? dns.fresh() : dns,
                            limits)
                    .after(followUps);
            one = before == null ? one : one.continuing(before);
            boolean isHeadThere = false;
            try {
                Response response =
                        mayRide && rides(one, generation) ? ride(one).proceed(chain) : onItsOwn(one);
                isHeadThere = true;
                followUps = one.followUps();
                return outcomes.of(one, response);
            } catch (NoOwnCallException impossible) {
                return Outcome.impossible(String.valueOf(impossible.getMessage()));
            } catch (IOException e) {
                OkHttpAttempt.Resend resend =
                        resends == MOST_RESENDS || chain.call().isCanceled()
                                ? OkHttpAttempt.Resend.NO
                                : one.mayBeResent(e);
                freshRefusals += resend == OkHttpAttempt.Resend.REFUSED && !one.isReused() ? 1 : 0;
                followUps = one.followUps();
                one.peer().ifPresent(generation.addresses()::failed);
                if (resend == OkHttpAttempt.Resend.NO || freshRefusals > MOST_FRESH_REFUSALS) {
                    return outcomes.of(one, e, generation, isHeadThere);
                }
                isFresh = resend == OkHttpAttempt.Resend.ENDED;
                before = one;
                plan.note("sent again on another connection (" + (resends + 1) + "): its own was ending");
            }
        }
    }

    /**
     * Whether the attempt is made on the caller's call, also if a separate call would be right but cannot be made; then
     * the call first gives its connection back.
     */
    private boolean rides(OkHttpAttempt one, Generation generation) throws IOException {
        boolean isSameAuthority = one.attempt().isSameAuthority();
        if (isSameAuthority && !holdsConnectionOfOther(one, generation)) {
            return true;
        }
        String none = parts.ownCalls().whyNone(chain);
        if (none == null) {
            return false;
        }
        names.impaired("calls of their own", none);
        if (!isSameAuthority) {
            throw new NoOwnCallException("another authority needs a call of its own, and " + none);
        }
        parts.detach().from(chain);
        if (holdsConnectionOfOther(one, generation)) {
            throw new NoOwnCallException("OkHttp did not let the call go of its connection");
        }
        return true;
    }

    private boolean holdsConnectionOfOther(OkHttpAttempt one, Generation generation) {
        return riding != null
                && riding.holdsConnectionOfOther(generation, one.request().url());
    }

    private OkHttpAttempt ride(OkHttpAttempt one) {
        one.rideOn(chain.call(), riding);
        riding = one;
        state.attempt(one);
        return one;
    }

    /** Makes the attempt as a separate call, which is cancelled with the caller's call and has the same time left. */
    private Response onItsOwn(OkHttpAttempt one) throws IOException {
        Call own = parts.ownCalls().of(one.onItsOwn(cancellation().ofOwnCall(one)), chain);
        long ofCall = chain.call().timeout().timeoutNanos();
        if (ofCall > 0) {
            long left = ofCall - (time.nanoTime() - startedNanos);
            own.timeout().timeout(Math.max(1, left), TimeUnit.NANOSECONDS);
        }
        if (chain.call().timeout().hasDeadline()) {
            own.timeout().deadlineNanoTime(chain.call().timeout().deadlineNanoTime());
        }
        synchronized (this) {
            ownCalls = ownCalls.isEmpty() ? new HashMap<>(4) : ownCalls;
            ownCalls.put(one, own);
        }
        cancellation().then(() -> one.giveUp(own));
        try {
            return own.execute();
        } finally {
            synchronized (this) {
                ownCalls.remove(one);
            }
        }
    }

    private CallCancellation cancellation() {
        return state.cancellation(chain.call());
    }

    /** Nothing was sent, because the attempt needs a separate call. */
    private static final class NoOwnCallException extends IOException {
        private static final long serialVersionUID = 1;

        NoOwnCallException(String why) {
            super(why);
        }
    }

    private Request tagged(Request.Builder request) {
        return request.tag(CallPlan.class, plan).build();
    }

    /**
     * The time limit of the attempt. If the call's own timeout ends first, OkHttp ends the call, so no attempt may end
     * just before that.
     */
    private Optional<Duration> within(Attempt attempt) {
        Optional<Duration> within = attempt.within();
        Duration ofCall = Duration.ofNanos(chain.call().timeout().timeoutNanos());
        boolean isDeclared = plan.declaredDeadline()
                .filter(declared -> ofCall.isZero() || declared.compareTo(ofCall) <= 0)
                .isPresent();
        if (!within.isPresent() || isDeclared) {
            return within;
        }
        Optional<Duration> left = plan.timeLeft();
        boolean isOfCallTimeout = left.isPresent() && left.get().compareTo(within.get()) <= 0;
        return isOfCallTimeout ? Optional.of(within.get().plus(GRACE)) : within;
    }

    /** Simulates an injected fault. */
    private Outcome broken(Attempt attempt) throws IOException {
        OkHttpAttempt one = new OkHttpAttempt(attempt, plan, names, chain.request(), null, AttemptLimits.none(0));
        if (attempt.injected() == Injected.SILENT) {
            Duration silence = attempt.within().orElse(Duration.ofMillis(chain.readTimeoutMillis()));
            try {
                pause(new CompletableFuture<>(), silence);
            } catch (IOException e) {
                return outcomes.failed(one, e, false);
            }
        }
        if (attempt.injected() == Injected.FAILS) {
            return outcomes.of(one, AttemptAnswer.drilled(tagged(chain.request().newBuilder())));
        }
        return outcomes.failed(
                one,
                attempt.injected() == Injected.SILENT
                        ? new SocketTimeoutException("timeout, by a drill")
                        : new ConnectException("refused, by a drill"),
                false);
    }

    private synchronized Map<OkHttpAttempt, Call> ownCallsUnderWay() {
        return Map.copyOf(ownCalls);
    }

    /** Waits; a call that is cancelled meanwhile also ends with a report. */
    private void pause(Step.Await await) {
        long started = time.nanoTime();
        outcomes.buffer();
        Duration left = await.duration().minusNanos(time.nanoTime() - started); // it counts from the answer
        try {
            pause(await.over(), left.isNegative() ? Duration.ZERO : left);
        } catch (IOException e) {
            if (outcomes.isCallTimeout()) {
                plan.timedOut();
            }
            plan.cancelled(e);
        }
    }

    /** Waits until the future is complete, at most for that duration, or until the call is cancelled. */
    private void pause(CompletableFuture<Boolean> over, Duration atMost) throws IOException {
        Runnable wake = () -> over.complete(false);
        cancellation().then(wake);
        try {
            Pause.until(over, atMost, time);
        } finally {
            cancellation().forget(wake);
        }
        if (chain.call().isCanceled() && !outcomes.isDeadlineReached()) {
            throw new IOException("Canceled");
        }
    }

    private Response deliver(Step.Deliver step) throws IOException {
        if (outcomes.isDeadlineReached()) {
            throw giveUp(new SocketTimeoutException("deadline reached"));
        }
        ownCallsUnderWay().forEach(OkHttpAttempt::giveUp);
        OkHttpAttempt by = outcomes.taken(step.attempt());
        AttemptAnswer answer = by.answer();
        Response delivered = WireGuard.restored(
                answer.isReadAlong()
                        ? answer.forCaller(why -> bodyFailed(answer, why), why -> bodyDied(by, answer, why))
                        : answer.forCaller());
        by.delivered();
        state.delivered();
        boolean isTagged = delivered.request().tag(CallPlan.class) == plan;
        if (isTagged && !step.isExhausted()) {
            return delivered;
        }
        Response.Builder changed = delivered.newBuilder();
        if (!isTagged) {
            changed.request(tagged(delivered.request().newBuilder()));
        }
        if (step.isExhausted()) {
            changed.header("X-Should-Retry", "false"); // the AI SDKs obey it, so that their retries end with ours
        }
        return changed.build();
    }

    private void bodyFailed(AttemptAnswer answer, String why) {
        if (!answer.isOfCache() && !chain.call().isCanceled()) {
            plan.bodyFailed(why);
        }
    }

    private void bodyDied(OkHttpAttempt by, AttemptAnswer answer, IOException why) {
        if (!answer.isOfCache() && !chain.call().isCanceled() && !by.isCallersOwn(why)) {
            plan.bodyFailed(why);
        }
    }

    private IOException giveUp(IOException failure) {
        IOException thrown = failure;
        if (outcomes.isTimedOut()) {
            thrown = new InterruptedIOException("timeout"); // as OkHttp reports it
            thrown.initCause(failure);
        }
        thrown.addSuppressed(new ReportCarrier(plan.report()));
        return thrown;
    }

    @Override
    public void close() {
        plan.close();
        if (deadline != null) {
            deadline.cancel();
        }
        ownCallsUnderWay().forEach(OkHttpAttempt::giveUp);
        outcomes.close();
    }
}

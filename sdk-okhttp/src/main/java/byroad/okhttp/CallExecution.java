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
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Executes one call: makes the steps of its plan with OkHttp, and keeps the best response so far. */
final class CallExecution implements AutoCloseable {
    /**
     * A call is cancelled so much after its declared deadline, because after a cancel OkHttp delivers nothing, not even
     * a buffered response.
     */
    private static final Duration GRACE = Duration.ofMillis(100);

    private static final Duration WITHOUT_LIMIT = Duration.ofDays(1);

    private static final Pattern IP_LITERAL = Pattern.compile("[0-9.]+|.*:.*");

    private final Interceptor.Chain chain;
    private final CallPlan plan;
    private final Names names;
    private final Rewrites rewrites;
    private final TimeSource time;
    private final CallState state;
    private final AttemptCalls calls;
    private final AttemptOutcomes outcomes;
    private final TimeSource.@Nullable Scheduled deadline;
    private volatile int followUps; // redirects and challenges of all attempts

    /** The parts that all executions of one client share. */
    record Parts(Rewrites rewrites, OwnCalls ownCalls, Detach detach, TimeSource time) {}

    CallExecution(Interceptor.Chain chain, CallPlan plan, Names names, Parts parts) {
        this.chain = chain;
        this.plan = plan;
        this.names = names;
        this.rewrites = parts.rewrites();
        this.time = parts.time();
        this.state = CallState.start(chain, plan);
        this.calls = new AttemptCalls(chain, state, names, parts.ownCalls(), parts.detach(), time);
        this.outcomes = new AttemptOutcomes(chain, plan, names, parts.ownCalls(), time);
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
                attempt(send.attempt(), true);
            } else if (step instanceof Step.Await await) {
                pause(await);
            } else if (step instanceof Step.Deliver deliver) {
                return deliver(deliver);
            } else if (step instanceof Step.GiveUp gaveUp) {
                throw giveUp(gaveUp.failure());
            }
        }
    }

    /** Makes that attempt at the same time as another one, always as a separate call. */
    void attemptAlongside(Attempt attempt) throws IOException {
        attempt(attempt, false);
    }

    /** Makes the attempt and reports exactly one outcome, whatever an interceptor below throws. */
    private void attempt(Attempt attempt, boolean isAlone) throws IOException {
        Outcome outcome = null;
        try {
            outcome = outcomeOf(attempt, isAlone);
        } finally {
            plan.took(
                    attempt,
                    outcome != null ? outcome : new Outcome.Cancelled(new IOException("the attempt was abandoned")));
        }
    }

    /** Makes the attempt and returns its outcome, also for every failure of the transport. */
    private Outcome outcomeOf(Attempt attempt, boolean isAlone) throws IOException {
        if (outcomes.buffer()) {
            attempt.begins(); // reading the earlier responses took time
        }
        if (attempt.injected() != Injected.NONE) {
            return injected(attempt);
        }
        if (attempt.isAsCalled() || chain.request().cacheControl().onlyIfCached()) {
            return isAlone ? asCalled(attempt) : Outcome.impossible("only the cache may answer");
        }
        String impossible = attempt.endpoint().connectTo().isEmpty() ? null : whyNotElsewhere(attempt);
        if (impossible != null) {
            return Outcome.impossible(impossible);
        }
        Optional<Map<String, String>> added = attempt.addedHeaders();
        if (!added.isPresent()) {
            return Outcome.impossible("a header of the endpoint has no value that can be sent");
        }
        Request request = rewrites.apply(attempt, tagged(Requests.leaving(chain.request(), attempt, added.get())));
        return request == null ? Outcome.impossible("its rewrite failed") : sent(attempt, request, isAlone);
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

    /** Sends the request, and again on another connection while its connection was ending. */
    private Outcome sent(Attempt attempt, Request request, boolean isAlone) throws IOException {
        AttemptLimits limits = new AttemptLimits(
                notJustBeforeTheCall(attempt.within()),
                notJustBeforeTheCall(attempt.connectWithin()),
                chain.readTimeoutMillis());
        Resends resends = new Resends();
        while (true) {
            OkHttpAttempt one = made(attempt, request, limits, resends);
            String impossible = calls.prepare(one, isAlone);
            if (impossible != null) {
                return Outcome.impossible(impossible);
            }
            boolean isHeadThere = false;
            try {
                Response response = calls.proceed(one);
                isHeadThere = true;
                return outcomes.of(one, response);
            } catch (IOException e) {
                one.failedAtItsAddress();
                if (chain.call().isCanceled() || !resends.isDueAfter(one, e)) {
                    return outcomes.of(one, e, isHeadThere);
                }
                plan.note("sent again on another connection (" + resends.made() + "): its own was ending");
            } finally {
                followUps = Math.max(followUps, one.followUps());
                calls.ended(one);
            }
        }
    }

    private OkHttpAttempt made(Attempt attempt, Request request, AttemptLimits limits, Resends resends) {
        Generation generation =
                attempt.isDeclared() ? names.of(attempt.endpoint()) : names.ofUndeclared(attempt.endpoint());
        AttemptDns dns = new AttemptDns(generation, limits.connectWithin(), time);
        OkHttpAttempt before = resends.before();
        if (before == null) {
            return new OkHttpAttempt(attempt, plan, names, request, dns, limits).after(followUps);
        }
        return new OkHttpAttempt(
                        attempt,
                        plan,
                        names,
                        before.underWay(),
                        resends.needsFreshConnection() ? dns.fresh() : dns,
                        limits)
                .after(followUps)
                .continuing(before);
    }

    /** The request as the caller made it: the client only watches, or only the cache may answer. */
    private Outcome asCalled(Attempt attempt) {
        OkHttpAttempt watched = new OkHttpAttempt(
                attempt,
                plan,
                names,
                tagged(chain.request().newBuilder()),
                null,
                AttemptLimits.none(chain.readTimeoutMillis()));
        try {
            return outcomes.of(watched, calls.onCallersCall(watched));
        } catch (IOException e) {
            return outcomes.failed(watched, e, false);
        }
    }

    /** The outcome of an injected fault; nothing is sent. */
    private Outcome injected(Attempt attempt) throws IOException {
        OkHttpAttempt one = new OkHttpAttempt(attempt, plan, names, chain.request(), null, AttemptLimits.none(0));
        if (attempt.injected() == Injected.FAILS) {
            return outcomes.of(
                    one, AttemptAnswer.injected(tagged(chain.request().newBuilder())));
        }
        if (attempt.injected() != Injected.SILENT) {
            return outcomes.failed(one, new ConnectException("refused, by a drill"), false);
        }
        Duration ofClient =
                chain.readTimeoutMillis() == 0 ? WITHOUT_LIMIT : Duration.ofMillis(chain.readTimeoutMillis());
        try {
            pause(new CompletableFuture<>(), attempt.within().orElse(ofClient));
        } catch (IOException e) {
            return outcomes.failed(one, e, false);
        }
        return outcomes.failed(one, new SocketTimeoutException("timeout, by a drill"), false);
    }

    private Request tagged(Request.Builder request) {
        return request.tag(CallPlan.class, plan).build();
    }

    /**
     * That time limit of an attempt. If the call's own timeout ends first, OkHttp ends the call, so no attempt may end
     * just before that.
     */
    private Optional<Duration> notJustBeforeTheCall(Optional<Duration> within) {
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
        calls.cancellation().then(wake);
        try {
            Pause.until(over, atMost, time);
        } finally {
            calls.cancellation().forget(wake);
        }
        if (chain.call().isCanceled() && !outcomes.isDeadlineReached()) {
            throw new IOException("Canceled");
        }
    }

    private Response deliver(Step.Deliver step) throws IOException {
        if (outcomes.isDeadlineReached()) {
            throw giveUp(new SocketTimeoutException("deadline reached"));
        }
        calls.cancelOthers();
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
        calls.cancelOthers();
        outcomes.close();
    }
}

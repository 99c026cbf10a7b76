package byroad.okhttp;

import byroad.Breakage.Symptom;
import byroad.EventStreams;
import byroad.Fault.Delivery;
import byroad.TimeSource;
import byroad.call.CallPlan;
import byroad.call.Outcome;
import byroad.call.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import okhttp3.Authenticator;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.ConnectionShutdownException;
import org.jspecify.annotations.Nullable;

/** One call under way: acts out the steps of its plan with OkHttp, and keeps the best answer so far. */
final class Trip implements AutoCloseable {
    /** The limits of an attempt come first, because after a cancel OkHttp delivers nothing, not even a kept answer. */
    private static final Duration GRACE = Duration.ofMillis(100);

    private static final Pattern IP_LITERAL = Pattern.compile("[0-9.]+|.*:.*");
    private static final String MIXED_UP = "this client mixes the connections of endpoints up";

    private final Interceptor.Chain chain;
    private final CallPlan plan;
    private final Names names;
    private final Rewrites rewrites;
    private final Detach detach;
    private final CallWatch watch;
    private final TimeSource time;
    private final TimeSource.@Nullable Scheduled deadline;
    private @Nullable Response answer;
    private @Nullable EventStream stream; // of that answer, if it is one that something is expected of
    private boolean isOfCache; // that answer
    private boolean metShutDown;

    Trip(Interceptor.Chain chain, CallPlan plan, Names names, Rewrites rewrites, Detach detach, TimeSource time) {
        this.chain = chain;
        this.plan = plan;
        this.names = names;
        this.rewrites = rewrites;
        this.detach = detach;
        this.time = time;
        this.watch = CallWatch.of(chain.call(), plan, names);
        names.traffic();
        Optional<Duration> declared = plan.declaredDeadline();
        this.deadline = declared.isPresent() ? time.schedule(declared.get().plus(GRACE), this::deadlineReached) : null;
    }

    private void deadlineReached() {
        watch.deadlineReached();
        chain.call().cancel();
    }

    /** Sends once; every failure of the transport is an outcome. */
    Outcome attempt(Step.Send send) throws IOException {
        if (answer != null) {
            park();
            plan.begins();
        }
        if (send.symptom() != Symptom.NONE) {
            watch.forget();
            return broken(send);
        }
        if (send.isAsCalled()) {
            watch.forget();
            return proceedAsCalled();
        }
        String impossible = send.endpoint().connectTo().isEmpty() ? null : whyNotElsewhere(send);
        return impossible == null ? proceed(send) : Outcome.impossible(impossible);
    }

    /** Why addresses other than the host's own cannot be connected to; null if they can. */
    private @Nullable String whyNotElsewhere(Step.Send send) {
        if (IP_LITERAL.matcher(send.endpoint().host()).matches()) {
            return "its host is an address, which is never looked up";
        }
        if (Proxies.inTheWay(chain, send.url())) {
            return "a proxy resolves the name by itself and would not go there";
        }
        return names.isMixedUp() ? MIXED_UP : null;
    }

    private Outcome proceedAsCalled() {
        try {
            return answered(chain.proceed(tagged(chain.request().newBuilder())));
        } catch (IOException e) {
            return failed(e);
        }
    }

    private Outcome proceed(Step.Send send) throws IOException {
        Generation generation = names.of(send.endpoint());
        Request request =
                Requests.guarded(rewrites.apply(send, tagged(Requests.forSend(chain.request(), send, watch))), watch);
        if (watch.holdsConnectionOfOther(generation, request.url())) {
            detach.from(chain);
            if (watch.holdsConnectionOfOther(generation, request.url())) {
                names.mixedUp("OkHttp did not let a call go of its connection");
                return Outcome.impossible(MIXED_UP);
            }
        }
        Optional<Duration> within = within(send);
        AttemptDns dns = new AttemptDns(generation, watch, within, time);
        watch.attemptStarts(dns, send, request);
        boolean headersCame = false;
        try {
            Interceptor.Chain limited = limited(send, dns, millis(within));
            Response response = limited.proceed(request);
            headersCame = true;
            widen(response, limited);
            List<String> missing = send.isSameAuthority() ? List.of() : watch.missingOnTheWire(request);
            return missing.isEmpty() ? begun(response) : answeredToLess(response, send, missing);
        } catch (IOException e) {
            if ((watch.isCondemned() || isFirstShutDown(e))
                    && !watch.isAnswered()
                    && !chain.call().isCanceled()) {
                return proceed(send); // nothing was written on that connection: a fresh one is the same attempt
            }
            if (!headersCame && (e instanceof SocketTimeoutException || watch.isDeadlineReached() || isCallTimeout())) {
                watch.leaveBlackHole();
            }
            return failed(e, generation);
        } finally {
            watch.attemptIsOver();
            dns.attemptIsOver();
        }
    }

    /** A pooled connection that its server has shut down takes no more streams; once a call, this is no news of the server. */
    private boolean isFirstShutDown(IOException e) {
        boolean isFirst = e instanceof ConnectionShutdownException && !metShutDown;
        metShutDown |= isFirst;
        return isFirst;
    }

    private Request tagged(Request.Builder request) {
        return request.tag(CallPlan.class, plan).build();
    }

    /** The client's chain with the endpoint's addresses, without hidden retries, and with limits no longer than allowed. */
    private Interceptor.Chain limited(Step.Send send, AttemptDns dns, int within) {
        Interceptor.Chain limited = chain.withDns(dns).withRetryOnConnectionFailure(false);
        Authenticator own = chain.getAuthenticator();
        if (send.isDeclared() && own != Authenticator.NONE) {
            limited = limited.withAuthenticator((route, response) ->
                    send.trusts(response.request().url().toString()) ? own.authenticate(route, response) : null);
        }
        if (isLonger(limited.connectTimeoutMillis(), within)) {
            limited = limited.withConnectTimeout(within, TimeUnit.MILLISECONDS);
        }
        if (isLonger(limited.readTimeoutMillis(), within)) {
            limited = limited.withReadTimeout(within, TimeUnit.MILLISECONDS);
        }
        return limited;
    }

    /** The call's own timeout ends the call as OkHttp has it, so no attempt may end just before it. */
    private Optional<Duration> within(Step.Send send) {
        Optional<Duration> within = send.within();
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

    private static int millis(Optional<Duration> within) {
        return within.isPresent()
                ? (int) Math.min(Integer.MAX_VALUE, Math.max(1, within.get().toMillis()))
                : 0;
    }

    private static boolean isLonger(int configured, int within) {
        return within > 0 && (configured == 0 || configured > within);
    }

    /** The limit was for the headers only: the body has the client's own read timeout, on HTTP/1.1 in the socket as well. */
    private void widen(Response response, Interceptor.Chain limited) {
        boolean shortened = limited.readTimeoutMillis() != chain.readTimeoutMillis();
        if (shortened && response.code() != 101 && response.networkResponse() != null) {
            response.body().source().timeout().timeout(chain.readTimeoutMillis(), TimeUnit.MILLISECONDS);
            watch.widenSocket(chain.readTimeoutMillis());
        }
    }

    /**
     * An interceptor below, as the one that openai-java has on the network, took headers out because the host is not that of
     * the call. That the endpoint then does not let the caller in is neither its fault nor an answer.
     */
    private Outcome answeredToLess(Response response, Step.Send send, List<String> missing) throws IOException {
        String endpoint = send.upstream() + "/" + send.endpoint().name();
        String why = "an interceptor of the client strips " + missing + " from requests to it";
        names.impaired(endpoint, why);
        RequestBody body = chain.request().body();
        boolean isSpent = body != null && (body.isOneShot() || body.isDuplex());
        if (isSpent || new OkHttpHead(response).isAfterRedirect() || response.code() != 401 && response.code() != 403) {
            return begun(response);
        }
        response.close();
        return Outcome.impossible(why + ", so it answered " + response.code());
    }

    /** The answer, whose stream must have begun before it counts as one, where that is asked for. */
    private Outcome begun(Response response) throws IOException {
        Optional<EventStreams> expected = plan.eventStreams();
        if (!expected.isPresent() || !EventStream.isReadable(response)) {
            return answered(response);
        }
        EventStream begins = new EventStream(response, expected.get(), chain.readTimeoutMillis(), time);
        watch.widenSocket(0); // each read has its limit in the stream
        EventStream.Start start;
        try {
            start = expected.get().isCommittedAtFirstEvent() ? begins.start(plan.timeLeft()) : EventStream.Start.GOOD;
        } catch (IOException e) {
            response.close(); // and an earlier answer stays
            throw e;
        }
        Outcome outcome = answered(response);
        stream = begins;
        return start.isFalse()
                ? new Outcome.FalseStart(new OkHttpHead(response), start.error(), watch.address())
                : outcome;
    }

    private Outcome answered(Response response) {
        if (!response.isSuccessful() && plan.acts()) {
            Parked.hurry(response, chain.readTimeoutMillis(), plan.timeLeft());
        }
        stream = null;
        answer = response;
        OkHttpHead head = new OkHttpHead(response);
        isOfCache = head.isOfCache();
        return isOfCache ? new Outcome.Local(head) : new Outcome.Answered(head, watch.address());
    }

    private Outcome failed(IOException e, Generation generation) {
        Outcome outcome = failed(e);
        boolean ofTheAnswer = outcome instanceof Outcome.Failed failed
                && failed.delivery() == Delivery.NEVER_SENT
                && !watch.isDeadlineReached()
                && generation.addresses().areInDoubt(watch.failedAddresses());
        return ofTheAnswer ? new Outcome.Unproven(e, watch.address()) : outcome;
    }

    private Outcome failed(IOException e) {
        if (watch.isDeadlineReached() || isCallTimeout()) {
            plan.timedOut();
            SocketTimeoutException timeout =
                    new SocketTimeoutException(watch.isDeadlineReached() ? "deadline reached" : "call timeout");
            timeout.initCause(e);
            return new Outcome.Failed(timeout, watch.deliveryOf(e), watch.address());
        }
        if (chain.call().isCanceled() && e instanceof UnknownHostException) {
            return new Outcome.Cancelled(new IOException("Canceled", e)); // while its name was looked up
        }
        return chain.call().isCanceled() || watch.isCallersOwn(e)
                ? new Outcome.Cancelled(e)
                : new Outcome.Failed(e, watch.deliveryOf(e), watch.address());
    }

    /** Whether it was OkHttp that cancelled the call, for want of an answer, and not its caller. */
    private boolean isCallTimeout() {
        return chain.call().isCanceled() && watch.isTimedOut(time);
    }

    /** Acts out what a drill breaks. */
    private Outcome broken(Step.Send send) throws IOException {
        if (send.symptom() == Symptom.SILENT) {
            Duration silence = send.within().orElse(Duration.ofMillis(chain.readTimeoutMillis()));
            try {
                watch.pause(new CompletableFuture<>(), silence, time, chain.call());
            } catch (IOException e) {
                return failed(e);
            }
        }
        if (send.symptom() == Symptom.FAILS) {
            return answered(Parked.drilled(chain.request()));
        }
        return failed(
                send.symptom() == Symptom.SILENT
                        ? new SocketTimeoutException("timeout, by a drill")
                        : new ConnectException("refused, by a drill"));
    }

    /** Frees the connection of an answer that may not be the last. */
    private void park() {
        Response kept = answer;
        if (kept != null) {
            answer = Parked.park(kept);
            stream = stream == null ? null : stream.of(answer); // what it lacks, it lacks for its reader as well
        }
    }

    /** Waits; a call that is cancelled meanwhile ends like any other, with a story. */
    void pause(Step.Await await) {
        long started = time.nanoTime();
        park();
        Duration left = await.duration();
        if (!await.isForPlace()) {
            left = left.minusNanos(time.nanoTime() - started); // it was asked for from the answer on
        }
        try {
            watch.pause(
                    await.begin(), left.isNegative() ? Duration.ZERO : left, time, chain.call()); // in line only now
        } catch (IOException e) {
            plan.cancelled(e);
        }
    }

    Response deliver(Step.Deliver step) throws IOException {
        if (watch.isDeadlineReached()) {
            throw giveUp(new SocketTimeoutException("deadline reached"));
        }
        Response delivered = handedOver();
        watch.delivered();
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

    /** The answer as the caller gets it: with the client's own limits, and read along with if it is a stream. */
    private Response handedOver() {
        Response kept = Objects.requireNonNull(answer, "nothing was answered");
        answer = null;
        if (stream != null) {
            kept = stream.forReader(this::bodyFailed, this::bodyDied);
        } else {
            if (!kept.isSuccessful() && plan.acts()) {
                Parked.unhurry(kept, chain.readTimeoutMillis());
            }
            kept = Unpacking.watched(kept, this::bodyDied);
        }
        return WireGuard.restored(kept);
    }

    private void bodyFailed(String why) {
        if (!isOfCache && !chain.call().isCanceled()) {
            plan.bodyFailed(why);
        }
    }

    private void bodyDied(IOException why) {
        if (!isOfCache && !chain.call().isCanceled() && !watch.isCallersOwn(why)) {
            plan.bodyFailed(why);
        }
    }

    IOException giveUp(IOException failure) {
        failure.addSuppressed(new CallStory(plan.report()));
        return failure;
    }

    @Override
    public void close() {
        plan.close();
        if (deadline != null) {
            deadline.cancel();
        }
        if (answer != null) {
            answer.close(); // the call was given up before it was delivered
        }
    }
}

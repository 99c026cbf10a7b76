package byroad.okhttp;

import byroad.TimeSource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The OkHttp calls of the attempts of one caller's call.
 *
 * <p>An attempt is made on the caller's call if it has the authority of that call, no other attempt is made at the same
 * time, and the call holds no connection to other addresses of that authority. Every other attempt is a separate call,
 * see {@link OwnCalls}. Safe for use by any thread.
 */
final class AttemptCalls {
    private final Interceptor.Chain chain;
    private final Names names;
    private final OwnCalls ownCalls;
    private final Detach detach;
    private final TimeSource time;
    private final long startedNanos;
    private final CallState state;
    private volatile @Nullable OkHttpAttempt riding; // the latest attempt on the caller's call
    private Map<OkHttpAttempt, Call> underWay = Map.of(); // separate calls; guarded by this

    AttemptCalls(
            Interceptor.Chain chain, CallState state, Names names, OwnCalls ownCalls, Detach detach, TimeSource time) {
        this.chain = chain;
        this.state = state;
        this.names = names;
        this.ownCalls = ownCalls;
        this.detach = detach;
        this.time = time;
        this.startedNanos = time.nanoTime();
        this.riding = state.attempt();
    }

    /**
     * Prepares the call of that attempt: the caller's call, or a separate one. If only the caller's call is possible and
     * has another connection, it gives that connection back.
     *
     * @return why there is no call for it; null if there is one
     */
    @Nullable
    String prepare(OkHttpAttempt one, boolean isAlone) throws IOException {
        boolean isSameAuthority = one.attempt().isSameAuthority();
        if (isAlone && isSameAuthority && !isConnectionOfOther(one)) {
            return null;
        }
        String none = ownCalls.whyNone(chain);
        if (none == null) {
            one.onItsOwn(cancellation().ofOwnCall(one));
            return null;
        }
        names.impaired("calls of their own", none);
        if (!isAlone || !isSameAuthority) {
            return (isSameAuthority ? "a second attempt" : "another authority") + " needs a call of its own, and "
                    + none;
        }
        detach.from(chain);
        return isConnectionOfOther(one) ? "OkHttp did not let the call go of its connection" : null;
    }

    private boolean isConnectionOfOther(OkHttpAttempt one) {
        OkHttpAttempt latest = riding;
        return latest != null && latest.holdsConnectionOfOther(one);
    }

    /** Makes the attempt; only if {@link #prepare} returned null. */
    Response proceed(OkHttpAttempt one) throws IOException {
        return one.isOnItsOwn() ? onItsOwn(one) : onCallersCall(one);
    }

    /** Makes the attempt on the caller's call. */
    Response onCallersCall(OkHttpAttempt one) throws IOException {
        one.rideOn(chain.call(), riding);
        riding = one;
        state.attempt(one);
        return one.proceed(chain);
    }

    /** Makes the attempt as a separate call, which is cancelled with the caller's call and has the same time left. */
    private Response onItsOwn(OkHttpAttempt one) throws IOException {
        Call own = ownCalls.of(one, chain);
        long ofCall = chain.call().timeout().timeoutNanos();
        if (ofCall > 0) {
            long left = ofCall - (time.nanoTime() - startedNanos);
            own.timeout().timeout(Math.max(1, left), TimeUnit.NANOSECONDS);
        }
        if (chain.call().timeout().hasDeadline()) {
            own.timeout().deadlineNanoTime(chain.call().timeout().deadlineNanoTime());
        }
        synchronized (this) {
            underWay = underWay.isEmpty() ? new HashMap<>(4) : underWay;
            underWay.put(one, own);
        }
        cancellation().then(() -> one.giveUp(own));
        return own.execute();
    }

    /** The attempt has ended, or its response is kept: it is not cancelled any more but with the caller's call. */
    synchronized void ended(OkHttpAttempt one) {
        if (one.isOnItsOwn()) {
            underWay.remove(one);
        }
    }

    /** Cancels the separate calls that have not ended: they are not needed any more. */
    void cancelOthers() {
        List<Map.Entry<OkHttpAttempt, Call>> all;
        synchronized (this) {
            all = new ArrayList<>(underWay.entrySet());
        }
        all.forEach(other -> other.getKey().giveUp(other.getValue()));
    }

    /** Tells of a cancel of the caller's call. */
    CallCancellation cancellation() {
        return state.cancellation(chain.call());
    }
}

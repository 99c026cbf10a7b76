package byroad.okhttp;

import byroad.call.CallPlan;
import okhttp3.Call;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one call of OkHttp, be it the caller's or an attempt's own: its plan, and the attempt that is under way on it.
 * Safe for use by any thread.
 */
final class CallState {
    private final Interceptor.@Nullable Chain caller; // of a call that is an attempt's own
    private volatile CallPlan plan;
    private volatile @Nullable OkHttpAttempt attempt;
    private volatile boolean isDelivered;

    private CallState(CallPlan plan, Interceptor.@Nullable Chain caller) {
        this.plan = plan;
        this.caller = caller;
    }

    /** The state of the caller's call from now on; an interceptor above may send a call on more than once. */
    static CallState start(Call call, CallPlan plan) {
        CallState known = call.tag(CallState.class);
        if (known == null) {
            CallState state = new CallState(plan, null);
            call.tag(CallState.class, () -> state);
            return state;
        }
        known.plan = plan;
        known.isDelivered = false;
        return known;
    }

    /** The state of a call that is an attempt's own, carried by its request. */
    static CallState ofItsOwn(CallPlan plan, OkHttpAttempt attempt, Interceptor.Chain caller) {
        CallState state = new CallState(plan, caller);
        state.attempt = attempt;
        return state;
    }

    /** What is known of that call; null if it is none of ours. */
    static @Nullable CallState of(Call call) {
        CallState own = call.request().tag(CallState.class);
        return own != null ? own : call.tag(CallState.class);
    }

    /** Whether that call passes through: it is an attempt's own, or its plan is at work above already. */
    static boolean isUnderWay(Interceptor.Chain chain) {
        CallState state = of(chain.call());
        return state != null
                && (state.caller != null
                        || !state.isDelivered && state.plan == chain.request().tag(CallPlan.class));
    }

    /** What is planned for the call, the last time that it was sent on. */
    CallPlan plan() {
        return plan;
    }

    /** The latest attempt on the call. */
    @Nullable
    OkHttpAttempt attempt() {
        return attempt;
    }

    void attempt(OkHttpAttempt latest) {
        attempt = latest;
    }

    /** The chain of the caller's call, if this is the state of an attempt's own. */
    Interceptor.@Nullable Chain caller() {
        return caller;
    }

    void delivered() {
        isDelivered = true;
    }
}

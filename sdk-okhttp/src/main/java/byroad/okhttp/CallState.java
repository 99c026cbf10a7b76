package byroad.okhttp;

import byroad.call.CallPlan;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one call of OkHttp, be it the caller's or an attempt's own: its plan, and the attempt that is under way on it.
 * Safe for use by any thread.
 */
final class CallState {
    private final Interceptor.@Nullable Chain caller; // of a call that is an attempt's own
    private final EventListener listeners; // of the user
    private volatile CallPlan plan;
    private volatile @Nullable OkHttpAttempt attempt;
    private volatile boolean isDelivered;
    private @Nullable CallCancellation cancellation; // guarded by this

    private CallState(CallPlan plan, Interceptor.@Nullable Chain caller, EventListener listeners) {
        this.plan = plan;
        this.caller = caller;
        this.listeners = listeners;
    }

    /** The state of the caller's call from now on; an interceptor above may send a call on more than once. */
    static CallState start(Interceptor.Chain chain, CallPlan plan) {
        Call call = chain.call();
        CallState known = call.tag(CallState.class);
        if (known == null) {
            CallState state = new CallState(plan, null, chain.getEventListener());
            call.tag(CallState.class, () -> state);
            return state;
        }
        known.plan = plan;
        known.isDelivered = false;
        return known;
    }

    /** The state of a call that is an attempt's own, carried by its request. */
    static CallState ofItsOwn(CallPlan plan, OkHttpAttempt attempt, Interceptor.Chain caller) {
        CallState state = new CallState(plan, caller, EventListener.NONE);
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

    /** What stands before the listeners of the user on that call, from the first time on that it is asked for. */
    synchronized CallCancellation cancellation(Call call) {
        CallCancellation known = cancellation;
        if (known == null) {
            boolean isFirst = OkHttpInternals.canReplaceListeners(call);
            known = new CallCancellation(isFirst ? listeners : EventListener.NONE, call);
            cancellation = known;
            OkHttpAttempt riding = attempt;
            if (isFirst) {
                OkHttpInternals.replaceListeners(call, riding == null ? known : known.plus(riding));
            } else {
                call.addEventListener(known);
            }
        }
        return known;
    }

    /** The chain of the caller's call, if this is the state of an attempt's own. */
    Interceptor.@Nullable Chain caller() {
        return caller;
    }

    void delivered() {
        isDelivered = true;
    }
}

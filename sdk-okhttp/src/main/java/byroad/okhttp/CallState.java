package byroad.okhttp;

import byroad.call.CallPlan;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import org.jspecify.annotations.Nullable;

/**
 * The state of one OkHttp call, either the caller's call or a separate call of an attempt: its plan, and the attempt
 * that is under way on it. Safe for use by any thread.
 */
final class CallState {
    private final Interceptor.@Nullable Chain caller; // only of a separate call
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

    /** The new state of the caller's call; an interceptor above may proceed with a call more than once. */
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

    /** The state of a separate call, which its request carries as a tag. */
    static CallState ofItsOwn(CallPlan plan, OkHttpAttempt attempt, Interceptor.Chain caller) {
        CallState state = new CallState(plan, caller, EventListener.NONE);
        state.attempt = attempt;
        return state;
    }

    /** The state of that call; null if it was not made through this interceptor. */
    static @Nullable CallState of(Call call) {
        CallState own = call.request().tag(CallState.class);
        return own != null ? own : call.tag(CallState.class);
    }

    /**
     * Whether the call passes unchanged: it is a separate call, or another instance above already executes its plan.
     */
    static boolean isUnderWay(Interceptor.Chain chain) {
        CallState state = of(chain.call());
        return state != null
                && (state.caller != null
                        || !state.isDelivered && state.plan == chain.request().tag(CallPlan.class));
    }

    /** The latest plan of the call. */
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

    /** The listener in front of the user's listeners on that call; it is installed at the first use. */
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

    /** The chain of the caller's call, if this is the state of a separate call. */
    Interceptor.@Nullable Chain caller() {
        return caller;
    }

    void delivered() {
        isDelivered = true;
    }
}

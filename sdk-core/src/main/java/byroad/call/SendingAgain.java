package byroad.call;

import byroad.Fault;
import byroad.Fault.Certainty;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import byroad.Refusal;
import byroad.Upstream;
import org.jspecify.annotations.Nullable;

/** Whether a request that failed may be sent once more, wherever to: only if that can help and can do no harm (RFC 9110, 9.2.2). */
final class SendingAgain {
    private SendingAgain() {}

    /**
     * Why it must not be; null if it may.
     *
     * @param isInDoubt whether it failed by an answer of a name that nothing had proven, so that nobody was reached
     */
    static @Nullable Why whyNot(
            RequestTraits request, Upstream upstream, Outcome failed, Fault fault, boolean isInDoubt) {
        if (fault.layer() == Layer.EDGE_POLICY) {
            return new Why(Refusal.EDGE_POLICY, "nothing more is tried: the edge refused on purpose");
        }
        if (fault.layer() == Layer.CLIENT_NETWORK && fault.certainty() != Certainty.GUESS) {
            return new Why(Refusal.CLIENT_NETWORK, "nothing more is tried: the network of this client is down");
        }
        if (!isInDoubt && Attribution.isTrustFailure(failed)) {
            return new Why(Refusal.IDENTITY, "nothing more is tried: the peer could not prove who it is");
        }
        if (Attribution.isRepeatForbidden(failed)) {
            return new Why(Refusal.FORBIDDEN, "not sent again: the answer forbids it (x-should-retry: false)");
        }
        Delivery delivery = fault.delivery();
        if (request.body() == RequestTraits.Body.ONE_SHOT && delivery != Delivery.NEVER_SENT) {
            return new Why(Refusal.ONE_SHOT, "not sent again: its body can be written only once");
        }
        boolean repeatable = delivery.isSafeToRepeat()
                || request.isRepeatable()
                || upstream.isRepeatable()
                || Attribution.isRepeatAskedFor(failed);
        return repeatable
                ? null
                : new Why(
                        Refusal.NOT_REPEATABLE,
                        "not sent again: " + request.method()
                                + " may have been processed and is not declared repeatable");
    }
}

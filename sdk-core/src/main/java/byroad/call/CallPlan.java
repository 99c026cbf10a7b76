package byroad.call;

import byroad.Breakage.Symptom;
import byroad.CallReport;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Fault.Certainty;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import byroad.Mode;
import byroad.Seams;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to do for one call: ask {@link #next} and do it, tell {@link #took} what came of each send, until it says
 * {@link Step.Deliver} or {@link Step.GiveUp}.
 *
 * <p>The order is always the same. The first endpoint in good health is tried. After a failure, and if sending again is
 * safe, an endpoint that does not depend on anyone under suspicion; it costs no budget, but passes its gate. Only when
 * there is none, the preferred endpoint again, after a wait and out of the budget. When nothing may follow, the best
 * answer there was goes to the caller, else the last exception.
 *
 * <p>One caller at a time; {@link #report} may be asked for by any thread.
 */
public final class CallPlan {
    private final Seams seams;
    private final Mode mode;
    private final Attribution attribution;
    private final UpstreamHealth upstream;
    private final RequestTraits request;
    private final Limits limits;

    private final Shunned shunned;
    private final Story story;
    private final Set<EndpointHealth> tried = new HashSet<>(4);
    private final Set<EndpointHealth> doubted = new HashSet<>(0);
    private final Set<FailureDomain> suspects = new HashSet<>(4);
    private final List<IOException> failures = new ArrayList<>(0);

    private Step.@Nullable Send outstanding;
    private Step.@Nullable Send answered;
    private @Nullable Outcome last;
    private @Nullable Fault lastFault;
    private @Nullable EndpointHealth preferred;
    private @Nullable Outcome preferredLast;
    private @Nullable Fault preferredFault;
    private @Nullable EndpointHealth inDoubt;
    private boolean repeatDue;
    private boolean lastResort;
    private boolean gateRefused;
    private boolean freeRepeatUsed;
    private int repeats;
    private int withdrawn;
    private @Nullable Step decision;
    private long decidedNanos;

    CallPlan(Seams seams, Mode mode, Attribution attribution, UpstreamHealth upstream, RequestTraits request) {
        this.seams = seams;
        this.mode = mode;
        this.attribution = attribution;
        this.upstream = upstream;
        this.request = request;
        this.limits = new Limits(seams.time(), upstream.upstream, request);
        this.shunned = new Shunned(seams.avoidances(), request);
        this.story = new Story(upstream.upstream.name(), request.summary());
    }

    /**
     * What to do next.
     *
     * @throws IllegalStateException if the last send was not followed by {@link #took}
     */
    public synchronized Step next() {
        if (outstanding != null) {
            throw new IllegalStateException("took() was not called for: " + outstanding);
        }
        if (decision != null) {
            return decision;
        }
        Step step = last == null ? first() : following();
        if (step instanceof Step.Send send) {
            outstanding = send;
        } else if (!(step instanceof Step.Await)) {
            decision = step;
            decidedNanos = seams.time().nanoTime();
            if (!(last instanceof Outcome.Cancelled)) {
                upstream.shift.ended(step instanceof Step.Deliver delivered && delivered.send().health.rank > 0);
            }
        }
        return step;
    }

    /** The first attempt is never refused: with no endpoint in good health, the least bad one is tried, once. */
    private Step first() {
        if (mode != Mode.ACT) {
            EndpointHealth only = upstream.endpoints.get(0);
            return send(only, only.circuit.enterAnyway(), Optional.empty());
        }
        Step.Send send = sendToFirstThatMay();
        return send != null ? send : lastResort();
    }

    /** What a gate refused gets a short limit, so that in a black hole its caller does not wait for nothing. */
    private Step lastResort() {
        lastResort = true;
        EndpointHealth leastBad = leastBad();
        boolean inPlaceOfStandIn = gateRefused && leastBad.gate == null;
        Optional<Duration> atMost = inPlaceOfStandIn ? upstream.ownLoad.limitOfRefused() : Optional.empty();
        story.note("no endpoint may be used: " + leastBad.endpoint.name() + " is tried once all the same"
                + atMost.map(limit -> ", for at most " + limit.toMillis() + "ms")
                        .orElse(""));
        tried.add(leastBad);
        return send(leastBad, leastBad.circuit.enterAnyway(), atMost);
    }

    /** The first that neither an operator nor the call avoids, but a stand-in only by its gate; else the preferred. */
    private EndpointHealth leastBad() {
        for (EndpointHealth health : upstream.endpoints) {
            if (shunned.isForbidden(health) || tried.contains(health) || shunned.whyNotInFor(health) != null) {
                continue;
            }
            if (health.gate == null || health.gate.enter()) {
                return health;
            }
            gateRefused = true;
        }
        return upstream.endpoints.get(0);
    }

    private Step following() {
        if (lastFault == null && last instanceof Outcome.Answered
                || last instanceof Outcome.Local
                || last instanceof Outcome.Cancelled) {
            return conclusion();
        }
        String nothing = whyNothingMayFollow();
        if (nothing != null) {
            story.note(nothing);
            return conclusion();
        }
        if (mode != Mode.ACT) {
            story.note("watching only: would have gone on");
            return conclusion();
        }
        if (repeatDue) {
            repeatDue = false;
            return repeatNow();
        }
        if (inDoubt
                != null) { // its name's answer, that is: by another one the endpoint is tried again at once, for free
            Step.Send again = sendIfItMay(inDoubt);
            inDoubt = null;
            return again != null ? again : following();
        }
        Step.Send elsewhere = sendToFirstThatMay();
        return elsewhere != null ? elsewhere : repeat();
    }

    /** An endpoint not yet tried, free of suspicion, in good health, its gate open. */
    private Step.@Nullable Send sendToFirstThatMay() {
        for (EndpointHealth health : upstream.endpoints) {
            if (tried.contains(health)) {
                continue;
            }
            Step.Send send = sendIfItMay(health);
            if (send != null) {
                return send;
            }
        }
        return null;
    }

    private Step.@Nullable Send sendIfItMay(EndpointHealth health) {
        String refusal = refusal(health);
        int epoch = refusal == null ? health.circuit.enter() : Circuit.REFUSED;
        if (refusal == null && epoch == Circuit.REFUSED) {
            refusal = "its circuit is open";
        } else if (refusal == null && health.gate != null && !health.gate.enter()) {
            health.circuit.abandoned(epoch);
            gateRefused = true;
            tried.add(health); // its no is for the whole call: asked again, a chance of a quarter becomes a half
            refusal = "its gate is full (" + health.gate + ")";
        }
        if (refusal != null) {
            story.note(health.endpoint.name() + " not tried: " + refusal);
            return null;
        }
        tried.add(health);
        return send(health, epoch, Optional.empty());
    }

    /** Why that endpoint must not be used now, circuit and gate aside. */
    private @Nullable String refusal(EndpointHealth health) {
        for (FailureDomain suspect : suspects) {
            if (suspect.coversAny(health.dependsOn)) {
                return suspect + " is under suspicion";
            }
        }
        String avoided = shunned.whyNot(health);
        if (avoided != null) {
            return avoided;
        }
        if (health.restLeft().compareTo(Duration.ZERO) > 0) {
            return "it asked to be left alone for another " + health.restLeft().toMillis() + "ms";
        }
        return shunned.whyNotInFor(health);
    }

    private @Nullable String whyNothingMayFollow() {
        if (lastFault == null) {
            return null; // the transport could not do it: nothing was sent
        }
        if (limits.endBefore(Duration.ZERO)) {
            return "nothing more is tried: the deadline of " + limits + " is reached";
        }
        if (lastFault.layer() == Layer.EDGE_POLICY) {
            return "nothing more is tried: the edge refused on purpose";
        }
        if (lastFault.layer() == Layer.CLIENT_NETWORK && lastFault.certainty() != Certainty.GUESS) {
            return "nothing more is tried: the network of this client is down";
        }
        if (inDoubt == null && Attribution.isTrustFailure(last)) {
            return "nothing more is tried: the peer could not prove who it is";
        }
        Delivery delivery = lastFault.delivery();
        if (request.body() == RequestTraits.Body.ONE_SHOT && delivery != Delivery.NEVER_SENT) {
            return "not sent again: its body can be written only once";
        }
        boolean repeatable = delivery.isSafeToRepeat() || request.isRepeatable() || upstream.upstream.isRepeatable();
        return repeatable
                ? null
                : "not sent again: " + request.method() + " may have been processed and is not declared repeatable";
    }

    /** The preferred endpoint again: after a wait, and out of the budget unless the request was never sent. */
    private Step repeat() {
        Fault fault = preferredFault; // its own: what a stand-in met says nothing of who is asked again
        EndpointHealth again = preferred;
        if (fault == null || again == null || again.rank > 0 || lastResort || fault.layer() == Layer.RESOLVER) {
            return conclusion();
        }
        String attempts =
                repeats + 1 < Tuning.MOST_TO_PREFERRED ? "" : (repeats + 1) + " attempts to " + again.endpoint.name();
        String open = again.circuit.isClosed() ? "" : "the circuit of " + again.endpoint.name() + " is open";
        String enough = gateRefused ? "the call was refused by a gate" : attempts.isEmpty() ? open : attempts;
        if (!enough.isEmpty()) {
            story.note("no further retry: " + enough);
            return conclusion();
        }
        boolean free = fault.delivery() == Delivery.NEVER_SENT && !freeRepeatUsed;
        Duration wait = free ? Duration.ZERO : waitBeforeRepeat(again);
        if (limits.endBefore(wait)) {
            story.note("no further retry: a wait of " + wait.toMillis() + "ms ends after the deadline of " + limits);
            return conclusion();
        }
        int cost = Attribution.isThrottled(preferredLast) ? RetryBudget.THROTTLED_COST : RetryBudget.TRANSIENT_COST;
        if (!free && !upstream.budget.tryWithdraw(cost)) {
            story.note("no further retry: budget empty (" + upstream.budget + ", " + cost + " needed)");
            return conclusion();
        }
        withdrawn = free ? withdrawn : cost;
        freeRepeatUsed |= free;
        repeats++;
        if (wait.isZero()) {
            return repeatNow();
        }
        repeatDue = true;
        return new Step.Await(wait, "before attempt " + (repeats + 1) + " to " + again.endpoint.name());
    }

    private Step repeatNow() {
        EndpointHealth again = Objects.requireNonNull(preferred);
        int epoch = again.circuit.enter();
        if (epoch == Circuit.REFUSED) {
            story.note("no further retry: the circuit of " + again.endpoint.name() + " opened meanwhile");
            return conclusion();
        }
        return send(again, epoch, Optional.empty()); // only the first in order is repeated, and it has no gate
    }

    /** Never less than the endpoint asked for; jitter on top of that only ever adds. */
    private Duration waitBeforeRepeat(EndpointHealth again) {
        Duration wait = upstream.backoff(repeats + 1, preferredLast instanceof Outcome.Answered);
        Duration rest = again.restLeft();
        return rest.compareTo(Duration.ZERO) > 0 ? rest.plus(wait) : wait;
    }

    private Step.Send send(EndpointHealth health, int epoch, Optional<Duration> atMost) {
        if (preferred == null) {
            preferred = health;
        }
        boolean asCalled = mode != Mode.ACT;
        String url = asCalled
                ? request.url()
                : CallUrl.rebased(request.url(), upstream.upstream.calledAt(), health.endpoint.at());
        Step.Send.Route route = new Step.Send.Route(
                upstream.headers,
                CallUrl.origin(url).equals(CallUrl.origin(request.url())),
                asCalled,
                limits.ofAttempt(),
                asCalled ? Symptom.NONE : seams.breakage().ofEndpoint(health.dependsOn));
        return new Step.Send(health, epoch, seams.time().nanoTime(), url, limits.ofAttemptNow(atMost), route);
    }

    /**
     * What came of a send. Every send is answered by exactly one call of this.
     *
     * @return whose fault it was, empty if nobody's
     * @throws IllegalStateException if that send is not the outstanding one
     */
    public synchronized Optional<Fault> took(Step.Send send, Outcome outcome) {
        if (send != outstanding) {
            throw new IllegalStateException("not the outstanding send: " + send);
        }
        outstanding = null;
        if (outcome instanceof Outcome.Unproven unproven && (lastResort || !doubted.add(send.health))) {
            return settled(send, new Outcome.Failed(unproven.failure(), Delivery.NEVER_SENT, unproven.address()));
        }
        inDoubt = outcome instanceof Outcome.Unproven ? send.health : null;
        return settled(send, outcome);
    }

    private Optional<Fault> settled(Step.Send send, Outcome outcome) {
        Duration took = Duration.ofNanos(seams.time().nanoTime() - send.startedNanos);
        Optional<Fault> fault = attribution.of(send, outcome);
        Ledger.settle(send, outcome, fault, took, upstream, withdrawn);
        story.attempted(send, outcome, fault, limits.since(send.startedNanos), took);
        last = outcome;
        lastFault = fault.orElse(null);
        if (send.health == preferred) {
            preferredLast = outcome;
            preferredFault = lastFault;
        }
        if (Attribution.isThrottled(outcome)) {
            tried.addAll(upstream.doorsOfTenant(send.health)); // a quota is the tenant's, and speaks against nobody
        } else {
            fault.ifPresent(found -> suspects.addAll(found.suspects()));
        }
        if (outcome instanceof Outcome.Answered || outcome instanceof Outcome.Local) {
            answered = send;
        }
        Attribution.failureOf(outcome).ifPresent(failures::add);
        return fault;
    }

    /** The body of the delivered answer died while it was read: counted against the endpoint, never repeated. */
    public synchronized void bodyFailed(IOException why) {
        if (decision instanceof Step.Deliver delivered) {
            story.note("the body failed: " + Attribution.describe(why));
            Ledger.bodyFailed(delivered.send(), why);
        }
    }

    /** An answer beats an exception; else the last exception is thrown, earlier ones suppressed in their order. */
    private Step conclusion() {
        if (answered != null && !(last instanceof Outcome.Cancelled)) {
            return new Step.Deliver(answered);
        }
        if (failures.isEmpty()) {
            return new Step.GiveUp(new IOException(upstream.upstream.name() + ": no endpoint could be used: " + story));
        }
        IOException thrown = failures.get(failures.size() - 1);
        for (IOException earlier : failures) {
            if (earlier != thrown) {
                thrown.addSuppressed(earlier);
            }
        }
        return new Step.GiveUp(thrown);
    }

    /** What is left of the deadline; empty where there is none. */
    public Optional<Duration> timeLeft() {
        return limits.left();
    }

    /** Whether what is decided is done, and not only watched. */
    public boolean acts() {
        return mode == Mode.ACT;
    }

    /** The deadline that the upstream declares, which an adapter has to keep; the caller's own timeout is the caller's. */
    public Optional<Duration> declaredDeadline() {
        return acts() ? upstream.upstream.deadline() : Optional.empty();
    }

    /** The story so far. */
    public synchronized CallReport report() {
        long until = decision != null ? decidedNanos : seams.time().nanoTime();
        return story.report(Optional.ofNullable(decision), limits.since(until));
    }
}

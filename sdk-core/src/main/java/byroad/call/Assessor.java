package byroad.call;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Fault.Certainty;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import byroad.Refusal;
import byroad.ResponseHead;
import byroad.Signature;
import byroad.UserCode;
import byroad.call.Assessment.Load;
import byroad.call.Assessment.Next;
import byroad.call.Assessment.Pace;
import byroad.call.Assessment.Verdict;
import byroad.call.Assessment.Worth;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Assesses the outcome of an attempt: the fault, what the circuit and the concurrency limit count, and whether the
 * request may be sent again. It calls the user's signature, so it is never called under a lock.
 */
final class Assessor {
    /**
     * Errors below 500 that do not mean that the request itself is wrong (RFC 9110, 15; RFC 8470, 5.2). Every status of
     * 500 and above is such an error, known or not.
     */
    private static final Set<Integer> TROUBLE = Set.of(408, 421, 425, 429);

    private static final int MISDIRECTED = 421;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    /** Statuses that the same endpoint would answer again: it does not serve that method, version or host. */
    private static final Set<Integer> SAID_AGAIN = Set.of(MISDIRECTED, 501, 505);

    /**
     * Refusals, which say little if a fallback endpoint has never answered well; the others only if it has another
     * authority.
     */
    private static final Set<Integer> REFUSALS = Set.of(401, 403, MISDIRECTED);

    private static final Set<Integer> REFUSALS_OF_STRANGERS = Set.of(400, 404);

    /**
     * The request did not arrive completely in time, or came too early: it was not processed, and no endpoint is at
     * fault.
     */
    private static final Set<Integer> NOT_TAKEN_IN = Set.of(408, 425);

    /** OkHttp, Android and the JDK write {@code host/address:port}; reports hold no addresses. */
    private static final Pattern ADDRESS =
            Pattern.compile("/(\\d+(\\.\\d+){3}|\\[?[0-9a-fA-F]*:[0-9a-fA-F:.]*(%\\w+)?]?)(:\\d+)?");

    private static final Pattern USER_INFO = Pattern.compile("://[^/\\s@]*@");
    private static final Pattern QUERY = Pattern.compile("(://[^\\s?#]*)[?#]\\S*");

    private static final int LONGEST_MESSAGE = 4 * 1024;

    private final Signature signature;
    private final ClientRuntime runtime;
    private final ClientNetwork network;

    Assessor(Signature signature, ClientRuntime runtime) {
        this.signature = signature;
        this.runtime = runtime;
        this.network = new ClientNetwork(runtime.time());
    }

    /**
     * Assesses the outcome of an attempt that took that long.
     *
     * @param isFirst whether no other attempt of the call can have been processed before
     */
    Assessment assess(Attempt attempt, Outcome outcome, RequestTraits request, boolean isFirst, Duration took) {
        if (outcome instanceof Outcome.Answered || outcome instanceof Outcome.FalseStart) {
            network.answered();
        }
        if (isOfOwnRetry(outcome, request, isFirst)) {
            return ofOwnRetry((Outcome.Answered) outcome);
        }
        boolean isRefusal = isRefusalOfUnproven(attempt, outcome);
        Optional<Fault> fault = faultOf(attempt, outcome);
        if (!fault.isPresent() && isRefusal) {
            fault = Optional.of(refusal(outcome.status(), attempt.health));
        }
        boolean isLate = attempt.health.limit != null && outcome.isAnswer() && attempt.isLate(took);
        if (!fault.isPresent()) {
            return withoutFault(outcome, isLate);
        }
        boolean isOfTenant = isBetweenCallerAndService(outcome);
        boolean isEvidence = isEvidence(attempt, outcome, took);
        boolean isCharged = isEvidence && !isOfTenant && isCharged(fault.get(), attempt.health);
        boolean isOverload = isEvidence && isOverload(outcome, isLate) && !isOfOthers(fault.get());
        return new Assessment(
                fault,
                isRefusal ? Verdict.REFUSED : isCharged ? Verdict.FAILED : Verdict.NOTHING,
                isOverload ? Load.OVERLOADED : Load.NOTHING,
                isOfTenant,
                isRefusal || outcome.status() == MISDIRECTED ? Worth.NO_BETTER_THAN_AN_ANSWER : Worth.LATEST,
                new Next(
                        isThrottled(outcome) ? Pace.THROTTLED : Pace.USUAL,
                        whyNotHere(attempt, outcome, fault.get()),
                        whyNotAgain(attempt, outcome, fault.get(), request)));
    }

    private static Assessment withoutFault(Outcome outcome, boolean isLate) {
        if (!(outcome instanceof Outcome.Answered)) {
            return Assessment.NOTHING;
        }
        if (outcome.status() < 400) {
            return isLate ? Assessment.LATE : Assessment.GOOD;
        }
        return isLate ? Assessment.ANSWERED_LATE : Assessment.ANSWERED;
    }

    /**
     * Whether an earlier attempt of the call may have caused that answer: its idempotency key is in use, or it stored
     * something, so that the condition of the next attempt fails.
     */
    private static boolean isOfOwnRetry(Outcome outcome, RequestTraits request, boolean isFirst) {
        return !isFirst
                && outcome instanceof Outcome.Answered
                && (outcome.status() == CONFLICT && request.carriesIdempotencyKey()
                        || outcome.status() == PRECONDITION_FAILED && request.mayStoreOnCondition());
    }

    /** Charges no endpoint, and no other endpoint is asked, because it would answer the same. */
    private Assessment ofOwnRetry(Outcome.Answered answered) {
        String evidence = "HTTP " + answered.status() + ", which an earlier attempt may have caused";
        Fault fault =
                withRetryAfter(Fault.of(Layer.ORIGIN, evidence).likely().delivery(Delivery.ANSWERED), answered.head());
        boolean isUnderWay = answered.status() == CONFLICT;
        return new Assessment(
                Optional.of(fault),
                Verdict.NOTHING,
                Load.NOTHING,
                true,
                Worth.NO_BETTER_THAN_A_FAILURE,
                new Next(
                        isUnderWay ? Pace.UNDER_WAY : Pace.USUAL,
                        isUnderWay ? null : new Reason(Refusal.ATTEMPTS, evidence),
                        null));
    }

    /** Whether a fallback endpoint that has never answered well refuses the call; it may not be set up for it. */
    private static boolean isRefusalOfUnproven(Attempt attempt, Outcome outcome) {
        return outcome instanceof Outcome.Answered
                && attempt.health.rank > 0
                && !attempt.health.isProven()
                && (REFUSALS.contains(outcome.status())
                        || REFUSALS_OF_STRANGERS.contains(outcome.status()) && !attempt.isSameAuthority());
    }

    /** A request that was refused was not processed (RFC 9110, 15.5.2 and 15.5.4). */
    private static Fault refusal(int status, EndpointHealth health) {
        return Fault.of(answeringLayer(health), "HTTP " + status + " of an endpoint that never answered well")
                .suspecting(health.domain)
                .delivery(REFUSALS.contains(status) ? Delivery.NEVER_REACHED_ORIGIN : Delivery.ANSWERED);
    }

    /** Whether the outcome says anything about the endpoint. */
    private static boolean isEvidence(Attempt attempt, Outcome outcome, Duration took) {
        if (outcome instanceof Outcome.Failed failed) {
            return !(failed.failure() instanceof SocketTimeoutException && attempt.isCutShort(took));
        }
        return outcome instanceof Outcome.Answered
                || outcome instanceof Outcome.FalseStart
                || outcome instanceof Outcome.Unresolved;
    }

    /**
     * Whether the endpoint is charged: the endpoint, its edges or its host must be suspected. A policy is not a
     * failure.
     */
    private static boolean isCharged(Fault fault, EndpointHealth health) {
        return fault.layer() != Layer.CLIENT_NETWORK
                && fault.layer() != Layer.EDGE_POLICY
                && fault.suspects().stream().anyMatch(suspect -> suspect.coversAny(health.dependsOn));
    }

    private static boolean isOfOthers(Fault fault) {
        return fault.layer() == Layer.CLIENT_NETWORK
                || fault.layer() == Layer.RESOLVER
                || fault.delivery() == Delivery.NOT_TAKEN_IN;
    }

    /**
     * Why a failed request must not be sent again to any endpoint: it would not help, or it could do harm (RFC 9110,
     * 9.2.2).
     */
    private static @Nullable Reason whyNotAgain(Attempt attempt, Outcome failed, Fault fault, RequestTraits request) {
        if (fault.layer() == Layer.EDGE_POLICY) {
            return new Reason(Refusal.EDGE_POLICY, "nothing more is tried: the edge refused on purpose");
        }
        if (failed.thrown().filter(TlsFailure::isUntrustedPeer).isPresent()) {
            return new Reason(Refusal.IDENTITY, "nothing more is tried: the peer could not prove who it is");
        }
        if (isShouldRetry(failed, "false")) {
            return new Reason(Refusal.FORBIDDEN, "not sent again: the answer forbids it (x-should-retry: false)");
        }
        boolean neverSent = fault.delivery() == Delivery.NEVER_SENT;
        if (request.body() == RequestTraits.Body.ONE_SHOT && !neverSent) {
            return new Reason(Refusal.ONE_SHOT, "not sent again: its body can be written only once");
        }
        boolean isSafe = fault.delivery().isSafeToRetry()
                || attempt.isRepeatable()
                || isRetryAskedFor(failed) && !attempt.isStrictlyOnce();
        return isSafe ? null : notRepeatable(request, attempt.isStrictlyOnce());
    }

    /** Why there must be no retry at the same endpoint, although another one may be asked; null if there may be one. */
    private static @Nullable Reason whyNotHere(Attempt attempt, Outcome failed, Fault fault) {
        boolean isAskedAgain = failed instanceof Outcome.Unresolved unresolved
                && !unresolved.askAgain().isZero();
        if (fault.layer() == Layer.RESOLVER && !isAskedAgain) {
            return new Reason(Refusal.RESOLVER, "its name leads to no address");
        }
        return failed instanceof Outcome.Answered && SAID_AGAIN.contains(failed.status()) && !isRetryAskedFor(failed)
                ? new Reason(
                        Refusal.ATTEMPTS,
                        "HTTP " + failed.status() + ", and "
                                + attempt.endpoint().name() + " would say the same again")
                : null;
    }

    /** Why that request must not be processed twice; null if it may be. */
    static @Nullable Reason whyNotTwice(RequestTraits request, UpstreamHealth upstream) {
        if (request.body() == RequestTraits.Body.ONE_SHOT) {
            return new Reason(Refusal.ONE_SHOT, "its body can be written only once");
        }
        return upstream.mayRepeat(request) ? null : notRepeatable(request, upstream.isStrictlyOnce(request));
    }

    private static Reason notRepeatable(RequestTraits request, boolean isStrictlyOnce) {
        return new Reason(
                Refusal.NOT_REPEATABLE,
                "not sent again: " + request.method() + " may have been processed and "
                        + (isStrictlyOnce ? "must not be processed twice" : "is not declared repeatable"));
    }

    private Optional<Fault> faultOf(Attempt attempt, Outcome outcome) {
        EndpointHealth health = attempt.health;
        if (outcome instanceof Outcome.Answered answered) {
            return ofAnswer(answered, health);
        }
        if (outcome instanceof Outcome.FalseStart stream) {
            return Optional.of(ofStream(stream, health));
        }
        if (outcome instanceof Outcome.Failed failed) {
            Optional<Fault> ofNetwork = ofNetwork(failed.failure(), failed.delivery(), attempt);
            return Optional.of(ofNetwork.isPresent() ? ofNetwork.get() : ofFailure(failed, health));
        }
        if (outcome instanceof Outcome.Unresolved unresolved) {
            Optional<Fault> ofNetwork = ofNetwork(unresolved.failure(), Delivery.NEVER_SENT, attempt);
            return Optional.of(ofNetwork.isPresent() ? ofNetwork.get() : ofResolver(unresolved.failure(), health));
        }
        if (outcome instanceof Outcome.Unproven unproven) {
            String evidence = "answer never proven, " + describe(unproven.failure());
            return Optional.of(Fault.of(Layer.RESOLVER, evidence).likely().delivery(Delivery.NEVER_SENT));
        }
        return Optional.empty();
    }

    private Optional<Fault> ofAnswer(Outcome.Answered answered, EndpointHealth health) {
        ResponseHead head = answered.head();
        if (head.status() < 400) {
            return Optional.empty();
        }
        Optional<Fault> recognised = recognised(head, health);
        boolean isTrouble = head.status() >= 500 || TROUBLE.contains(head.status());
        if (!recognised.isPresent() && !isTrouble && !isRetryAskedFor(answered)) {
            return Optional.empty();
        }
        Fault told = recognised
                .map(known -> known.suspecting(health.domain))
                .orElseGet(() -> unrecognised(answered, health));
        boolean isOfNextPage = head.isAfterRedirect() && told.delivery().isSafeToRetry();
        Fault fault = isOfNextPage
                ? told.delivery(Delivery.MAYBE_PROCESSED)
                : told; // the redirecting host received the request
        return Optional.of(withRetryAfter(fault, head));
    }

    private Fault withRetryAfter(Fault fault, ResponseHead head) {
        return RetryAfter.of(head, runtime.time().now()).map(fault::retryAfter).orElse(fault);
    }

    private Optional<Fault> recognised(ResponseHead head, EndpointHealth health) {
        return UserCode.call(runtime, "the signature", () -> signature.read(head, health.endpoint), Optional.empty());
    }

    private static Fault unrecognised(Outcome.Answered answered, EndpointHealth health) {
        String evidence = "HTTP " + answered.head().status();
        if (NOT_TAKEN_IN.contains(answered.head().status())) {
            return Fault.of(answeringLayer(health), evidence).delivery(Delivery.NOT_TAKEN_IN);
        }
        if (isBetweenCallerAndService(answered)) {
            return Fault.of(Layer.ORIGIN, evidence).certain().delivery(Delivery.ANSWERED);
        }
        if (answered.head().status()
                == MISDIRECTED) { // this host is not served here, whatever the method (RFC 9110, 15.5.20)
            return Fault.of(answeringLayer(health), evidence)
                    .suspecting(health.domain)
                    .delivery(Delivery.NEVER_REACHED_ORIGIN);
        }
        return faultAt(health, evidence, answeringLayer(health));
    }

    /** The layer that made an answer of that endpoint, if the answer does not show it. */
    private static Layer answeringLayer(EndpointHealth health) {
        return health.endpoint.edges().isEmpty() ? Layer.ORIGIN : Layer.UNKNOWN;
    }

    /** A fault of the caller's own network; only possible if nothing answered. */
    private Optional<Fault> ofNetwork(IOException why, Delivery delivery, Attempt attempt) {
        boolean unanswered = why instanceof UnknownHostException
                || why instanceof ConnectException
                || why instanceof NoRouteToHostException
                || why instanceof SocketTimeoutException;
        if (!unanswered || delivery != Delivery.NEVER_SENT) {
            return Optional.empty();
        }
        return network.silent(firstDomains(attempt.health), attempt.isDeclared(), attempt.startedNanos())
                .map(certainty -> {
                    Fault fault = Fault.of(Layer.CLIENT_NETWORK, describe(why)).delivery(Delivery.NEVER_SENT);
                    return certainty == Certainty.LIKELY ? fault.likely() : fault;
                });
    }

    private static Fault ofResolver(IOException why, EndpointHealth health) {
        return Fault.of(Layer.RESOLVER, describe(why)).suspecting(health.domain).delivery(Delivery.NEVER_SENT);
    }

    private static Fault ofFailure(Outcome.Failed failed, EndpointHealth health) {
        IOException why = failed.failure();
        String evidence = describe(why);
        if (why instanceof UnknownHostException || why.getCause() instanceof UnknownHostException) {
            return ofResolver(why, health).delivery(failed.delivery());
        }
        if (TlsFailure.isUntrustedPeer(why)) {
            return Fault.of(Layer.UNKNOWN, evidence).certain().delivery(Delivery.NEVER_SENT);
        }
        Layer layer = health.endpoint.edges().isEmpty() ? Layer.ORIGIN : Layer.EDGE;
        boolean reached = failed.delivery() != Delivery.NEVER_SENT;
        return faultAt(health, evidence, reached && layer == Layer.EDGE ? Layer.UNKNOWN : layer)
                .delivery(failed.delivery());
    }

    /**
     * The fault of an event stream. Only the service behind the endpoint writes events; it is unknown which part ended
     * a stream.
     */
    private static Fault ofStream(Outcome.FalseStart stream, EndpointHealth health) {
        if (!stream.error().isPresent()) {
            return faultAt(health, "stream ended before its first event", answeringLayer(health));
        }
        return Fault.of(Layer.ORIGIN, "stream begins with " + stream.error().get())
                .suspecting(health.endpoint.hosting().orElse(health.domain))
                .suspecting(health.domain)
                .likely();
    }

    /** A fault that suspects the first domains on the path to that endpoint, and always the endpoint itself. */
    private static Fault faultAt(EndpointHealth health, String evidence, Layer layer) {
        return Fault.of(layer, evidence).suspecting(firstDomains(health)).suspecting(health.domain);
    }

    /** The first domains on the path to that endpoint: its edges, else its hosting, else the endpoint itself. */
    private static Set<FailureDomain> firstDomains(EndpointHealth health) {
        Set<FailureDomain> edges = health.endpoint.edges();
        return edges.isEmpty() ? Set.of(health.endpoint.hosting().orElse(health.domain)) : edges;
    }

    /** Whether such a failure of a fallback endpoint is a sign of overload. */
    private static boolean isOverload(Outcome outcome, boolean isLate) {
        if (outcome instanceof Outcome.Answered) {
            return isLate || outcome.status() == 429 || outcome.status() == 503;
        }
        if (outcome instanceof Outcome.FalseStart stream) {
            return isLate
                    || stream.error()
                            .filter(kind -> kind.contains("overloaded"))
                            .isPresent();
        }
        return outcome instanceof Outcome.Failed failed
                && (failed.failure() instanceof ConnectException
                        || failed.failure() instanceof NoRouteToHostException
                        || failed.failure() instanceof SocketTimeoutException);
    }

    /** Whether a quota is used up: that of the caller, or that of the endpoint's own credentials. */
    private static boolean isThrottled(Outcome outcome) {
        return outcome instanceof Outcome.Answered && outcome.status() == 429;
    }

    /**
     * Whether an answer is about this caller and this request, such as a quota or a temporary conflict: no endpoint is
     * at fault, and any other would answer the same.
     */
    private static boolean isBetweenCallerAndService(Outcome outcome) {
        return isThrottled(outcome)
                || isRetryAskedFor(outcome)
                        && outcome instanceof Outcome.Answered answer
                        && answer.head().status() < 500;
    }

    /** Whether the answer asks for a retry, as the AI services do. */
    private static boolean isRetryAskedFor(Outcome outcome) {
        return isShouldRetry(outcome, "true")
                && outcome instanceof Outcome.Answered answer
                && !answer.head()
                        .isAfterRedirect(); // after a redirect it is about the next page, not about the request
    }

    private static boolean isShouldRetry(Outcome outcome, String value) {
        return outcome instanceof Outcome.Answered answer
                && answer.head().status() >= 400
                && answer.head()
                        .header("x-should-retry")
                        .filter(value::equalsIgnoreCase)
                        .isPresent();
    }

    /**
     * Type and message of an exception as a report may show them: without address, user info and query, shortened and
     * escaped.
     */
    static String describe(Throwable why) {
        String said = String.valueOf(why.getMessage());
        String start = said.substring(0, Math.min(said.length(), LONGEST_MESSAGE)); // it may quote a whole status line
        String message = ADDRESS.matcher(start).replaceAll("");
        message = USER_INFO.matcher(message).replaceAll("://");
        return Fault.quoted(UserCode.nameOf(why) + ": " + QUERY.matcher(message).replaceAll("$1"));
    }
}

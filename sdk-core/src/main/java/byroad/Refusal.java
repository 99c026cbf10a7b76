package byroad;

/**
 * Why an attempt, a retry or a wait was not made, as metrics count it; the notes of the {@link CallReport} say the same
 * in words.
 */
public enum Refusal {
    /** No retry: the budget is empty. */
    BUDGET,
    /** No retry: the call has made its most attempts to the endpoint. */
    ATTEMPTS,
    /** No wait: too many calls wait already. */
    WAITING,
    /** Nothing more is tried: the deadline is reached, or a wait would end after it. */
    DEADLINE,
    /** Skipped, because the concurrency limit of the fallback endpoint is reached. */
    LIMIT,
    /** Skipped, because the circuit of the endpoint is open. */
    CIRCUIT,
    /** Skipped, because the endpoint depends on a domain that is suspected after a failure of this call. */
    SUSPICION,
    /** Skipped, because an operator, a circuit or the call itself avoids the endpoint. */
    AVOIDED,
    /** Skipped, because the {@code Retry-After} of the endpoint has not passed. */
    REST,
    /** Skipped, because the endpoint is not for such calls. */
    ROLE,
    /** Not sent again: the request may have been processed, and it is not declared repeatable. */
    NOT_REPEATABLE,
    /** Not sent again: the body can be written only once. */
    ONE_SHOT,
    /** Not sent again: the answer forbids it. */
    FORBIDDEN,
    /** Nothing more is tried: an edge refused the request on purpose. */
    EDGE_POLICY,
    /** No retry: the network of this client is probably down. */
    CLIENT_NETWORK,
    /** Nothing more is tried: the TLS certificate of the peer was not accepted. */
    IDENTITY,
    /** Nothing more is tried: the answer is about the request, and no endpoint is at fault. */
    ANSWERED,
    /** Nothing more is tried: the HTTP client reports the failure as final. */
    FINAL,
    /** No other endpoint is tried: the service did not accept the request, and every endpoint would answer the same. */
    NOT_TAKEN_IN,
    /** No retry: the name of the endpoint has no address. */
    RESOLVER,
    /** Not sent: the HTTP client cannot send it to this endpoint. */
    IMPOSSIBLE,
    /** No endpoint could be used, so the least bad one was tried. */
    LAST_RESORT
}

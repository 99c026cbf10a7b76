package byroad;

/** Why something was not done for a call, as metrics count it; the notes of its {@link CallReport} say the same in words. */
public enum Refusal {
    /** No retry: the budget is empty. */
    BUDGET,
    /** No retry: the endpoint had as many attempts as a call gets. */
    ATTEMPTS,
    /** No retry: too many calls wait already. */
    WAITING,
    /** Nothing more: the deadline is reached, or a wait would end after it. */
    DEADLINE,
    /** Not there: a fallback endpoint has no place for the call. */
    LIMIT,
    /** Not there, or not again: the circuit is open. */
    CIRCUIT,
    /** Not there: it depends on whom the call suspects. */
    SUSPICION,
    /** Not there: an operator, a circuit or the call itself keeps away from it. */
    AVOIDED,
    /** Not there: it asked to be left alone for a while. */
    REST,
    /** Not there: it does not serve such calls. */
    ROLE,
    /** Not sent again: it may have been processed, and nobody said that it may be twice. */
    NOT_REPEATABLE,
    /** Not sent again: its body can be written only once. */
    ONE_SHOT,
    /** Not sent again: the answer forbids it. */
    FORBIDDEN,
    /** Nothing more: an edge refused on purpose. */
    EDGE_POLICY,
    /** No retry: the network of this client seems to be down. */
    CLIENT_NETWORK,
    /** Nothing more: the peer could not prove who it is. */
    IDENTITY,
    /** Nothing more: the answer is about the request, and no endpoint is at fault. */
    ANSWERED,
    /** Nothing more: the client below calls the failure final. */
    FINAL,
    /** No other endpoint: the service did not take the request in, and each would say the same. */
    NOT_TAKEN_IN,
    /** No retry: the name of the endpoint leads to no address. */
    RESOLVER,
    /** Not sent: the client cannot send it there. */
    IMPOSSIBLE,
    /** No endpoint was fit, so that one was tried all the same. */
    LAST_RESORT
}

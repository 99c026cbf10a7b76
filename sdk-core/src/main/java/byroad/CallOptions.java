package byroad;

import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * Options of one call, set as a tag of the request: {@code new Request.Builder().tag(CallOptions.class,
 * CallOptions.NONE.avoiding("cloudflare"))}.
 *
 * <p>Immutable; each method returns a changed copy.
 */
public final class CallOptions {
    /** No options. */
    public static final CallOptions NONE = new CallOptions(Importance.NORMAL, Set.of(), Twice.AS_DECLARED);

    private final Importance importance;
    private final Set<FailureDomain> avoided;
    private final Twice twice;

    /** Whether the request may be processed twice. */
    private enum Twice {
        AS_DECLARED,
        ALLOWED,
        NEVER
    }

    private CallOptions(Importance importance, Set<FailureDomain> avoided, Twice twice) {
        this.importance = importance;
        this.avoided = avoided;
        this.twice = twice;
    }

    /** How much the call matters. Defaults to {@link Importance#NORMAL}. */
    public CallOptions importance(Importance importance) {
        return new CallOptions(Objects.requireNonNull(importance, "importance"), avoided, twice);
    }

    /**
     * Excludes the endpoints that depend on that domain from this call. Defaults to none.
     *
     * @throws IllegalArgumentException if the path is not a valid {@link FailureDomain}, or is nearly the name of a
     *     well-known edge
     */
    public CallOptions avoiding(String domain) {
        Set<FailureDomain> more = new HashSet<>(avoided);
        more.add(FailureDomain.checked("avoiding", domain));
        return new CallOptions(importance, Set.copyOf(more), twice);
    }

    /**
     * Declares that this request may be processed twice, so that a retry is safe with any method. Defaults to the
     * upstream's declaration.
     */
    public CallOptions repeatable() {
        return new CallOptions(importance, avoided, Twice.ALLOWED);
    }

    /**
     * Declares that this request must not be processed twice, with any method and with an {@code Idempotency-Key}: it
     * is sent again only if it is certain that no server processed it. A reused connection that ends under it then ends
     * the call. Defaults to the upstream's declaration.
     */
    public CallOptions strictlyOnce() {
        return new CallOptions(importance, avoided, Twice.NEVER);
    }

    /** How much the call matters. */
    public Importance importance() {
        return importance;
    }

    /** The domains that this call avoids. */
    public Set<FailureDomain> avoided() {
        return avoided;
    }

    /** Whether this call was declared repeatable. */
    public boolean isRepeatable() {
        return twice == Twice.ALLOWED;
    }

    /** Whether this call must not be processed twice. */
    public boolean isStrictlyOnce() {
        return twice == Twice.NEVER;
    }

    @Override
    public String toString() {
        return "CallOptions" + (importance == Importance.NORMAL ? "" : " " + importance)
                + (avoided.isEmpty() ? "" : " avoiding " + avoided) + (isRepeatable() ? " repeatable" : "")
                + (isStrictlyOnce() ? " strictly once" : "");
    }
}

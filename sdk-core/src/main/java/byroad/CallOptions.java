package byroad;

import java.util.HashSet;
import java.util.Set;

/**
 * Options of one call, set as a tag of the request: {@code new Request.Builder().tag(CallOptions.class,
 * CallOptions.NONE.avoiding("cloudflare"))}.
 *
 * <p>Immutable; each method returns a changed copy.
 */
public final class CallOptions {
    /** No options. */
    public static final CallOptions NONE = new CallOptions(Importance.NORMAL, Set.of(), false);

    private final Importance importance;
    private final Set<FailureDomain> avoided;
    private final boolean repeatable;

    private CallOptions(Importance importance, Set<FailureDomain> avoided, boolean repeatable) {
        this.importance = importance;
        this.avoided = avoided;
        this.repeatable = repeatable;
    }

    /** How much the call matters. Defaults to {@link Importance#NORMAL}. */
    public CallOptions importance(Importance importance) {
        return new CallOptions(importance, avoided, repeatable);
    }

    /**
     * Excludes the endpoints that depend on that domain from this call. Defaults to none.
     *
     * @throws IllegalArgumentException if the path is not a valid {@link FailureDomain}
     */
    public CallOptions avoiding(String domain) {
        Set<FailureDomain> more = new HashSet<>(avoided);
        more.add(FailureDomain.of(domain));
        return new CallOptions(importance, Set.copyOf(more), repeatable);
    }

    /**
     * Declares that this request may be processed twice, so that a retry is safe with any method. Defaults to the
     * upstream's declaration.
     */
    public CallOptions repeatable() {
        return new CallOptions(importance, avoided, true);
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
        return repeatable;
    }

    @Override
    public String toString() {
        return "CallOptions" + (importance == Importance.NORMAL ? "" : " " + importance)
                + (avoided.isEmpty() ? "" : " avoiding " + avoided) + (repeatable ? " repeatable" : "");
    }
}

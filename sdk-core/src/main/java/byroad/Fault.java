package byroad;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The attribution of a failure: its layer, the suspected failure domains, the certainty, and whether the request may
 * have been processed.
 *
 * <p>Immutable; each method with an argument returns a changed copy.
 */
public final class Fault {
    /** Where a failure arose. */
    public enum Layer {
        /** The caller's own network: no endpoint is charged. */
        CLIENT_NETWORK,
        /** Name resolution. */
        RESOLVER,
        /** An edge, such as a CDN, in front of the host. */
        EDGE,
        /** A rule that an edge applied on purpose, such as a challenge: no call moves to another endpoint. */
        EDGE_POLICY,
        /** The host itself, or the way to it from an edge. */
        ORIGIN,
        /** Edge or origin: unknown which of them. */
        UNKNOWN
    }

    /** How sure an attribution is. */
    public enum Certainty {
        /** The evidence fits, and fits other causes as well. */
        GUESS,
        /** The evidence is typical. */
        LIKELY,
        /** The sender of the answer says so, or nothing else is possible. */
        CERTAIN
    }

    /** How far the request got. */
    public enum Delivery {
        /** No byte of it was sent. */
        NEVER_SENT,
        /** An edge received it and says that it never reached the origin. */
        NEVER_REACHED_ORIGIN,
        /**
         * The answer says that the request was not accepted, because it came too slowly or too early (RFC 9110 section
         * 15.5.9, RFC 8470 section 5.2).
         */
        NOT_TAKEN_IN,
        /** It may have been processed. */
        MAYBE_PROCESSED,
        /** The host answered it. */
        ANSWERED;

        /** Whether sending it again cannot process it twice. */
        public boolean isSafeToRetry() {
            return this == NEVER_SENT || this == NEVER_REACHED_ORIGIN || this == NOT_TAKEN_IN;
        }
    }

    private static final int LONGEST_QUOTE = 200;

    /** Characters that could move the cursor, colour a terminal, break a line or reverse the text of a log. */
    private static final Set<Integer> UNSEEN = Set.of(
            (int) Character.CONTROL,
            (int) Character.FORMAT,
            (int) Character.LINE_SEPARATOR,
            (int) Character.PARAGRAPH_SEPARATOR,
            (int) Character.SURROGATE);

    private final Layer layer;
    private final Set<FailureDomain> suspects;
    private final Certainty certainty;
    private final Delivery delivery;
    private final @Nullable Duration retryAfter;
    private final String evidence;

    private Fault(
            Layer layer,
            Set<FailureDomain> suspects,
            Certainty certainty,
            Delivery delivery,
            @Nullable Duration retryAfter,
            String evidence) {
        this.layer = layer;
        this.suspects = suspects;
        this.certainty = certainty;
        this.delivery = delivery;
        this.retryAfter = retryAfter;
        this.evidence = evidence;
    }

    /**
     * A fault of that layer: a guess, with no suspects yet; the request may have been processed.
     *
     * @param evidence what was seen, in words; must hold nothing secret; stored as {@link #quoted}
     */
    public static Fault of(Layer layer, String evidence) {
        return new Fault(layer, Set.of(), Certainty.GUESS, Delivery.MAYBE_PROCESSED, null, quoted(evidence));
    }

    /** That text as a report may show it: at most 200 characters, with control and invisible characters escaped. */
    public static String quoted(String text) {
        StringBuilder shown = new StringBuilder();
        for (int i = 0;
                i < text.length() && shown.length() <= LONGEST_QUOTE;
                i += Character.charCount(text.codePointAt(i))) {
            int letter = text.codePointAt(i);
            if (UNSEEN.contains(Character.getType(letter))) {
                shown.append(String.format(Locale.ROOT, "\\u%04x", letter));
            } else {
                shown.appendCodePoint(letter);
            }
        }
        return shown.length() <= LONGEST_QUOTE ? shown.toString() : shown.substring(0, LONGEST_QUOTE - 3) + "...";
    }

    /** Adds a suspected domain. */
    public Fault suspecting(FailureDomain domain) {
        return suspecting(Set.of(domain));
    }

    /** Adds suspected domains. */
    public Fault suspecting(Collection<FailureDomain> domains) {
        Set<FailureDomain> more = new LinkedHashSet<>(suspects);
        more.addAll(domains);
        return new Fault(layer, Set.copyOf(more), certainty, delivery, retryAfter, evidence);
    }

    /** With the certainty {@link Certainty#LIKELY}. */
    public Fault likely() {
        return new Fault(layer, suspects, Certainty.LIKELY, delivery, retryAfter, evidence);
    }

    /** With the certainty {@link Certainty#CERTAIN}. */
    public Fault certain() {
        return new Fault(layer, suspects, Certainty.CERTAIN, delivery, retryAfter, evidence);
    }

    /** Sets how far the request got. Defaults to {@link Delivery#MAYBE_PROCESSED}. */
    public Fault delivery(Delivery delivery) {
        return new Fault(layer, suspects, certainty, delivery, retryAfter, evidence);
    }

    /** Sets the {@code Retry-After} of the endpoint; it applies to that endpoint only. Defaults to none. */
    public Fault retryAfter(Duration retryAfter) {
        return new Fault(layer, suspects, certainty, delivery, retryAfter, evidence);
    }

    /** Where the failure arose. */
    public Layer layer() {
        return layer;
    }

    /** The suspected domains. */
    public Set<FailureDomain> suspects() {
        return suspects;
    }

    /** How sure the attribution is. */
    public Certainty certainty() {
        return certainty;
    }

    /** How far the request got. */
    public Delivery delivery() {
        return delivery;
    }

    /** The {@code Retry-After} of the endpoint, if it sent one. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }

    /** What was seen, in words. */
    public String evidence() {
        return evidence;
    }

    /** As in {@code edge fault, likely (HTML page by cloudflare)}. */
    @Override
    public String toString() {
        String sure =
                certainty == Certainty.GUESS ? "" : ", " + certainty.name().toLowerCase(Locale.ROOT);
        return layer.name().toLowerCase(Locale.ROOT).replace('_', ' ') + " fault" + sure + " (" + evidence + ")";
    }
}

package byroad;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A failure that was attributed: whose it is, whom that puts under suspicion, how certain that is, and whether the
 * request can have been processed.
 *
 * <p>Immutable; each method with an argument returns a changed copy.
 */
public final class Fault {
    /** Where a failure arose. */
    public enum Layer {
        /** The caller's own network: charges nobody. */
        CLIENT_NETWORK,
        /** Name resolution. */
        RESOLVER,
        /** An edge, such as a CDN, in front of the host. */
        EDGE,
        /** A rule that an edge applied on purpose, such as a challenge: moves nothing. */
        EDGE_POLICY,
        /** The host itself, or the way to it from an edge. */
        ORIGIN,
        /** Edge or origin: cannot be told. */
        UNKNOWN
    }

    /** How sure an attribution is. */
    public enum Certainty {
        /** The evidence fits, and fits other causes as well. */
        GUESS,
        /** The evidence is typical. */
        LIKELY,
        /** Whoever made the answer says so, or nothing else can be. */
        CERTAIN
    }

    /** How far the request came. */
    public enum Delivery {
        /** Not a byte of it was sent. */
        NEVER_SENT,
        /** An edge has it and says that it never reached the origin. */
        NEVER_REACHED_ORIGIN,
        /** The answer says that it was not taken in: not in time, or too early (RFC 9110 section 15.5.9, RFC 8470 section 5.2). */
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

    /** What could move a cursor, colour a terminal, break a line or turn the order of letters in a log. */
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
     * A fault of that layer: a guess, suspecting nobody yet, the request maybe processed.
     *
     * @param evidence what was seen, in words; must hold nothing secret; is kept as {@link #quoted}
     */
    public static Fault of(Layer layer, String evidence) {
        return new Fault(layer, Set.of(), Certainty.GUESS, Delivery.MAYBE_PROCESSED, null, quoted(evidence));
    }

    /** That text as a report may show it: at most 200 characters, those that a terminal would obey or hide escaped. */
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

    /** Puts one more domain under suspicion. */
    public Fault suspecting(FailureDomain domain) {
        return suspecting(Set.of(domain));
    }

    /** Puts these domains under suspicion as well. */
    public Fault suspecting(Collection<FailureDomain> domains) {
        Set<FailureDomain> more = new LinkedHashSet<>(suspects);
        more.addAll(domains);
        return new Fault(layer, Set.copyOf(more), certainty, delivery, retryAfter, evidence);
    }

    /** Says that it is typical evidence. */
    public Fault likely() {
        return new Fault(layer, suspects, Certainty.LIKELY, delivery, retryAfter, evidence);
    }

    /** Says that nothing else can be. */
    public Fault certain() {
        return new Fault(layer, suspects, Certainty.CERTAIN, delivery, retryAfter, evidence);
    }

    /** Says how far the request came. Defaults to {@link Delivery#MAYBE_PROCESSED}. */
    public Fault delivery(Delivery delivery) {
        return new Fault(layer, suspects, certainty, delivery, retryAfter, evidence);
    }

    /** Says how long the endpoint asked to be left alone; it binds that endpoint only. Defaults to nothing asked. */
    public Fault retryAfter(Duration retryAfter) {
        return new Fault(layer, suspects, certainty, delivery, retryAfter, evidence);
    }

    /** Where it arose. */
    public Layer layer() {
        return layer;
    }

    /** Who is under suspicion. */
    public Set<FailureDomain> suspects() {
        return suspects;
    }

    /** How sure that is. */
    public Certainty certainty() {
        return certainty;
    }

    /** How far the request came. */
    public Delivery delivery() {
        return delivery;
    }

    /** How long the endpoint asked to be left alone. */
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

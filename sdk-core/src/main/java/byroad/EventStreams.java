package byroad;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an upstream's event streams ({@code text/event-stream}, as the AI services answer with) have to look like. A status of
 * 200 says little about them: an overload can be reported as an event inside, and a stream that was cut can end without an
 * error.
 *
 * <pre>{@code
 * Upstream.named("assistant")
 *     .eventStreams(EventStreams.ofAiServices().firstEventWithin(Duration.ofSeconds(30)))
 * }</pre>
 *
 * <p>Where they are declared for an upstream, each answer of {@code text/event-stream} is read along with as the caller reads
 * it, and passed on byte for byte and at once. An error event counts against the endpoint and stands in the report; the
 * caller reads it as it is. A stream that ends too early, is silent too long, or begins too late is an {@code IOException}
 * to its reader and counts against the endpoint. None of that is repeated once the caller has the answer.
 *
 * <p>Immutable; each method with an argument returns a changed copy.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">Server-sent events</a>
 */
public final class EventStreams {
    private final Set<String> terminators;
    private final @Nullable Duration firstEventWithin;
    private final @Nullable Duration silenceLimit;
    private final boolean committedAtFirstEvent;

    private EventStreams(
            Set<String> terminators,
            @Nullable Duration firstEventWithin,
            @Nullable Duration silenceLimit,
            boolean committedAtFirstEvent) {
        this.terminators = terminators;
        this.firstEventWithin = firstEventWithin;
        this.silenceLimit = silenceLimit;
        this.committedAtFirstEvent = committedAtFirstEvent;
    }

    /** Streams that may end anywhere. */
    public static EventStreams withAnyEnd() {
        return new EventStreams(Set.of(), null, null, false);
    }

    /**
     * Streams whose last event is one of these, by its data or by its name; one that ends without is broken.
     *
     * @param terminators such as {@code [DONE]} or {@code message_stop}; at least one
     */
    public static EventStreams endingWith(String... terminators) {
        if (terminators.length == 0) {
            throw new IllegalArgumentException("endingWith: nothing (expected: at least one, as in \"[DONE]\")");
        }
        return new EventStreams(Set.copyOf(Arrays.asList(terminators)), null, null, false);
    }

    /**
     * Streams as OpenAI, Anthropic and those who speak like them end them: {@code [DONE]}, {@code message_stop},
     * {@code response.completed}, {@code response.incomplete}, {@code response.failed} (their documentation, 2026).
     */
    public static EventStreams ofAiServices() {
        return endingWith("[DONE]", "message_stop", "response.completed", "response.incomplete", "response.failed");
    }

    /**
     * The longest time from the response headers to the first event that is no comment and no {@code ping}. Defaults to none
     * of its own: only the silence between two bytes is limited.
     */
    public EventStreams firstEventWithin(Duration limit) {
        return new EventStreams(
                terminators, Checked.positive("firstEventWithin", limit), silenceLimit, committedAtFirstEvent);
    }

    /** The longest silence inside a stream, between two bytes. Defaults to the client's read timeout. */
    public EventStreams silenceLimit(Duration limit) {
        return new EventStreams(
                terminators, firstEventWithin, Checked.positive("silenceLimit", limit), committedAtFirstEvent);
    }

    /**
     * Hands an answer over with its first event and not before, so that a stream which begins with an error, ends or stays
     * silent before it has said anything can be answered by another endpoint, or repeated, where sending the request again is
     * safe. At most 16 KiB are held back, and no longer than {@link #firstEventWithin}, or else than the limit for a silence. The
     * deadline then runs until the first event. Defaults to no: the response headers
     * are the commit point.
     */
    public EventStreams committedAtFirstEvent() {
        return new EventStreams(terminators, firstEventWithin, silenceLimit, true);
    }

    /** By what data or name of an event a stream may end; empty if it may end anywhere. */
    public Set<String> terminators() {
        return terminators;
    }

    /** The limit for the first event. */
    public Optional<Duration> firstEventWithin() {
        return Optional.ofNullable(firstEventWithin);
    }

    /** The limit for a silence. */
    public Optional<Duration> silenceLimit() {
        return Optional.ofNullable(silenceLimit);
    }

    /** Whether the first event is the commit point. */
    public boolean isCommittedAtFirstEvent() {
        return committedAtFirstEvent;
    }

    @Override
    public String toString() {
        return "event streams"
                + (terminators.isEmpty() ? "" : " ending with " + String.join(" or ", new TreeSet<>(terminators)))
                + firstEventWithin()
                        .map(limit -> ", first event within " + limit)
                        .orElse("")
                + silenceLimit().map(limit -> ", silent for at most " + limit).orElse("")
                + (committedAtFirstEvent ? ", committed at the first event" : "");
    }
}

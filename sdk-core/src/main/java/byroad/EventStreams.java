package byroad;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Requirements for the event streams of an upstream ({@code text/event-stream}, as AI services send them). A status of
 * 200 says little about such a stream: it can report an overload as an event, and it can be cut off without an error.
 *
 * <pre>{@code
 * Upstream.named("assistant")
 *     .eventStreams(EventStreams.ofAiServices().firstEventWithin(Duration.ofSeconds(30)))
 * }</pre>
 *
 * <p>If they are declared for an upstream, the client checks each {@code text/event-stream} answer while the caller
 * reads it. Every byte is passed on unchanged and without delay. An error event counts against the endpoint and is in
 * the report; the caller reads it as it is. For a stream that ends too early, is silent for too long, or begins too
 * late, the reader gets an {@code IOException}, and it counts against the endpoint. There is no retry after the caller
 * has received the answer.
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
     * Streams whose last event has one of these as its data or its name; a stream that ends without it is broken.
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
     * Streams that end as those of OpenAI, Anthropic and compatible services do: {@code [DONE]}, {@code message_stop},
     * {@code response.completed}, {@code response.incomplete}, {@code response.failed} (their documentation, 2026).
     */
    public static EventStreams ofAiServices() {
        return endingWith("[DONE]", "message_stop", "response.completed", "response.incomplete", "response.failed");
    }

    /**
     * The longest time from the response headers to the first event that is not a comment and not a {@code ping}.
     * Defaults to no limit: only the silence between two bytes is limited.
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
     * Delivers an answer with its first event and not before. A stream that begins with an error, or that ends or is
     * silent before its first event, can then go to another endpoint or be retried, if it is safe to send the request
     * again. At most 16 KiB are buffered, for at most {@link #firstEventWithin}, or else the limit for a silence. The
     * deadline then runs until the first event. Defaults to no: the response headers are the commit point.
     */
    public EventStreams committedAtFirstEvent() {
        return new EventStreams(terminators, firstEventWithin, silenceLimit, true);
    }

    /** The data or names of events that may end a stream; empty if it may end anywhere. */
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

package byroad.call;

import byroad.EventStreams;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks one event stream while it is read: whether it has begun, whether it reported an error, and whether it may end
 * here. It stores at most the first 1,024 bytes of a line, and twice as many of an event. For one thread at a time.
 *
 * <p>The lines are those of server-sent events: ended by LF, CR or both; {@code event:} names an event, {@code data:}
 * is a line of its data, an empty line ends it, a colon starts a comment. An event reports an error if its name is
 * {@code error}, or if its data is a JSON object that begins with a member {@code error} or with {@code
 * "type":"error"}, as the AI services send it.
 */
public final class StreamReader {
    private static final int LONGEST_LINE = 1_024;

    private static final Pattern ERROR =
            Pattern.compile("\\s*\\{\\s*\"(error\"\\s*:\\s*[^\\sn]|type\"\\s*:\\s*\"error\")");
    private static final Pattern KIND = Pattern.compile("\"(?:type|code|status)\"\\s*:\\s*\"?([A-Za-z0-9_.-]{1,64})");

    /** Errors of the AI services that are about the request or its caller (their documentation, 2026). */
    private static final Set<String> OF_THE_CALLER = Set.of(
            "authentication_error",
            "billing_error",
            "context_length_exceeded",
            "insufficient_quota",
            "invalid_prompt",
            "invalid_request_error",
            "not_found_error",
            "permission_error",
            "rate_limit_error",
            "rate_limit_exceeded",
            "request_too_large");

    private final EventStreams expected;

    private final byte[] line = new byte[LONGEST_LINE];
    private int length;
    private boolean afterReturn;

    private String name = "";
    private @Nullable String data;
    private boolean begun;
    private boolean beganWithError;
    private boolean ended;
    private @Nullable String error; // the first
    private boolean told;

    /** A reader of a stream with those requirements. */
    public StreamReader(EventStreams expected) {
        this.expected = expected;
    }

    /** These bytes come next. */
    public void read(byte[] bytes, int offset, int count) {
        for (int i = offset; i < offset + count; i++) {
            read(bytes[i]);
        }
    }

    private void read(byte next) {
        boolean secondOfTwo = afterReturn && next == '\n';
        afterReturn = next == '\r';
        if (secondOfTwo) {
            return;
        }
        if (next == '\n' || next == '\r') {
            line();
        } else if (length < LONGEST_LINE) {
            line[length++] = next;
        }
    }

    private void line() {
        String text = new String(line, 0, length, StandardCharsets.UTF_8);
        length = 0;
        if (text.isEmpty()) {
            event();
        } else if (text.startsWith("event:")) {
            name = value(text);
        } else if (text.startsWith("data:")) {
            data(value(text));
        }
    }

    private void data(String next) {
        if (data == null) {
            data = next;
            ended |= expected.terminators().contains(data); // some services close the connection without the empty line
        } else if (data.length() < LONGEST_LINE) {
            data += "\n" + next;
        }
    }

    private static String value(String text) {
        int start = text.indexOf(':') + 1;
        return text.startsWith(" ", start) ? text.substring(start + 1) : text.substring(start);
    }

    private void event() {
        String said = data == null ? "" : data;
        if (!name.equals("ping") && !(name.isEmpty() && data == null)) {
            if (error == null && (name.equals("error") || ERROR.matcher(said).lookingAt())) {
                error = kind(said);
                told |= !OF_THE_CALLER.contains(error) && !error.matches("4\\d\\d");
                beganWithError |= told && !begun;
            }
            begun = true;
            ended |= expected.terminators().contains(name);
        }
        name = "";
        data = null;
    }

    /** The type or code of an error, which is not secret; "error" if it has none. */
    private static String kind(String said) {
        Matcher kind = KIND.matcher(said);
        while (kind.find()) {
            if (!kind.group(1).equals("error") && !kind.group(1).equals("null")) {
                return kind.group(1);
            }
        }
        return "error";
    }

    /** The stream has ended; some services close the connection without ending the last line. */
    public void end() {
        if (length > 0) {
            line();
        }
    }

    /** Whether an event has come that is not a comment and not a ping. */
    public boolean hasBegun() {
        return begun;
    }

    /**
     * Whether the first event reported an error of the service; a later one, even in the same packet, does not count.
     */
    public boolean beganWithError() {
        return beganWithError;
    }

    /**
     * The kind of error of the service that the stream reported, such as {@code overloaded_error}; errors of the caller
     * do not count.
     */
    public Optional<String> error() {
        return told ? Optional.ofNullable(error) : Optional.empty();
    }

    /** Whether the stream may end here: anywhere, after one of its terminators, or after an error. */
    public boolean mayEnd() {
        return ended || error != null || expected.terminators().isEmpty();
    }
}

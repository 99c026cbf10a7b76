package byroad;

import java.time.Duration;
import java.util.regex.Pattern;

/** Values of declarations, refused with an {@link IllegalArgumentException} where they are none. */
final class Checked {
    private static final Pattern TOKEN = // RFC 9110, 5.6.2
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private Checked() {}

    /** The name of an HTTP header field; the message of the refusal names the option. */
    static String headerName(String option, String name) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    option + ": \"" + Fault.quoted(name) + "\" is no header name (expected: letters, digits, dashes)");
        }
        return name;
    }

    /** The value of a header; the message of the refusal does not quote it, for it may be a key. */
    static String headerValue(String option, String name, String value) {
        for (int i = 0; i < value.length(); i++) {
            char one = value.charAt(i);
            if (one != '\t' && (one < ' ' || one > '~')) {
                throw new IllegalArgumentException(String.format(
                        "%s: the value of \"%s\" has 0x%02x as character %d of %d (expected: visible ASCII, blanks and tabs)",
                        option, Fault.quoted(name), (int) one, i + 1, value.length()));
            }
        }
        return value;
    }

    /** A duration of more than zero. */
    static Duration positive(String option, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: more than zero)");
        }
        return value;
    }
}

package byroad;

import java.time.Duration;
import java.util.Objects;
import java.util.regex.Pattern;

/** Checks the values of declarations; throws an {@link IllegalArgumentException} for an invalid one. */
final class Checked {
    private static final Pattern TOKEN = // RFC 9110, 5.6.2
            Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private Checked() {}

    /** Checks the name of an HTTP header field; the message of the exception names the option. */
    static String headerName(String option, String name) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    option + ": \"" + Fault.quoted(name) + "\" is no header name (expected: letters, digits, dashes)");
        }
        return name;
    }

    /** Checks the value of a header; the message of the exception does not quote it, because it may be a key. */
    static String headerValue(String option, String name, String value) {
        if (value.contains("${")) {
            throw new IllegalArgumentException(option + ": the value of \"" + Fault.quoted(name)
                    + "\" holds an unresolved placeholder (expected: the value; is the variable set?)");
        }
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

    /** Checks a name that becomes a part of a {@link FailureDomain}. */
    static String name(String option, String name) {
        try {
            FailureDomain.of("endpoint/" + Objects.requireNonNull(name, option));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    option + ": \"" + name
                            + "\" (expected: letters, digits, '.', '_', '-' or ':', as in \"assistant\")",
                    e);
        }
        return name;
    }

    /** Checks that a duration is more than zero. */
    static Duration positive(String option, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(option + ": " + value + " (expected: more than zero)");
        }
        return value;
    }
}

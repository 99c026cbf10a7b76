package byroad;

import java.util.regex.Pattern;

/** The name of an HTTP header field, a token of RFC 9110, 5.6.2; and what a value may hold. */
final class HeaderName {
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private HeaderName() {}

    /**
     * That name.
     *
     * @throws IllegalArgumentException if it is none, naming what it was given for
     */
    static String checked(String option, String name) {
        if (!TOKEN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    option + ": \"" + Fault.quoted(name) + "\" is no header name (expected: letters, digits, dashes)");
        }
        return name;
    }

    /**
     * That value, which is not quoted when it is refused: it may be a key.
     *
     * @throws IllegalArgumentException if clients would refuse to send it
     */
    static String checkedValue(String option, String name, String value) {
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
}

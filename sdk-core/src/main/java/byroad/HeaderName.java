package byroad;

import java.util.regex.Pattern;

/** The name of an HTTP header field: a token of RFC 9110, 5.6.2. */
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
}

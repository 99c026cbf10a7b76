package byroad;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the members at the top level of a JSON object, whose text may be cut off: strings, numbers and literals as
 * text. Nested members are skipped: an answer that quotes the error of another service was not made by that service.
 */
final class FlatJson {
    private final String text;
    private int at;

    private FlatJson(String text) {
        this.text = text;
    }

    /** The members as far as the text goes; none if it is not an object. */
    static Map<String, String> members(String text) {
        return new FlatJson(text).read();
    }

    private Map<String, String> read() {
        Map<String, String> members = new LinkedHashMap<>();
        if (next() != '{') {
            return members;
        }
        at++;
        while (next() == '"') {
            String name = string();
            if (next() != ':') {
                return members;
            }
            at++;
            char first = next();
            if (first == '{' || first == '[') {
                skip();
            } else {
                members.put(name, first == '"' ? string() : literal());
            }
            if (next() == ',') {
                at++;
            }
        }
        return members;
    }

    /** The next character that is not a blank, or 0 at the end. */
    private char next() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at < text.length() ? text.charAt(at) : 0;
    }

    /** The string that starts here; an escaped character stands for itself, which is enough for names and codes. */
    private String string() {
        StringBuilder string = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                at++;
            }
            string.append(text.charAt(at));
        }
        at++;
        return string.toString();
    }

    private String literal() {
        int start = at;
        while (at < text.length() && ",}]".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(start, at).trim();
    }

    private void skip() {
        int depth = 0;
        do {
            char c = next();
            if (c == 0) {
                return;
            } else if (c == '"') {
                string();
                continue;
            }
            depth += c == '{' || c == '[' ? 1 : c == '}' || c == ']' ? -1 : 0;
            at++;
        } while (depth > 0);
    }
}

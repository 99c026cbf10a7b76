package byroad;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The part of an answer that a {@link Signature} can read: status, headers, and the first bytes of an error's body. */
public interface ResponseHead {
    /** The most characters of a body that are read. */
    int BODY_LIMIT = 16 * 1024;

    /** The HTTP status. */
    int status();

    /** The first value of that header, its name in any case. */
    Optional<String> header(String name);

    /** All values of that header in their order, its name in any case. Defaults to the first alone. */
    default List<String> headers(String name) {
        return header(name).map(List::of).orElse(List.of());
    }

    /**
     * Whether a redirect led to this answer, so that the redirecting host may have processed the request. Defaults to
     * no.
     */
    default boolean isAfterRedirect() {
        return false;
    }

    /** The start of the body of an error, at most {@link #BODY_LIMIT} characters; empty for any other answer. */
    String bodyStart();

    /** A head of plain values, for tests and simple adapters. */
    static ResponseHead of(int status, Map<String, String> headers, String bodyStart) {
        Map<String, String> lower = headers.entrySet().stream()
                .collect(Collectors.toMap(entry -> entry.getKey().toLowerCase(Locale.ROOT), Map.Entry::getValue));
        return new ResponseHead() {
            @Override
            public int status() {
                return status;
            }

            @Override
            public Optional<String> header(String name) {
                return Optional.ofNullable(lower.get(name.toLowerCase(Locale.ROOT)));
            }

            @Override
            public String bodyStart() {
                return bodyStart.length() <= BODY_LIMIT ? bodyStart : bodyStart.substring(0, BODY_LIMIT);
            }
        };
    }
}

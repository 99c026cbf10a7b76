package byroad.call;

import byroad.ResponseHead;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Parses how long an endpoint asks clients to wait: {@code retry-after-ms}, or {@code Retry-After} in seconds or as a
 * date. A date is compared with the clock of the answer, {@code Date} and {@code Age}; without these, with the local
 * clock.
 */
final class RetryAfter {
    /** A later date is ignored, because a clock is probably wrong; a larger number means this long. */
    private static final Duration LONGEST = Duration.ofHours(24);

    private static final double LONGEST_MILLIS = 24 * 60 * 60 * 1000;

    /** The three forms that a recipient must accept (RFC 9110, 5.6.7); all mean UTC. */
    private static final List<DateTimeFormatter> DATES = List.of(
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH),
            DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.ENGLISH),
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ENGLISH));

    private RetryAfter() {}

    /**
     * The wait that the answer asks for, at that time of the local clock; empty if there is none, or if it is invalid.
     */
    static Optional<Duration> of(ResponseHead head, Instant now) {
        Optional<Duration> inMillis = head.header("retry-after-ms").flatMap(text -> number(text, 1));
        return (inMillis.isPresent()
                        ? inMillis
                        : head.header("retry-after").flatMap(text -> {
                            Optional<Duration> seconds = number(text, 1000);
                            return seconds.isPresent()
                                    ? seconds
                                    : rest(text, clockOf(head).orElse(now));
                        }))
                .filter(rest -> !rest.isNegative() && rest.compareTo(LONGEST) <= 0);
    }

    private static Optional<Duration> number(String text, int millis) {
        try {
            double value = Double.parseDouble(text.trim()) * millis;
            return value >= 0
                    ? Optional.of(Duration.ofMillis((long) Math.ceil(Math.min(value, LONGEST_MILLIS))))
                    : Optional.empty();
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }

    /**
     * The time of the server's clock when the answer came: its {@code Date} plus its {@code Age} (RFC 9110, 6.6.1; RFC
     * 9111, 5.1).
     */
    private static Optional<Instant> clockOf(ResponseHead head) {
        Duration age = head.header("age").flatMap(text -> number(text, 1000)).orElse(Duration.ZERO);
        return head.header("date").flatMap(RetryAfter::date).map(made -> made.plus(age));
    }

    private static Optional<Duration> rest(String text, Instant now) {
        return date(text).map(until -> Duration.between(now, until));
    }

    private static Optional<Instant> date(String text) {
        for (DateTimeFormatter form : DATES) {
            try {
                return Optional.of(LocalDateTime.parse(text.trim(), form).toInstant(ZoneOffset.UTC));
            } catch (DateTimeParseException notThisForm) {
                // try the next form
            }
        }
        return Optional.empty();
    }
}

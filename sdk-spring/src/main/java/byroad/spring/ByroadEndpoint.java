package byroad.spring;

import byroad.Mode;
import byroad.okhttp.Byroad;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.convert.DurationStyle;

/**
 * The actuator endpoint {@code byroad}: shows what is failing and what the client does about it. With {@code
 * management.endpoint.byroad.access=unrestricted} an operator can also avoid domains and change the mode; without that
 * it is read-only.
 */
@Endpoint(id = "byroad", defaultAccess = Access.READ_ONLY)
public class ByroadEndpoint {
    private final Byroad byroad;
    private final Describer describer;

    ByroadEndpoint(Byroad byroad, Describer describer) {
        this.byroad = byroad;
        this.describer = describer;
    }

    /** The present state; reading it changes nothing. */
    @ReadOperation
    public ByroadDescription describe() {
        return describer.describe();
    }

    /**
     * Changes what the client does, for calls that start from now on: {@code avoid}, {@code restore} or {@code mode}.
     *
     * @param operation which of these
     * @param domain the domain to avoid, or to avoid no longer, such as {@code cloudflare}
     * @param during how long to avoid it, such as {@code 30m}
     * @param because the reason, for reports
     * @param mode {@code act}, {@code watch} or {@code off}
     */
    @WriteOperation
    public WebEndpointResponse<Map<String, String>> change(
            @Selector String operation,
            @Nullable String domain,
            @Nullable String during,
            @Nullable String because,
            @Nullable String mode) {
        try {
            return new WebEndpointResponse<>(Map.of("done", done(operation, domain, during, because, mode)));
        } catch (IllegalArgumentException wrong) {
            return new WebEndpointResponse<>(
                    Map.of("error", String.valueOf(wrong.getMessage())), WebEndpointResponse.STATUS_BAD_REQUEST);
        }
    }

    private String done(
            String operation,
            @Nullable String domain,
            @Nullable String during,
            @Nullable String because,
            @Nullable String mode) {
        switch (operation) {
            case "avoid":
                String avoided = required("domain", domain, "the domain to avoid, as in \"cloudflare\"");
                Duration howLong = duration(required("during", during, "how long, as in \"30m\""));
                byroad.avoid(avoided, howLong, required("because", because, "the reason, for reports"));
                return "avoid " + avoided + " for " + howLong;
            case "restore":
                String again = required("domain", domain, "the domain to avoid no longer, as in \"cloudflare\"");
                byroad.restore(again);
                return "restored " + again;
            case "mode":
                byroad.mode(mode(required("mode", mode, "one of act, watch, off")));
                return "mode " + byroad.mode();
            default:
                throw new IllegalArgumentException(
                        "operation: \"" + operation + "\" (expected: one of avoid, restore, mode)");
        }
    }

    private static String required(String name, @Nullable String value, String expectation) {
        if (value == null || value.isBlank()) {
            throw new IllegalArgumentException(name + ": missing (expected: " + expectation + ")");
        }
        return value;
    }

    private static Duration duration(String text) {
        try {
            Duration during = DurationStyle.detectAndParse(text);
            if (!during.isZero() && !during.isNegative()) {
                return during;
            }
        } catch (IllegalArgumentException | ArithmeticException unreadable) {
            // reported below
        }
        throw new IllegalArgumentException(
                "during: \"" + text + "\" (expected: a duration of more than zero, as in \"30m\" or \"PT30M\")");
    }

    private static Mode mode(String text) {
        return Arrays.stream(Mode.values())
                .filter(mode -> mode.name().equals(text.trim().toUpperCase(Locale.ROOT)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("mode: \"" + text + "\" (expected: one of act, watch, off)"));
    }
}

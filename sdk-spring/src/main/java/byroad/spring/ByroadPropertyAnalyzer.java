package byroad.spring;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which property makes no sense, with what value, and what would. */
final class ByroadPropertyAnalyzer extends AbstractFailureAnalyzer<ByroadPropertyException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, ByroadPropertyException cause) {
        return new FailureAnalysis(
                "The property \"" + cause.property() + "\"" + value(cause) + " makes no sense: " + cause.because(),
                "Change \"" + cause.property() + "\" to what is expected, or take it out.",
                cause);
    }

    /** Short values only, and never that of a header, which may be a key. */
    private static String value(ByroadPropertyException cause) {
        Object value = cause.value();
        boolean isShort = value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Iterable<?>
                || value instanceof Duration
                || value instanceof Path;
        return isShort && !cause.property().contains(".headers.") ? " = " + value : "";
    }
}

package byroad.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says which property makes no sense, and what would. */
final class ByroadFailureAnalyzer extends AbstractFailureAnalyzer<ByroadPropertyException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, ByroadPropertyException cause) {
        boolean isOneValue = cause.value() instanceof CharSequence
                || cause.value() instanceof Number
                || cause.value() instanceof Iterable<?>
                || cause.value() instanceof java.time.Duration
                || cause.value() instanceof java.nio.file.Path;
        String value = isOneValue && !cause.property().contains(".headers.") ? " = " + cause.value() : "";
        return new FailureAnalysis(
                "The property \"" + cause.property() + "\"" + value + " makes no sense: " + cause.because(),
                "Change \"" + cause.property() + "\" to what is expected, or take it out.",
                cause);
    }
}

package byroad.spring;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Explains which library is wrong, and how to get the right one. */
final class UnfitClassPathAnalyzer extends AbstractFailureAnalyzer<UnfitClassPathException> {
    @Override
    protected FailureAnalysis analyze(Throwable root, UnfitClassPathException cause) {
        return new FailureAnalysis(
                String.valueOf(cause.getMessage()),
                "Import byroad-bom first in dependencyManagement, before any other BOM, and let spring-boot-dependencies or the"
                        + " parent be of 4.1 or later; mvn dependency:tree shows which dependency brings another version.",
                cause);
    }
}

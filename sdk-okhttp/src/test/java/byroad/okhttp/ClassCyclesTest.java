package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClassCycles;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ClassCyclesTest {
    private static final JavaClasses ADAPTER = new ClassFileImporter()
            .importUrl(Byroad.class.getProtectionDomain().getCodeSource().getLocation());

    /** To be emptied: cycles that were there before this test. */
    private static final List<Set<String>> STILL_THERE =
            List.of(Set.of("AttemptDns", "CallWatch", "Generation", "HealthRequests", "Names"));

    @Test
    void noMoreClassesDependOnEachOther() {
        assertThat(ClassCycles.in(ADAPTER, "byroad.okhttp", STILL_THERE)).isEmpty();
    }
}

package byroad;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassCyclesTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(SystemSeams.class.getProtectionDomain().getCodeSource().getLocation());

    /** To be emptied: cycles that were there before this test. */
    private static final List<Set<String>> STILL_IN_CALL =
            List.of(Set.of("Accusations", "EndpointHealth", "Shift", "Shunned", "Step", "UpstreamHealth", "Waits"));

    @ParameterizedTest
    @ValueSource(strings = {"byroad", "byroad.dns", "byroad.drill"})
    void noClassesOfAPackageDependOnEachOther(String packageName) {
        assertThat(ClassCycles.in(CORE, packageName, List.of())).isEmpty();
    }

    @Test
    void noMoreClassesOfCallDependOnEachOther() {
        assertThat(ClassCycles.in(CORE, "byroad.call", STILL_IN_CALL)).isEmpty();
    }
}

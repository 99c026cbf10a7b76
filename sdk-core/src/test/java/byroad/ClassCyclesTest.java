package byroad;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClassCyclesTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(SystemRuntime.class.getProtectionDomain().getCodeSource().getLocation());

    @ParameterizedTest
    @ValueSource(strings = {"byroad", "byroad.dns", "byroad.call", "byroad.drill"})
    void noClassesOfAPackageDependOnEachOther(String packageName) {
        assertThat(ClassCycles.in(CORE, packageName)).isEmpty();
    }
}

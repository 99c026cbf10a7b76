package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClassCycles;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

class ClassCyclesTest {
    private static final JavaClasses ADAPTER = new ClassFileImporter()
            .importUrl(Byroad.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void noClassesDependOnEachOther() {
        assertThat(ClassCycles.in(ADAPTER, "byroad.okhttp")).isEmpty();
    }
}

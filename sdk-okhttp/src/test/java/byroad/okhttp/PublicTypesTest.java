package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PublicTypesTest {
    /** A new one needs a reason: the README, another adapter or a fixture of users' tests needs it. */
    private static final Set<String> ALLOWED = Set.of(
            "byroad.okhttp.Byroad", //
            "byroad.okhttp.Byroad$Builder",
            "byroad.okhttp.DohResolver");

    @Test
    void onlyTheseTypesArePublic() {
        var url = Byroad.class.getProtectionDomain().getCodeSource().getLocation();
        assertThat(new ClassFileImporter().importUrl(url))
                .filteredOn(PublicTypesTest::isVisible)
                .extracting(JavaClass::getName)
                .isSubsetOf(ALLOWED);
    }

    /** Whether users can name the type: it is public or protected, and so is every type around it. */
    private static boolean isVisible(JavaClass type) {
        boolean open = type.getModifiers().contains(JavaModifier.PUBLIC)
                || type.getModifiers().contains(JavaModifier.PROTECTED);
        return open
                && !type.getSimpleName().equals("package-info")
                && type.getEnclosingClass().map(PublicTypesTest::isVisible).orElse(true);
    }
}

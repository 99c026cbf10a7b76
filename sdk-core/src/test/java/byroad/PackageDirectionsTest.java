package byroad;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import org.junit.jupiter.api.Test;

/** Which package of the core may use which. */
class PackageDirectionsTest {
    private static final String JDK = "java..";
    private static final String JDK_EXTENSIONS = "javax..";
    private static final String JSPECIFY = "org.jspecify.annotations";
    private static final String DNSJAVA = "org.xbill.DNS..";
    private static final String CAFFEINE = "com.github.benmanes.caffeine..";
    private static final String RESILIENCE4J = "io.github.resilience4j..";

    /** The main classes of this module, and no others that share the package name. */
    private static final JavaClasses CORE = new ClassFileImporter()
            .importUrl(SystemRuntime.class.getProtectionDomain().getCodeSource().getLocation());

    @Test
    void everyClassIsInAPackageThatHasARule() {
        classes()
                .should()
                .resideInAnyPackage("byroad", "byroad.dns", "byroad.call", "byroad.drill")
                .check(CORE);
    }

    @Test
    void whatUsersTypeAndReadNeedsOnlyTheJdk() {
        packageUsesOnly("byroad");
    }

    @Test
    void dnsKnowsNamesAndNotCalls() {
        packageUsesOnly("byroad.dns", "byroad", DNSJAVA, CAFFEINE);
    }

    @Test
    void theEngineKnowsCallsAndNotNames() {
        packageUsesOnly("byroad.call", "byroad", RESILIENCE4J);
    }

    @Test
    void drillsUseTheCore() {
        packageUsesOnly("byroad.drill", "byroad", "byroad.dns", "byroad.call");
    }

    @Test
    void nothingInTheCoreDependsOnDrills() {
        noClasses()
                .that()
                .resideInAnyPackage("byroad", "byroad.dns", "byroad.call")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("byroad.drill..")
                .check(CORE);
    }

    private static void packageUsesOnly(String name, String... others) {
        String[] allowed = new String[others.length + 4];
        allowed[0] = name;
        allowed[1] = JDK;
        allowed[2] = JDK_EXTENSIONS;
        allowed[3] = JSPECIFY;
        System.arraycopy(others, 0, allowed, 4, others.length);
        classes()
                .that()
                .resideInAPackage(name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(allowed)
                .allowEmptyShould(true) // a package may still be to come
                .check(CORE);
    }
}

package byroad.spring;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the version of Spring Boot. */
final class BootGeneration {
    private static final Pattern MAJOR_AND_MINOR = Pattern.compile("(\\d+)\\.(\\d+).*");

    private BootGeneration() {}

    /** Throws an exception unless that version is 4.1 or a later 4.x. */
    static void require(String version) {
        Matcher parts = MAJOR_AND_MINOR.matcher(version);
        boolean fits = parts.matches() && parts.group(1).equals("4") && Integer.parseInt(parts.group(2)) >= 1;
        if (!fits) {
            throw new UnfitClassPathException("byroad-spring-boot-starter does not fit Spring Boot " + version
                    + " (expected: 4.1 or a later 4.x)");
        }
    }
}

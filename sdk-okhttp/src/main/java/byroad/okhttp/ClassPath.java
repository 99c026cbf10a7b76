package byroad.okhttp;

import byroad.Preset;
import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Set;
import okhttp3.OkHttpClient;

/**
 * Checks that the class path has exactly one OkHttp and that it is new enough. For Maven, {@code okhttp} 4 and {@code
 * okhttp-jvm} 5 are different artifacts with the same classes, and the first one on the class path is used, class by
 * class.
 */
final class ClassPath {
    private static final String CLIENT = "okhttp3/OkHttpClient.class";
    private static final String CURE =
            " (expected: OkHttp 5.4 or later, once; import byroad-bom first in dependencyManagement)";

    private ClassPath() {}

    /**
     * Throws an exception if calls cannot work with this OkHttp. Not checked on Android, where the build keeps only one
     * and changes its names.
     */
    static void requireOneOkHttp(Preset preset) {
        if (preset == Preset.SERVER) {
            requireOneOkHttp(OkHttpClient.class.getClassLoader());
        }
    }

    static void requireOneOkHttp(ClassLoader loader) {
        Set<String> places = places(loader);
        if (places.size() > 1) {
            throw new IllegalStateException(
                    "OkHttp is on the class path " + places.size() + " times: " + places + CURE);
        }
        if (!canReplaceDns(loader)) {
            throw new IllegalStateException("OkHttp is too old: Interceptor.Chain has no withDns, in " + places + CURE);
        }
    }

    private static Set<String> places(ClassLoader loader) {
        Set<String> places = new LinkedHashSet<>(); // the same jar can be in the list twice
        try {
            Collections.list(loader.getResources(CLIENT)).forEach(place -> places.add(place.toString()));
        } catch (IOException unreadable) {
            return places; // a class path that cannot be read is accepted
        }
        return places;
    }

    private static boolean canReplaceDns(ClassLoader loader) {
        try {
            Class<?> dns = Class.forName("okhttp3.Dns", false, loader);
            Class<?> chain = Class.forName("okhttp3.Interceptor$Chain", false, loader);
            return chain.getMethod("withDns", dns) != null;
        } catch (ClassNotFoundException | NoSuchMethodException missing) {
            return false;
        }
    }
}

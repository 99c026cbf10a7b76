package byroad.spring;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.ConcurrentReferenceHashMap;

/** The trust of each SSL bundle in use, and news of those that Boot reloads. */
final class Bundles {
    private final List<SslBundles> registries;
    private final Map<SslBundle, BundleTrust> known =
            new ConcurrentReferenceHashMap<>(); // for as long as somebody has it

    Bundles(List<SslBundles> registries) {
        this.registries = registries;
    }

    BundleTrust trust(SslBundle bundle) {
        return known.computeIfAbsent(bundle, BundleTrust::of);
    }

    /** Tells of each later bundle in its place. Settings hold one without its name, under which alone news are told. */
    void onUpdate(SslBundle bundle, Consumer<BundleTrust> update) {
        for (SslBundles registry : registries) {
            for (String name : registry.getBundleNames()) {
                if (registry.getBundle(name) == bundle) {
                    registry.addBundleUpdateHandler(name, renewed -> update.accept(trust(renewed)));
                }
            }
        }
    }
}

package byroad.spring;

import java.util.List;
import java.util.function.Consumer;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/** Tells of new certificates in the bundles that Boot reloads. */
record BundleUpdates(List<SslBundles> registries) {
    /** Settings hold a bundle without its name, under which alone an update is told. */
    void of(SslBundle bundle, Consumer<SslBundle> update) {
        for (SslBundles registry : registries) {
            for (String name : registry.getBundleNames()) {
                if (registry.getBundle(name) == bundle) {
                    registry.addBundleUpdateHandler(name, update);
                }
            }
        }
    }
}

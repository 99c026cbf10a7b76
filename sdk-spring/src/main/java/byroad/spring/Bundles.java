package byroad.spring;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.util.ConcurrentReferenceHashMap;

/**
 * The trust of each SSL bundle that is used, and the request factories that get the new trust when Boot reloads a
 * bundle.
 */
final class Bundles {
    private final List<SslBundles> registries;
    private final Map<SslBundle, BundleTrust> known = new ConcurrentReferenceHashMap<>(); // while it is used

    // Guarded by this; weak, because settings and factories can be garbage, and registries never remove a listener.
    private final Map<SslBundle, Reloads> reloads = new WeakHashMap<>();

    Bundles(List<SslBundles> registries) {
        this.registries = registries;
    }

    BundleTrust trust(SslBundle bundle) {
        return known.computeIfAbsent(bundle, BundleTrust::of);
    }

    /**
     * Gives that factory, which was made with that bundle, the trust of every reloaded version of it, also if there is
     * one already.
     */
    synchronized void follow(SslBundle bundle, OkHttpRequestFactory factory) {
        Reloads ofIts = reloads(bundle);
        if (ofIts == null) {
            return;
        }
        ofIts.factories.add(factory);
        if (ofIts.latest != bundle) {
            factory.trust(trust(ofIts.latest));
        }
    }

    /**
     * Finds the reloads of a bundle: settings hold a bundle without its name, also after it was reloaded, but reloads
     * are reported by name.
     */
    private @Nullable Reloads reloads(SslBundle bundle) {
        Reloads before = reloads.get(bundle);
        if (before != null) {
            return before;
        }
        for (SslBundles registry : registries) {
            for (String name : registry.getBundleNames()) {
                if (registry.getBundle(name) == bundle) {
                    Reloads ofIts = new Reloads(bundle);
                    reloads.put(bundle, ofIts);
                    registry.addBundleUpdateHandler(name, renewed -> renewed(ofIts, renewed));
                    return ofIts;
                }
            }
        }
        return null;
    }

    private void renewed(Reloads ofIts, SslBundle renewed) {
        BundleTrust trust = trust(renewed); // a bundle that cannot be loaded replaces nothing
        synchronized (this) {
            ofIts.latest = renewed;
            reloads.put(renewed, ofIts);
            ofIts.factories.forEach(factory -> factory.trust(trust));
        }
    }

    /** The latest version of one bundle, and the factories that follow it. */
    private static final class Reloads {
        private final Set<OkHttpRequestFactory> factories = Collections.newSetFromMap(new WeakHashMap<>());
        private SslBundle latest;

        Reloads(SslBundle first) {
            this.latest = first;
        }
    }
}

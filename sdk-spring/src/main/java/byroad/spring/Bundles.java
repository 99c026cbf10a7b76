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

/** The trust of each SSL bundle in use, and those who get that of a later one when Boot reloads it. */
final class Bundles {
    private final List<SslBundles> registries;
    private final Map<SslBundle, BundleTrust> known =
            new ConcurrentReferenceHashMap<>(); // for as long as somebody has it

    // Guarded by this; weak, because settings and factories come and go, and registries forget no listener.
    private final Map<SslBundle, Reloads> reloads = new WeakHashMap<>();

    Bundles(List<SslBundles> registries) {
        this.registries = registries;
    }

    BundleTrust trust(SslBundle bundle) {
        return known.computeIfAbsent(bundle, BundleTrust::of);
    }

    /** That factory, made with that bundle, trusts whom later ones in its place say, also if one is there already. */
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

    /** Settings hold a bundle without its name, under which alone news are told, and hold it after it was reloaded. */
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
        BundleTrust trust = trust(renewed); // what cannot be loaded replaces nothing
        synchronized (this) {
            ofIts.latest = renewed;
            reloads.put(renewed, ofIts);
            ofIts.factories.forEach(factory -> factory.trust(trust));
        }
    }

    /** What became of one bundle, and who wants to know. */
    private static final class Reloads {
        private final Set<OkHttpRequestFactory> factories = Collections.newSetFromMap(new WeakHashMap<>());
        private SslBundle latest;

        Reloads(SslBundle first) {
            this.latest = first;
        }
    }
}

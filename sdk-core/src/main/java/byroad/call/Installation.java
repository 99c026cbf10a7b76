package byroad.call;

import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Preset;
import byroad.Upstream;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One of many installations of an app: decides whether this phone is within the share that a fallback endpoint carries.
 */
final class Installation {
    /** Without an installation id. */
    static final Installation UNKNOWN = new Installation(null);

    private final @Nullable String id;

    private Installation(@Nullable String id) {
        this.id = id;
    }

    static Installation of(String id) {
        if (id.trim().isEmpty()) {
            throw new IllegalArgumentException("installationId: \"" + id + "\" (expected: any text of its own)");
        }
        return new Installation(id);
    }

    /**
     * Whether this installation is within that share, always with the same result for an endpoint; true without an id.
     */
    boolean isWithin(double share, FailureDomain endpoint) {
        return id == null || fraction(id + " " + endpoint) < share;
    }

    /**
     * A hash of the text, evenly distributed from 0 to 1: FNV-1a and the finalizer of SplitMix64, so that similar texts
     * have different hashes.
     */
    private static double fraction(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return ((hash ^ (hash >>> 31)) >>> 11) * 0x1.0p-53;
    }

    /** Emits an event for each declared {@code carries} that is ignored on a phone without an installation id. */
    void tellWhatIsIgnored(List<Upstream> upstreams, ClientRuntime runtime) {
        if (id != null || runtime.preset() != Preset.MOBILE) {
            return;
        }
        for (Upstream upstream : upstreams) {
            List<Endpoint> fallbacks =
                    upstream.endpoints().subList(1, upstream.endpoints().size());
            for (Endpoint endpoint : fallbacks) {
                if (!Double.isNaN(endpoint.carries())) {
                    runtime.emit(new Event.Impaired(
                            upstream.name() + "/" + endpoint.name() + " carries " + endpoint.carries(),
                            "ignored on mobile without an installation id"));
                }
            }
        }
    }
}

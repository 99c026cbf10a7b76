package byroad;

import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The built-in signatures. A header that only shows that a provider was on the path ({@code server: cloudflare},
 * {@code cf-ray}) proves nothing: an origin's own error passes through with both.
 */
final class KnownSignatures {
    private static final FailureDomain CLOUDFLARE = new FailureDomain("cloudflare");

    /** Cloudflare's "web server is down", "connection timed out", "unreachable", "SSL handshake failed", "1xxx". */
    private static final Set<Integer> CLOUDFLARE_NEVER_REACHED = Set.of(521, 522, 523, 525, 530);

    private KnownSignatures() {}

    static Optional<Fault> read(ResponseHead head, Endpoint endpoint) {
        return cloudflare(head, endpoint);
    }

    /** Source: Cloudflare's error documentation, read 2026-11-23. */
    private static Optional<Fault> cloudflare(ResponseHead head, Endpoint endpoint) {
        int status = head.status();
        if (status == 403 && head.header("cf-mitigated").isPresent()) {
            return Optional.of(Fault.of(Layer.EDGE_POLICY, "cf-mitigated by cloudflare")
                    .suspecting(CLOUDFLARE)
                    .certain()
                    .delivery(Delivery.NEVER_REACHED_ORIGIN));
        }
        if (!head.header("cf-ray").isPresent() && !isBehindCloudflare(endpoint)) {
            return Optional.empty();
        }
        if (CLOUDFLARE_NEVER_REACHED.contains(status)) {
            return Optional.of(originUnreachable(status, endpoint));
        }
        if (status >= 500
                && isHtml(head)
                && head.bodyStart().toLowerCase(Locale.ROOT).contains("cloudflare")) {
            return Optional.of(Fault.of(Layer.EDGE, "HTML page by cloudflare")
                    .suspecting(CLOUDFLARE)
                    .likely()
                    .delivery(Delivery.MAYBE_PROCESSED));
        }
        return Optional.empty();
    }

    /** The edge works and cannot reach the host: suspect is where it is hosted, and only where that is unknown the edge. */
    private static Fault originUnreachable(int status, Endpoint endpoint) {
        return Fault.of(Layer.ORIGIN, "cloudflare " + status + ": origin not reached")
                .suspecting(endpoint.hosting().orElse(CLOUDFLARE))
                .certain()
                .delivery(Delivery.NEVER_REACHED_ORIGIN);
    }

    private static boolean isBehindCloudflare(Endpoint endpoint) {
        return CLOUDFLARE.coversAny(endpoint.edges());
    }

    private static boolean isHtml(ResponseHead head) {
        return head.header("content-type")
                .map(type -> type.startsWith("text/html"))
                .orElse(false);
    }
}

package byroad.call;

import byroad.Endpoint;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import byroad.ResponseHead;
import byroad.Signature;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** Puts what went wrong down to somebody. */
final class Attribution {
    /** Errors that say nothing about the request itself; any other status is an answer (RFC 9110, 15; RFC 8470, 5.2). */
    private static final Set<Integer> TROUBLE =
            Set.of(408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530);

    private static final double LONGEST_REST_SECONDS = 24 * 60 * 60;

    /** OkHttp and the JDK write {@code host/address:port}; where an origin is, is nobody's business. */
    private static final Pattern ADDRESS = Pattern.compile("/(\\d+(\\.\\d+){3}|\\[[0-9a-fA-F:]+])(:\\d+)?");

    private static final int MOST_CAUSES = 8;

    private final Signature signature;

    Attribution(Signature signature) {
        this.signature = signature;
    }

    /** Whose fault that outcome is; empty where it is an answer like any other. */
    Optional<Fault> of(Outcome outcome, EndpointHealth health) {
        if (outcome instanceof Outcome.Answered answered) {
            return ofAnswer(answered.head(), health);
        }
        if (outcome instanceof Outcome.Failed failed) {
            return Optional.of(ofFailure(failed, health));
        }
        return Optional.empty();
    }

    private Optional<Fault> ofAnswer(ResponseHead head, EndpointHealth health) {
        if (head.status() < 400) {
            return Optional.empty();
        }
        Optional<Fault> recognised = signature.read(head, health.endpoint);
        if (!recognised.isPresent() && !TROUBLE.contains(head.status())) {
            return Optional.empty();
        }
        Fault fault =
                recognised.map(known -> known.suspecting(health.domain)).orElseGet(() -> unrecognised(head, health));
        return Optional.of(retryAfter(head).map(fault::retryAfter).orElse(fault));
    }

    private static Fault unrecognised(ResponseHead head, EndpointHealth health) {
        String evidence = "HTTP " + head.status();
        if (head.status() == 429) {
            return Fault.of(Layer.ORIGIN, evidence).certain().delivery(Delivery.ANSWERED);
        }
        return blame(health, evidence, health.endpoint.edges().isEmpty() ? Layer.ORIGIN : Layer.UNKNOWN);
    }

    private static Fault ofFailure(Outcome.Failed failed, EndpointHealth health) {
        IOException why = failed.failure();
        String evidence = describe(why);
        if (why instanceof UnknownHostException) {
            return Fault.of(Layer.RESOLVER, evidence).suspecting(health.domain).delivery(Delivery.NEVER_SENT);
        }
        if (isTrustFailure(why)) {
            return Fault.of(Layer.UNKNOWN, evidence).certain().delivery(Delivery.NEVER_SENT);
        }
        Layer layer = health.endpoint.edges().isEmpty() ? Layer.ORIGIN : Layer.EDGE;
        boolean reached = failed.delivery() != Delivery.NEVER_SENT;
        return blame(health, evidence, reached && layer == Layer.EDGE ? Layer.UNKNOWN : layer)
                .delivery(failed.delivery());
    }

    /** Suspects whoever answers first at that door: its edges, or where it is hosted; and in any case the door itself. */
    private static Fault blame(EndpointHealth health, String evidence, Layer layer) {
        Endpoint endpoint = health.endpoint;
        Set<FailureDomain> first =
                endpoint.edges().isEmpty() ? endpoint.hosting().map(Set::of).orElse(Set.of()) : endpoint.edges();
        return Fault.of(layer, evidence).suspecting(first).suspecting(health.domain);
    }

    /** Whether the peer could not prove who it is: nothing is sent elsewhere around that. */
    static boolean isTrustFailure(IOException why) {
        if (why instanceof SSLPeerUnverifiedException) {
            return true;
        }
        // A transport may wrap what its TLS said: java.net.http puts an exception of its own around it.
        Throwable cause = why instanceof SSLException ? why.getCause() : null;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof CertificateException || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /** Whether a stand-in that fails like this has more to do than it can. */
    static boolean isOverload(Outcome outcome) {
        if (outcome instanceof Outcome.Answered answered) {
            return answered.head().status() == 429 || answered.head().status() == 503;
        }
        return outcome instanceof Outcome.Failed failed
                && (failed.failure() instanceof ConnectException
                        || failed.failure() instanceof NoRouteToHostException
                        || failed.failure() instanceof SocketTimeoutException);
    }

    /** Type and message, cut: text from servers can be long and is never to be trusted. */
    static String describe(Throwable why) {
        String message = ADDRESS.matcher(String.valueOf(why.getMessage())).replaceAll("");
        String cut = message.length() <= 200 ? message : message.substring(0, 200) + "...";
        return why.getClass().getSimpleName() + ": " + cut.replaceAll("\\p{Cntrl}", " ");
    }

    /** {@code Retry-After} in whole or broken seconds; a date needs a wall clock that agrees, and is left to later. */
    private static Optional<Duration> retryAfter(ResponseHead head) {
        return head.header("retry-after").flatMap(text -> {
            try {
                double seconds = Double.parseDouble(text.trim());
                boolean usable = seconds >= 0 && seconds < LONGEST_REST_SECONDS;
                return usable ? Optional.of(Duration.ofMillis((long) Math.ceil(seconds * 1000))) : Optional.empty();
            } catch (NumberFormatException notSeconds) {
                return Optional.empty();
            }
        });
    }
}

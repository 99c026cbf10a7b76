package byroad.call;

import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/**
 * What an exception of TLS says about certificates, with any provider: that of the JDK, Conscrypt or Bouncy Castle.
 * For adapter authors.
 */
public final class TlsFailure {
    private static final int MOST_CAUSES = 16;

    /**
     * The alerts of RFC 8446, section 6.2, about the certificate of a client. The JDK writes {@code Received fatal
     * alert: bad_certificate}, Conscrypt {@code SSLV3_ALERT_BAD_CERTIFICATE}, Bouncy Castle {@code bad_certificate(42)}.
     */
    private static final Pattern CERTIFICATE_ALERT = Pattern.compile(
            "(alert.*|^)(bad_certificate|unsupported_certificate|certificate_revoked|certificate_expired"
                    + "|certificate_unknown|certificate_required|unknown_ca|access_denied)");

    private TlsFailure() {}

    /**
     * Whether the certificate of the peer was not accepted. The request must then not be sent to another endpoint. A
     * transport may wrap the exception, as {@code java.net.http} does.
     */
    public static boolean isUntrustedPeer(Throwable why) {
        Throwable cause = why;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (cause instanceof CertificateException
                    || cause instanceof CertPathValidatorException
                    || cause instanceof SSLPeerUnverifiedException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    /**
     * Whether the peer did not accept the certificate of this client, or asked for one in vain. Another request would
     * fail in the same way.
     */
    public static boolean isRefusedClient(Throwable why) {
        return !isUntrustedPeer(why) && isAlertAmong(why);
    }

    /** With TLS 1.3 the alert may arrive while the request is written: then it is a suppressed exception. */
    private static boolean isAlertAmong(Throwable why) {
        Throwable cause = why;
        for (int depth = 0; cause != null && depth < MOST_CAUSES; depth++) {
            if (isCertificateAlert(cause)
                    || Arrays.stream(cause.getSuppressed()).anyMatch(TlsFailure::isCertificateAlert)) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }

    private static boolean isCertificateAlert(Throwable why) {
        boolean isOfTls =
                why instanceof SSLException || why.getClass().getName().startsWith("org.bouncycastle.tls.");
        String message = why.getMessage();
        return isOfTls
                && message != null
                && CERTIFICATE_ALERT
                        .matcher(message.toLowerCase(Locale.ROOT)
                                .replace(' ', '_')
                                .replace('\n', '_'))
                        .find();
    }
}

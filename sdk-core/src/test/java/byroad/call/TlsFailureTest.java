package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsFailureTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Received fatal alert: bad_certificate",
                "(certificate_required) Received fatal alert: certificate_required",
                "Received fatal alert: unknown_ca",
                "Read error: ssl=0x7f: Failure in SSL library, usually a protocol error\n"
                        + "error:10000412:SSL routines:OPENSSL_internal:SSLV3_ALERT_BAD_CERTIFICATE (../ssl/tls_record.cc:592)",
                "error:1000045c:SSL routines:OPENSSL_internal:TLSV13_ALERT_CERTIFICATE_REQUIRED",
                "error:14094418:SSL routines:ssl3_read_bytes:tlsv1 alert unknown ca",
            })
    void aRefusedCertificateOfTheClientIsRecognised(String message) {
        assertThat(TlsFailure.isRefusedClient(new SSLException(message))).isTrue();
        assertThat(TlsFailure.isUntrustedPeer(new SSLException(message))).isFalse();
    }

    @Test
    void anAlertThatArrivedWhileTheRequestWasWrittenIsRecognised() {
        SocketException broken = new SocketException("Broken pipe");
        broken.addSuppressed(new SSLHandshakeException("Received fatal alert: bad_certificate"));

        assertThat(TlsFailure.isRefusedClient(broken)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Received fatal alert: handshake_failure",
                "Received fatal alert: internal_error",
                "Received fatal alert: unrecognized_name",
                "Unsupported or unrecognized SSL message",
                "the alert about certificates was no alert"
            })
    void anotherFailureOfTlsIsNot(String message) {
        assertThat(TlsFailure.isRefusedClient(new SSLException(message))).isFalse();
        assertThat(TlsFailure.isUntrustedPeer(new SSLException(message))).isFalse();
    }

    @Test
    void aTextAloneIsNoFailureOfTls() {
        assertThat(TlsFailure.isRefusedClient(new IOException("Received fatal alert: bad_certificate")))
                .isFalse();
    }

    @Test
    void aPeerWhoseCertificateIsNotAcceptedIsRecognisedByItsCauses() {
        SSLHandshakeException refused = new SSLHandshakeException("bad");
        refused.initCause(new CertificateException("Received fatal alert: bad_certificate"));
        IOException wrapped = new IOException("failed", refused);

        assertThat(TlsFailure.isUntrustedPeer(wrapped)).isTrue();
        assertThat(TlsFailure.isRefusedClient(wrapped)).isFalse();
        assertThat(TlsFailure.isUntrustedPeer(new SSLPeerUnverifiedException("pins")))
                .isTrue();
        assertThat(TlsFailure.isUntrustedPeer(new IOException(new CertPathValidatorException("expired"))))
                .isTrue();
    }
}

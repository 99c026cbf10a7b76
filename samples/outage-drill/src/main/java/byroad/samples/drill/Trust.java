package byroad.samples.drill;

import byroad.test.TestCa;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;

/**
 * The drill's authority as the one that this machine trusts: clients set nothing, as most do, and Byroad stores only what
 * such clients have proven.
 */
final class Trust {
    private static final String PASSWORD = "public"; // a file of certificates holds no secret

    private Trust() {}

    /** Makes clients that are built from now on in this process trust that authority, and no other. */
    static void install(TestCa ca, Path folder) {
        Path file = folder.resolve("trust.p12");
        try (OutputStream out = Files.newOutputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            for (X509Certificate issuer : ca.trustManager().getAcceptedIssuers()) {
                store.setCertificateEntry(issuer.getSerialNumber().toString(), issuer);
            }
            store.store(out, PASSWORD.toCharArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(file + ": cannot be made", e);
        }
        System.setProperty("javax.net.ssl.trustStore", file.toString());
        System.setProperty("javax.net.ssl.trustStoreType", "PKCS12");
        System.setProperty("javax.net.ssl.trustStorePassword", PASSWORD);
    }
}

package byroad.okhttp;

import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.dns.LastGood;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/**
 * The list of top-level domains in the core is that of the OkHttp in use. After an upgrade, write the domains that this
 * test expects to {@code sdk-core/src/main/resources/byroad/dns/top-level-domains.txt}.
 */
class TopLevelDomainsTest {
    @Test
    void theyAreThoseOfOkHttpsPublicSuffixList() throws IOException {
        Set<String> ours = Arrays.stream(
                        text(LastGood.class, "top-level-domains.txt").split("\n"))
                .filter(line -> !line.startsWith("#"))
                .collect(toCollection(TreeSet::new));
        assertThat(ours).containsExactlyElementsOf(ofOkHttp());
    }

    /** The format: the length of the rules, the rules one a line, and the same for the exceptions. */
    private static Set<String> ofOkHttp() throws IOException {
        byte[] list = bytes(OkHttpClient.class, "internal/publicsuffix/PublicSuffixDatabase.list");
        try (DataInputStream data = new DataInputStream(new ByteArrayInputStream(list))) {
            byte[] rules = new byte[data.readInt()];
            data.readFully(rules);
            return Arrays.stream(new String(rules, StandardCharsets.UTF_8).split("\n"))
                    .map(rule -> IDN.toASCII(rule.substring(rule.lastIndexOf('.') + 1)))
                    .collect(toCollection(TreeSet::new));
        }
    }

    private static String text(Class<?> beside, String resource) throws IOException {
        return new String(bytes(beside, resource), StandardCharsets.US_ASCII);
    }

    private static byte[] bytes(Class<?> beside, String resource) throws IOException {
        try (InputStream in = beside.getResourceAsStream(resource)) {
            return in.readAllBytes();
        }
    }
}

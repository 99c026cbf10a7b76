package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Endpoint;
import byroad.Upstream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A URL that OkHttp writes in another way would match no call. */
class DeclaredUrlsTest {
    @ParameterizedTest
    @CsvSource({
        "https://bücher.example, https://xn--bcher-kva.example",
        "https://[0:0:0:0:0:0:0:1], https://[::1]",
        "https://[::ffff:192.0.2.1], https://192.0.2.1",
        "https://api.example.ai/größe, https://api.example.ai/gr%C3%B6%C3%9Fe",
        "https://api.example.ai/v1/../v2, https://api.example.ai/v2",
        "https://api.example.ai:8443/a/./b, https://api.example.ai:8443/a/b"
    })
    void aUrlThatOkHttpWritesInAnotherWayIsRefusedWithItsSpelling(String url, String written) {
        Upstream at = Upstream.named("assistant").endpoint(Endpoint.at(url));
        Upstream called = Upstream.named("assistant")
                .endpoint(Endpoint.at("https://origin.example.ai"))
                .calledAt(url);

        assertThatThrownBy(() -> Byroad.builder().upstream(at))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("at: \"")
                .hasMessageContaining("\"" + written + "\", as OkHttp writes it");
        assertThatThrownBy(() -> Byroad.builder().upstream(called)).hasMessageStartingWith("calledAt: \"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://API.Example.AI/",
                "https://api.example.ai:443/v1/",
                "http://api.example.ai:80",
                "https://api.example.ai./v1",
                "https://[::1]:8443",
                "https://my_service:8080/a%20b"
            })
    void aUrlThatIsWrittenTheSameIsAccepted(String url) {
        Upstream upstream = Upstream.named("assistant").endpoint(Endpoint.at(url));

        assertThat(DeclaredUrls.checked(upstream)).isSameAs(upstream);
    }

    @Test
    void aHostThatOkHttpDoesNotAcceptIsRefused() {
        Upstream upstream = Upstream.named("assistant").endpoint(Endpoint.at("https://a%b.example"));

        assertThatThrownBy(() -> Byroad.builder().upstream(upstream)).hasMessageContaining("a URL that OkHttp accepts");
    }
}

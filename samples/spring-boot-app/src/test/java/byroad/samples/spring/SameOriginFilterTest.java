package byroad.samples.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.mock.web.MockFilterChain;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;

/** Who may ask, and who may change something. */
class SameOriginFilterTest {
    private final SameOriginFilter filter = new SameOriginFilter();

    private int status(String method, String host, String origin) throws Exception {
        MockHttpServletRequest request = new MockHttpServletRequest(method, "/state");
        request.setLocalPort(8080);
        request.addHeader("Host", host);
        if (!origin.isEmpty()) {
            request.addHeader("Origin", origin);
        }
        MockHttpServletResponse response = new MockHttpServletResponse();
        filter.doFilter(request, response, new MockFilterChain());
        return response.getStatus();
    }

    @Test
    void aPageOfItsOwnMayReadAndChange() throws Exception {
        assertThat(status("GET", "127.0.0.1:8080", "")).isEqualTo(200);
        assertThat(status("POST", "127.0.0.1:8080", "http://127.0.0.1:8080")).isEqualTo(200);
        assertThat(status("POST", "localhost:8080", "http://localhost:8080")).isEqualTo(200);
    }

    /** A name of the attacker's that points to 127.0.0.1 makes his page one of the same origin. */
    @Test
    void whoCallsItByAnotherNameMayNotEvenRead() throws Exception {
        assertThat(status("GET", "evil.example:8080", "")).isEqualTo(403);
        assertThat(status("POST", "evil.example:8080", "http://evil.example:8080"))
                .isEqualTo(403);
    }

    @Test
    void whatChangesSomethingMustSayWhereItComesFrom() throws Exception {
        assertThat(status("POST", "127.0.0.1:8080", "")).isEqualTo(403);
        assertThat(status("DELETE", "127.0.0.1:8080", "")).isEqualTo(403);
        assertThat(status("POST", "127.0.0.1:8080", "http://127.0.0.1:9090")).isEqualTo(403);
        assertThat(status("POST", "127.0.0.1:8080", "https://127.0.0.1:8080")).isEqualTo(403);
    }
}

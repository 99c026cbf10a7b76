package byroad.samples.spring;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Keeps pages of other sites away from an application that listens on loopback without a password: who asks must call it by a
 * loopback name, so that no other name can be pointed at it, and what changes something must come from a page of its own.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
class SameOriginFilter extends OncePerRequestFilter {
    private static final Set<String> CHANGES_NOTHING = Set.of("GET", "HEAD");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        List<String> own = List.of("127.0.0.1:" + request.getLocalPort(), "localhost:" + request.getLocalPort());
        String host = request.getHeader("Host");
        String origin = request.getHeader("Origin");
        if (host == null || !own.contains(host)) {
            refuse(response, "Host: " + host + " (expected: one of " + own + ")");
        } else if (!CHANGES_NOTHING.contains(request.getMethod()) && !("http://" + host).equals(origin)) {
            refuse(response, "Origin: " + origin + " (expected: http://" + host + ")");
        } else {
            chain.doFilter(request, response);
        }
    }

    private static void refuse(HttpServletResponse response, String why) throws IOException {
        response.setStatus(HttpServletResponse.SC_FORBIDDEN);
        response.setContentType("text/plain;charset=UTF-8");
        response.getWriter().println(why);
    }
}

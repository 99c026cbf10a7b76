package byroad.benchmarks.dead;

import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.server.Server;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A server on loopback that can die: it answers {@code 503} then, at once. It counts what arrives. */
final class Upstream implements AutoCloseable {
    private final AtomicInteger arrived = new AtomicInteger();
    private final Server server;
    private volatile boolean dead;

    private Upstream() {
        server = Server.builder()
                .http(new InetSocketAddress("127.0.0.1", 0))
                .service("prefix:/", (context, request) -> answer())
                .build();
        server.start().join();
    }

    static Upstream start() {
        return new Upstream();
    }

    private HttpResponse answer() {
        arrived.incrementAndGet();
        return dead
                ? HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE, MediaType.PLAIN_TEXT, "no capacity")
                : HttpResponse.of(HttpStatus.OK, MediaType.JSON, "{}");
    }

    String url() {
        return "http://127.0.0.1:" + server.activeLocalPort() + "/v1/items";
    }

    void die() {
        dead = true;
    }

    void recover() {
        dead = false;
    }

    /** How many requests arrived in all. */
    int arrived() {
        return arrived.get();
    }

    @Override
    public void close() {
        server.stop().join();
    }
}

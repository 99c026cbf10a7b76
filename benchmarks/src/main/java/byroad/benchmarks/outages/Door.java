package byroad.benchmarks.outages;

import byroad.benchmarks.outages.Arrivals.Arrival;
import byroad.test.TestCa;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.tls.HeldCertificate;

/** One door to the service: a server of HTTPS and HTTP/2 behind a {@link Relay}, which fails as it is told to. */
final class Door implements AutoCloseable {
    /** The response header that says who answered. */
    static final String SIDE_HEADER = "x-side";

    private static final Duration ERROR_TIME = Duration.ofMillis(5);
    private static final String EDGE_PAGE =
            "<!DOCTYPE html><html><head><title>500: Internal server error</title></head>"
                    + "<body><h1>Internal server error</h1><p>cloudflare</p></body></html>";

    /** Which door it is. */
    enum Side {
        EDGE("127.0.0.2"),
        ORIGIN("127.0.0.3");

        final String ip;

        Side(String ip) {
            this.ip = ip;
        }
    }

    private final Side side;
    private final Arrivals arrivals;
    private final Duration serviceTime;
    private final Server server;
    private final Relay relay;
    private volatile double failing;

    private Door(Side side, int port, TestCa ca, Arrivals arrivals, Duration serviceTime) throws IOException {
        this.side = side;
        this.arrivals = arrivals;
        this.serviceTime = serviceTime;
        HeldCertificate certificate = ca.certificateFor(Site.NAME, Site.ORIGIN_NAME);
        this.server = Server.builder()
                .https(new InetSocketAddress("127.0.0.1", 0))
                .tls(TlsKeyPair.of(certificate.keyPair().getPrivate(), certificate.certificate()))
                .service("prefix:/", this::serve)
                .build();
        server.start().join();
        this.relay = Relay.start(
                new InetSocketAddress(side.ip, port), new InetSocketAddress("127.0.0.1", server.activeLocalPort()));
    }

    /** Opens the door of that side at that port, 0 for a free one. */
    static Door open(Side side, int port, TestCa ca, Arrivals arrivals, Duration serviceTime) throws IOException {
        return new Door(side, port, ca, arrivals, serviceTime);
    }

    int port() {
        return relay.address().getPort();
    }

    /** Answers that share of requests with an error from now on. */
    void fail(double share) {
        failing = share;
    }

    Relay wire() {
        return relay;
    }

    void heal() {
        failing = 0;
        relay.heal();
    }

    private HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        String client = request.headers().get(Arrivals.CLIENT_HEADER);
        String call = request.headers().get(Arrivals.CALL_HEADER);
        if (client != null && call != null) {
            arrivals.add(new Arrival(side, client, Integer.parseInt(call)));
        }
        boolean fails = ThreadLocalRandom.current().nextDouble() < failing;
        return HttpResponse.delayed(fails ? error() : well(), fails ? ERROR_TIME : serviceTime);
    }

    private HttpResponse well() {
        return HttpResponse.of(
                ResponseHeaders.builder(HttpStatus.OK)
                        .contentType(MediaType.JSON)
                        .add(SIDE_HEADER, side.name())
                        .build(),
                HttpData.ofUtf8("{\"status\":\"ok\"}"));
    }

    private HttpResponse error() {
        if (side == Side.ORIGIN) {
            return HttpResponse.of(HttpStatus.SERVICE_UNAVAILABLE, MediaType.JSON, "{\"error\":\"no capacity\"}");
        }
        return HttpResponse.of(
                ResponseHeaders.builder(HttpStatus.INTERNAL_SERVER_ERROR)
                        .contentType(MediaType.HTML_UTF_8)
                        .set("server", "cloudflare")
                        .set("cf-ray", "8f2d6b1c0a9e4d37-TST")
                        .build(),
                HttpData.ofUtf8(EDGE_PAGE));
    }

    @Override
    public void close() {
        relay.close();
        server.stop().join();
    }
}

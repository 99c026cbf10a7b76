package byroad.benchmarks.outages;

import byroad.samples.drill.Arrivals;
import byroad.samples.drill.Party;
import byroad.test.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import okhttp3.HttpUrl;

/** The service that everybody calls: an edge, and the origin, which can be reached directly, too. */
final class Site implements AutoCloseable {
    /** The name that is called. */
    static final String NAME = "api.example.test";
    /** The name of the direct way to the origin; the certificate is good for both. */
    static final String ORIGIN_NAME = "origin.example.test";

    private static final int PORT_TRIES = 10;

    final TestCa ca = TestCa.create();
    final Arrivals arrivals = new Arrivals();
    final OutageServer edge;
    final OutageServer origin;

    private Site(Duration serviceTime) throws IOException {
        this.edge = OutageServer.open(Party.EDGE_A, 0, ca, arrivals, serviceTime);
        this.origin = OutageServer.open(Party.ORIGIN, edge.port(), ca, arrivals, serviceTime);
    }

    /** Opens both endpoints; the port must be free on both addresses, and a free one of the first nearly always is. */
    static Site open(Duration serviceTime) throws IOException {
        IOException last = new IOException("not tried");
        for (int i = 0; i < PORT_TRIES; i++) {
            try {
                return new Site(serviceTime);
            } catch (IOException e) {
                last = e;
            }
        }
        throw last;
    }

    HttpUrl url() {
        return new HttpUrl.Builder()
                .scheme("https")
                .host(NAME)
                .port(edge.port())
                .addPathSegments("v1/items")
                .build();
    }

    /** A name service that always works: this comparison breaks other things. */
    static List<InetAddress> lookup(String name) throws UnknownHostException {
        return switch (name) {
            case NAME -> List.of(InetAddress.getByName(Party.EDGE_A.ip()));
            case ORIGIN_NAME -> List.of(InetAddress.getByName(Party.ORIGIN.ip()));
            default -> throw new UnknownHostException(name);
        };
    }

    void heal() {
        edge.heal();
        origin.heal();
    }

    @Override
    public void close() {
        edge.close();
        origin.close();
    }
}

package byroad.samples.drill;

import byroad.test.DnsServer;
import byroad.test.DnsZone;
import byroad.test.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;

/**
 * Everybody a client depends on: two resolver operators, two edges, the origin, the service's new address, another
 * region, a stranger, and the machine's disk and trust. They live on loopback addresses of their own, the web servers on
 * the same port.
 */
public final class Parties implements AutoCloseable {
    /** How long records may be cached; short, as an operator sets it who wants to be able to move. */
    public static final Duration RECORD_TTL = Duration.ofSeconds(1);

    /** Where nobody listens; connections are refused. */
    static final String NOBODY_IP = "127.0.0.7";

    private static final String FIRST_RESOLVER_IP = "127.0.0.11";
    private static final String SECOND_RESOLVER_IP = "127.0.0.12";
    private static final String STRANGERS_NAME = "stranger.example.test";
    private static final int PORT_TRIES = 10;

    private final DnsZone firstZone = new DnsZone();
    private final DnsZone secondZone = new DnsZone();
    private final TestCa ca = TestCa.create();
    private final Scratch disk = new Scratch();
    private final Arrivals arrivals = new Arrivals();
    private final DnsServer firstResolver;
    private final DnsServer secondResolver;
    private final Map<Party, WebServer> servers;

    private Parties() {
        Trust.install(ca, disk.folder());
        servers = startServers();
        firstResolver = DnsServer.start(FIRST_RESOLVER_IP, firstZone);
        secondResolver = DnsServer.start(SECOND_RESOLVER_IP, secondZone, ca);
        reset();
    }

    /** Starts everybody, in good health. */
    public static Parties start() {
        return new Parties();
    }

    /** Returns whether this machine has loopback addresses beyond 127.0.0.1 without further ado, as Linux has. */
    public static boolean canStartHere() {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(Party.EDGE_A.ip()))) {
            return probe.isBound();
        } catch (IOException e) {
            return false;
        }
    }

    /** The port must be free on all addresses; a free one of the first nearly always is. */
    private Map<Party, WebServer> startServers() {
        SSLContext service = ca.serverContext(
                Scenarios.API,
                Scenarios.EDGE_B_NAME,
                Scenarios.ORIGIN_NAME,
                Scenarios.OTHER_REGION_NAME,
                Scenarios.REGION);
        SSLContext stranger = ca.serverContext(STRANGERS_NAME);
        IllegalStateException last = new IllegalStateException("not tried");
        for (int i = 0; i < PORT_TRIES; i++) {
            Map<Party, WebServer> started = new EnumMap<>(Party.class);
            try {
                int port = 0;
                for (Party party : Party.values()) {
                    SSLContext tls = party == Party.STRANGER ? stranger : service;
                    WebServer server = WebServer.start(party, port, tls, arrivals);
                    started.put(party, server);
                    port = server.port();
                }
                return Collections.unmodifiableMap(started);
            } catch (IllegalStateException e) {
                started.values().forEach(WebServer::close);
                last = e;
            }
        }
        throw last;
    }

    /** Mends everything and forgets what was counted. */
    void reset() {
        for (Party party : Party.values()) {
            mode(party, ServerMode.WELL);
        }
        mendResolvers();
        records(zone -> zone.put(Scenarios.API, RECORD_TTL, Party.EDGE_A.ip())
                .put(Scenarios.EDGE_B_NAME, RECORD_TTL, Party.EDGE_B.ip())
                .put(Scenarios.ORIGIN_NAME, RECORD_TTL, Party.ORIGIN.ip())
                .put(Scenarios.OTHER_REGION_NAME, RECORD_TTL, Party.OTHER_REGION.ip())
                .put(Scenarios.REGION, RECORD_TTL, Party.ORIGIN.ip()));
        arrivals.clear();
    }

    /** Makes the server of that party do that, at once. */
    public void mode(Party party, ServerMode mode) {
        server(party).mode(mode);
    }

    /** The first resolver hears and says nothing. */
    public void silenceFirstResolver() {
        firstResolver.behave(DnsServer.Behaviour.SILENT);
    }

    /** Both resolvers hear and say nothing. */
    public void silenceResolvers() {
        firstResolver.behave(DnsServer.Behaviour.SILENT);
        secondResolver.behave(DnsServer.Behaviour.SILENT);
    }

    /** Both resolvers answer again. */
    public void mendResolvers() {
        firstResolver.behave(DnsServer.Behaviour.ANSWER);
        secondResolver.behave(DnsServer.Behaviour.ANSWER);
    }

    /** Changes what both resolvers say, as they do when the records themselves change. */
    public void records(Consumer<DnsZone> change) {
        change.accept(firstZone);
        change.accept(secondZone);
    }

    /** Changes what the first resolver says; the second keeps to the records. */
    void recordsOfFirstResolver(Consumer<DnsZone> change) {
        change.accept(firstZone);
    }

    Scratch disk() {
        return disk;
    }

    /** Forgets which requests have arrived, which it counts for the drill. */
    public void forgetArrivals() {
        arrivals.clear();
    }

    Arrivals arrivals() {
        return arrivals;
    }

    /** Returns where the resolvers listen for UDP and TCP, in the order in which clients are to ask them. */
    public List<InetSocketAddress> resolvers() {
        return List.of(firstResolver.address(), secondResolver.address());
    }

    /** Returns the URL of the second resolver for DNS over HTTPS. */
    String dohUrl() {
        return secondResolver.dohUrl();
    }

    /** Returns the port of all web servers. */
    public int port() {
        return server(Party.EDGE_A).port();
    }

    private WebServer server(Party party) {
        WebServer server = servers.get(party);
        if (server == null) {
            throw new IllegalArgumentException("party: " + party);
        }
        return server;
    }

    @Override
    public void close() {
        List<AutoCloseable> all = new ArrayList<>(servers.values());
        all.add(firstResolver);
        all.add(secondResolver);
        all.add(disk);
        for (AutoCloseable one : all) {
            try {
                one.close();
            } catch (Exception e) {
                System.err.println("while stopping: " + e);
            }
        }
    }
}

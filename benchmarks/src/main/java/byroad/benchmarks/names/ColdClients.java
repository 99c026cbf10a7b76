package byroad.benchmarks.names;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** Who looks up cold, and how many threads each starts for it. */
final class ColdClients {
    static final String OURS = "Byroad over UDP";
    static final String DNSJAVA = "dnsjava LookupSession";
    static final String DNSJAVA_THREADS = "dnsjava LookupSession, own threads";
    static final String DNSJAVA_SIMPLE = "dnsjava SimpleResolver";
    static final String NETTY = "Netty resolver";
    static final String FLOOR = "floor: two raw datagrams";

    static final String TCP = "Byroad's resolver over TCP, other server";
    static final String TLS = "Byroad's resolver over TLS, other server";
    static final String HTTPS = "Byroad's resolver over HTTPS, other server";

    static final List<String> ALL =
            List.of(OURS, DNSJAVA, DNSJAVA_THREADS, DNSJAVA_SIMPLE, NETTY, FLOOR, TCP, TLS, HTTPS);

    private ColdClients() {}

    static LookUp start(String client, LoopbackDns server) throws IOException {
        switch (client) {
            case OURS:
                return Ours.lastGood(Ours.udp(server.address()));
            case DNSJAVA:
                return Peers.dnsjava(Peers.server(server.address()));
            case DNSJAVA_THREADS:
                return Peers.dnsjavaOn(Peers.twoThreads(), Peers.server(server.address()));
            case DNSJAVA_SIMPLE:
                return Peers.dnsjavaSimple(Peers.server(server.address()));
            case NETTY:
                return Peers.netty(server.address());
            case FLOOR:
                return Peers.rawUdp(server.address());
            case TCP:
            case TLS:
            case HTTPS:
                return Ours.overStreams(client);
            default:
                throw new IOException("client: " + client);
        }
    }

    /** How many threads the JVM started during that many lookups, after the first one. */
    static long threadsStarted(String client, int lookUps) throws Exception {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try (LoopbackDns server = LoopbackDns.start();
                LookUp lookUp = start(client, server)) {
            lookUp.of("first.byroad.test");
            long before = threads.getTotalStartedThreadCount();
            for (int i = 0; i < lookUps; i++) {
                lookUp.of("t" + i + ".byroad.test");
            }
            return threads.getTotalStartedThreadCount() - before;
        }
    }
}

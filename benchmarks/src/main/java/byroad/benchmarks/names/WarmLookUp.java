package byroad.benchmarks.names;

import java.io.IOException;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.Dns;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A name that was looked up before, one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class WarmLookUp {
    static final String HOST = "api.byroad.test";

    static final String OURS = "Byroad, the Dns that OkHttp calls";
    static final String OURS_ALONE = "Byroad LastGood.lookup";
    static final String SYSTEM = "OkHttp Dns.SYSTEM";
    static final String DNSJAVA = "dnsjava LookupSession as a Dns";

    private static final String JDK = "JDK InetAddress";
    private static final String NETTY = "Netty resolver with cache";
    private static final String CAFFEINE = "floor: Caffeine with expiry";
    private static final String MAP = "floor: ConcurrentHashMap";

    static final List<String> CLIENTS = List.of(OURS, OURS_ALONE, SYSTEM, JDK, DNSJAVA, NETTY, CAFFEINE, MAP);

    @Param(OURS)
    String client = OURS;

    @SuppressWarnings("NullAway.Init") // by start()
    private LoopbackDns server;

    @SuppressWarnings("NullAway.Init") // by start()
    private LookUp lookUp;

    @Setup
    public void start() throws Exception {
        server = LoopbackDns.start();
        lookUp = lookUp();
        lookUp.of(HOST);
    }

    private LookUp lookUp() throws Exception {
        switch (client) {
            case OURS:
                return Ours.dns(HOST, Ours.udp(server.address()));
            case OURS_ALONE:
                return Ours.lastGood(Ours.udp(server.address()));
            case SYSTEM:
                return Dns.SYSTEM::lookup;
            case JDK:
                return InetAddress::getAllByName;
            case DNSJAVA:
                return Peers.dnsjava(Peers.server(server.address()));
            case NETTY:
                return Peers.netty(server.address());
            case CAFFEINE:
                return Peers.caffeine(HOST);
            case MAP:
                return Peers.map(HOST);
            default:
                throw new IOException("client: " + client);
        }
    }

    @Benchmark
    public Object lookUpAgain() throws Exception {
        return lookUp.of(HOST);
    }

    @TearDown
    public void stop() throws Exception {
        lookUp.close();
        server.close();
    }
}

package byroad.samples.drill;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * Name resolution as the JDK does it over glibc, with all times divided by {@link #TIME_SCALE}: the servers in order,
 * five seconds for each, two rounds; addresses cached for 30 s, their absence for 10 s. An empty answer and a name that
 * does not exist end the search, {@code SERVFAIL} and the like go on to the next server. The calling thread waits, and
 * nothing can wake it; others who ask for the same name wait for the first.
 *
 * <p>The defaults are those of resolv.conf(5) and of {@code networkaddress.cache.ttl} and
 * {@code networkaddress.cache.negative.ttl} of JDK 17. Only A is asked for, and over UDP only: the zone of the drill
 * holds nothing else and nothing large.
 */
final class GetaddrinfoDns implements Dns {
    /** One second here stands for so many: the outages of the drill are shorter than real ones, and so is this. */
    static final int TIME_SCALE = 10;

    static final Duration SERVER_TIMEOUT = Duration.ofSeconds(5).dividedBy(TIME_SCALE);
    static final Duration POSITIVE_TTL = Duration.ofSeconds(30).dividedBy(TIME_SCALE);
    static final Duration NEGATIVE_TTL = Duration.ofSeconds(10).dividedBy(TIME_SCALE);
    static final int ROUNDS = 2;

    private final List<InetSocketAddress> servers;
    private final Map<String, Entry> cache = new ConcurrentHashMap<>();

    GetaddrinfoDns(List<InetSocketAddress> servers) {
        this.servers = List.copyOf(servers);
    }

    @Override
    public List<InetAddress> lookup(String host) throws UnknownHostException {
        List<InetAddress> addresses =
                cache.computeIfAbsent(host, name -> new Entry()).addresses(host);
        if (addresses.isEmpty()) {
            throw new UnknownHostException(host);
        }
        return addresses;
    }

    /** What is known of one name; its lock makes those who ask meanwhile wait for the first. */
    private final class Entry {
        // Guarded by this.
        private @Nullable List<InetAddress> known;
        private long expiresNanos;

        synchronized List<InetAddress> addresses(String host) {
            List<InetAddress> now = known;
            if (now == null || System.nanoTime() - expiresNanos >= 0) {
                now = search(host);
                known = now;
                expiresNanos = System.nanoTime() + (now.isEmpty() ? NEGATIVE_TTL : POSITIVE_TTL).toNanos();
            }
            return now;
        }
    }

    private List<InetAddress> search(String host) {
        for (int round = 0; round < ROUNDS; round++) {
            for (InetSocketAddress server : servers) {
                try {
                    UdpQuery.Reply reply = UdpQuery.ask(server, host, SERVER_TIMEOUT);
                    if (reply.isFinal()) {
                        return reply.addresses();
                    }
                } catch (IOException e) {
                    // Silence, or nobody there: the next server is asked.
                }
            }
        }
        return List.of();
    }
}

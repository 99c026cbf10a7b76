package byroad.dns;

import byroad.FailureDomain;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/** The resolvers that come with the core. */
public final class Resolvers {
    // A blocking lookup tells neither TTL nor the kind of a negative; the JDK's own positive cache is 30 s.
    private static final Duration TTL = Duration.ofSeconds(30);
    private static final Duration NEGATIVE_TTL = Duration.ofSeconds(5);

    private Resolvers() {}

    /**
     * A resolver that asks somebody else's blocking lookup, on the client's threads for blocking work.
     *
     * <pre>{@code
     * Resolvers.blocking("consul", "acme/consul", host -> consul.addressesOf(host))
     * }</pre>
     *
     * <p>Its addresses are fresh for 30 s. Its {@link UnknownHostException} is taken as "no such name", the strictest case,
     * for 5 s; any other {@link IOException} as no answer.
     *
     * @param name what it is called in reports
     * @param domain whom it depends on, as in {@link FailureDomain}
     */
    public static Resolver blocking(String name, String domain, HostLookup lookup) {
        return new BlockingResolver(
                name, FailureDomain.of(domain), (question, waiting, seams) -> answer(lookup, question.host()));
    }

    private static Answer answer(HostLookup lookup, String host) {
        try {
            List<InetAddress> addresses = lookup.addressesOf(host);
            return addresses.isEmpty() ? new Answer.Empty(NEGATIVE_TTL) : new Answer.Addresses(addresses, TTL);
        } catch (UnknownHostException unknown) {
            return new Answer.NoSuchName(NEGATIVE_TTL);
        } catch (IOException e) {
            return new Answer.Failed(e.toString());
        }
    }

    /**
     * A resolver that asks a server over UDP, and over TCP what does not fit. Both families are asked at once, and once more
     * after 400 ms of silence.
     *
     * @param name what it is called in reports
     * @param domain whom it depends on, as in {@link FailureDomain}
     * @param server its address, resolved
     * @throws IllegalArgumentException if the server is a name in place of an address
     */
    public static Resolver udp(String name, String domain, InetSocketAddress server) {
        if (server.isUnresolved()) {
            throw new IllegalArgumentException("server: " + server + " (expected: an IP address)");
        }
        return new BlockingResolver(
                name,
                FailureDomain.of(domain),
                (question, waiting, seams) -> UdpExchange.ask(question, server, seams, waiting));
    }
}

package byroad.benchmarks.names;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.Cache;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedResolver;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Resolver;
import org.xbill.DNS.Section;
import org.xbill.DNS.SimpleResolver;
import org.xbill.DNS.TextParseException;
import org.xbill.DNS.Type;
import org.xbill.DNS.lookup.LookupResult;
import org.xbill.DNS.lookup.LookupSession;

/** What users would pick instead, each set up as its documentation says, and the floors below which nobody gets. */
final class Peers {
    private static final Duration DNSJAVA_DEFAULT_TIMEOUT =
            Duration.ofSeconds(5); // of its ExtendedResolver, per resolver

    private Peers() {}

    /** The floor of any cache. */
    static LookUp map(String host) throws UnknownHostException {
        Map<String, List<InetAddress>> known = new ConcurrentHashMap<>(Map.of(host, addresses()));
        return asked -> Objects.requireNonNull(known.get(asked));
    }

    /** The floor of a bounded cache whose entries expire. */
    static LookUp caffeine(String host) throws UnknownHostException {
        com.github.benmanes.caffeine.cache.Cache<String, List<InetAddress>> known = Caffeine.newBuilder()
                .maximumSize(1_000)
                .expireAfterWrite(Duration.ofHours(1))
                .build();
        known.put(host, addresses());
        return asked -> Objects.requireNonNull(known.getIfPresent(asked));
    }

    private static List<InetAddress> addresses() throws UnknownHostException {
        return List.of(InetAddress.getByAddress(LoopbackDns.IPV4), InetAddress.getByAddress(LoopbackDns.IPV6));
    }

    /** The floor of a network: two datagrams there, two back, on one socket. */
    static LookUp rawUdp(InetSocketAddress server) throws IOException {
        DatagramSocket socket = new DatagramSocket();
        socket.connect(server);
        byte[] query = Message.newQuery(Record.newRecord(Name.fromString("raw.byroad.test."), Type.A, DClass.IN))
                .toWire(512);
        DatagramPacket asked = new DatagramPacket(query, query.length);
        DatagramPacket heard = new DatagramPacket(new byte[512], 512);
        return host -> {
            socket.send(asked);
            socket.send(asked);
            socket.receive(heard);
            socket.receive(heard);
            return heard;
        };
    }

    /** dnsjava's best: A and AAAA at once, its own cache, and continuations on the common pool unless told otherwise. */
    static LookUp dnsjava(Resolver resolver) {
        return dnsjava(
                LookupSession.builder().resolver(resolver).cache(new Cache()).build());
    }

    /** With threads of its own, so that it need not start any. */
    static LookUp dnsjavaOn(Executor executor, Resolver resolver) {
        return dnsjava(LookupSession.builder()
                .resolver(resolver)
                .cache(new Cache())
                .executor(executor)
                .build());
    }

    private static LookUp dnsjava(LookupSession session) {
        return host -> {
            Name name = Name.fromString(host, Name.root);
            CompletableFuture<LookupResult> a =
                    session.lookupAsync(name, Type.A).toCompletableFuture();
            CompletableFuture<LookupResult> aaaa =
                    session.lookupAsync(name, Type.AAAA).toCompletableFuture();
            List<InetAddress> all = addresses(a.get().getRecords());
            all.addAll(addresses(aaaa.get().getRecords()));
            return some(all);
        };
    }

    /** dnsjava below its session and its cache: two queries at once, nothing else. */
    static LookUp dnsjavaSimple(Resolver resolver) {
        return host -> {
            CompletableFuture<Message> a =
                    resolver.sendAsync(query(host, Type.A)).toCompletableFuture();
            CompletableFuture<Message> aaaa =
                    resolver.sendAsync(query(host, Type.AAAA)).toCompletableFuture();
            List<InetAddress> all = addresses(a.get().getSection(Section.ANSWER));
            all.addAll(addresses(aaaa.get().getSection(Section.ANSWER)));
            return some(all);
        };
    }

    private static Message query(String host, int type) throws TextParseException {
        return Message.newQuery(Record.newRecord(Name.fromString(host, Name.root), type, DClass.IN));
    }

    private static List<InetAddress> addresses(List<Record> records) {
        List<InetAddress> addresses = new ArrayList<>(2);
        for (Record record : records) {
            if (record instanceof ARecord a) {
                addresses.add(a.getAddress());
            } else if (record instanceof AAAARecord aaaa) {
                addresses.add(aaaa.getAddress());
            }
        }
        return addresses;
    }

    private static List<InetAddress> some(List<InetAddress> addresses) throws UnknownHostException {
        if (addresses.isEmpty()) {
            throw new UnknownHostException("no addresses");
        }
        return addresses;
    }

    static Resolver server(InetSocketAddress server) {
        return new SimpleResolver(server);
    }

    /** Two servers as its defaults have them. */
    static Resolver extended(InetSocketAddress first, InetSocketAddress second) {
        return extended(first, second, DNSJAVA_DEFAULT_TIMEOUT);
    }

    static Resolver extended(InetSocketAddress first, InetSocketAddress second, Duration timeout) {
        Resolver one = server(first);
        Resolver other = server(second);
        one.setTimeout(timeout);
        other.setTimeout(timeout);
        return new ExtendedResolver(List.of(one, other));
    }

    static ExecutorService twoThreads() {
        return Executors.newFixedThreadPool(2, new DefaultThreadFactory("dnsjava", true));
    }

    static LookUp netty(InetSocketAddress... servers) {
        return netty(Duration.ofSeconds(5), servers); // its default
    }

    /** A and AAAA at once, its own cache, one event loop. */
    static LookUp netty(Duration queryTimeout, InetSocketAddress... servers) {
        EventLoopGroup loops =
                new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("netty", true), NioIoHandler.newFactory());
        DnsNameResolver resolver = new DnsNameResolverBuilder(loops.next())
                .datagramChannelType(NioDatagramChannel.class)
                .nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers))
                .hostsFileEntriesResolver((host, types) -> null)
                .searchDomains(List.of())
                .queryTimeoutMillis(queryTimeout.toMillis())
                .build();
        return new LookUp() {
            @Override
            public Object of(String host) throws Exception {
                return some(resolver.resolveAll(host).get());
            }

            @Override
            public void close() {
                resolver.close();
                loops.shutdownGracefully(0, 0, java.util.concurrent.TimeUnit.SECONDS);
            }
        };
    }
}

package byroad.okhttp;

import byroad.dns.HostLookup;
import byroad.dns.Resolution;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/**
 * The client's own {@code Dns} as a look-up of the resolver chain.
 *
 * <p>Since OkHttp 5.5, a {@code Dns} may give more than addresses: HTTPS records, and with them the configuration of
 * Encrypted Client Hello. The memory of names has addresses only. So such a {@code Dns} is asked as OkHttp asks it, and
 * the memory then {@linkplain #with learns} what it said.
 */
final class OwnDns implements HostLookup {
    /** What the {@code Dns} has just said to the thread that asks the memory. */
    private static final ThreadLocal<Said> SAID = new ThreadLocal<>();

    private final Dns dns;

    OwnDns(Dns dns) {
        this.dns = dns;
    }

    boolean isPlatforms() {
        return dns == Dns.SYSTEM;
    }

    @Override
    public List<InetAddress> addressesOf(String host) throws IOException {
        Said known = SAID.get();
        if (known != null) {
            return known.addresses();
        }
        List<InetAddress> found = dns.lookup(host);
        if (found.isEmpty()) { // as OkHttp says it
            throw new UnknownHostException(dns + " returned no addresses for " + host);
        }
        return found;
    }

    /** A call that may give more than addresses; null if this {@code Dns} only looks addresses up. */
    Dns.@Nullable Call newCall(Dns.Request request) {
        Dns.Call call = dns.newCall(request);
        return OkHttpInternals.isLookUpOnly(call) ? null : call;
    }

    /** Asks the memory of names, which gets that answer if it asks this look-up. */
    Resolution with(Said answer, Callable<Resolution> memory) throws Exception {
        SAID.set(answer);
        try {
            return memory.call();
        } finally {
            SAID.remove();
        }
    }

    /** What a call of the {@code Dns} said: records, and the exception at its end if there was one. */
    record Said(
            String host, List<Dns.Record> records, @Nullable IOException failure) {
        /** One with addresses only. */
        static Said of(String host, List<InetAddress> addresses) {
            List<Dns.Record> records = new ArrayList<>();
            addresses.forEach(address -> records.add(new Dns.Record.IpAddress(host, address)));
            return new Said(host, records, null);
        }

        Said failed(IOException why) {
            return new Said(host, records, why);
        }

        /** With the addresses in that order. */
        Said inOrder(List<InetAddress> addresses) {
            List<Dns.Record> ordered = new ArrayList<>(records);
            ordered.sort(Comparator.comparing(
                    one -> one instanceof Dns.Record.IpAddress ip ? addresses.indexOf(ip.address()) : -1));
            return new Said(host, ordered, failure);
        }

        boolean hasAddresses() {
            return !addressesGiven().isEmpty();
        }

        List<InetAddress> addressesGiven() {
            List<InetAddress> addresses = new ArrayList<>();
            for (Dns.Record record : records) {
                if (record instanceof Dns.Record.IpAddress one) {
                    addresses.add(one.address());
                }
            }
            return addresses;
        }

        List<InetAddress> addresses() throws IOException {
            List<InetAddress> addresses = addressesGiven();
            if (addresses.isEmpty()) { // as OkHttp says it
                throw failure != null ? failure : new UnknownHostException("DNS returned no addresses for " + host);
            }
            return addresses;
        }
    }
}

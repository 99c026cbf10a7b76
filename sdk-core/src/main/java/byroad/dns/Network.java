package byroad.dns;

import byroad.Scheme;
import byroad.dns.HostEntry.PendingInquiry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The hosts that are known on one network, with their stored records. */
final class Network implements HostEntry.Place, AutoCloseable {
    private final BoundedMap<HostEntry> hosts;
    private final Optional<StoredRecords> stored;
    private final BiFunction<String, HostEntry.Place, HostEntry> make;
    private final BiFunction<String, Scheme, CompletableFuture<Resolution>> elsewhere;
    private volatile boolean isLeft;

    /** {@code elsewhere} looks a host up on the network where the device is. */
    Network(
            int names,
            Optional<StoredRecords> stored,
            BiFunction<String, HostEntry.Place, HostEntry> make,
            BiFunction<String, Scheme, CompletableFuture<Resolution>> elsewhere) {
        this.hosts = BoundedMap.of(names);
        this.stored = stored;
        this.make = make;
        this.elsewhere = elsewhere;
    }

    @Nullable
    HostEntry known(String name) {
        return hosts.get(name);
    }

    HostEntry of(String name) {
        return hosts.getOrMake(name, added -> make.apply(added, this));
    }

    List<HostEntry> all() {
        return hosts.all();
    }

    @Override
    public boolean isLeft() {
        return isLeft;
    }

    @Override
    public CompletableFuture<Resolution> elsewhere(String host, Scheme scheme) {
        return elsewhere.apply(host, scheme);
    }

    @Override
    public Optional<StoredRecords> stored() {
        return stored;
    }

    /** The device left the network: no inquiry that began here is learned. Returns them, to be ended. */
    List<PendingInquiry> leave() {
        isLeft = true;
        return hosts.all().stream()
                .map(HostEntry::leave)
                .filter(Optional::isPresent)
                .map(Optional::get)
                .collect(Collectors.toList());
    }

    /** The device is on this network, or is said to be so again: what failed or was denied is asked anew. */
    void arrive() {
        isLeft = false;
        hosts.all().forEach(HostEntry::arrive);
    }

    @Override
    public void close() {
        stored.ifPresent(StoredRecords::close);
    }
}

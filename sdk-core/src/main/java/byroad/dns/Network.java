package byroad.dns;

import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** The hosts that are known on one network, with their stored records. */
final class Network implements AutoCloseable {
    private final BoundedMap<HostEntry> hosts;
    private final Optional<StoredRecords> stored;
    private final BiFunction<String, Optional<StoredRecords>, HostEntry> make;

    Network(int names, Optional<StoredRecords> stored, BiFunction<String, Optional<StoredRecords>, HostEntry> make) {
        this.hosts = BoundedMap.of(names);
        this.stored = stored;
        this.make = make;
    }

    @Nullable
    HostEntry known(String name) {
        return hosts.get(name);
    }

    HostEntry of(String name) {
        return hosts.getOrMake(name, added -> make.apply(added, stored));
    }

    List<HostEntry> all() {
        return hosts.all();
    }

    @Override
    public void close() {
        stored.ifPresent(StoredRecords::close);
    }
}

package byroad.dns;

import byroad.Preset;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A map by name with a maximum size: Caffeine on the JVM, a small least-recently-used map on Android, where Caffeine
 * does not run. Safe for use by any thread.
 */
interface BoundedMap<V> {
    /** A map for this platform. */
    static <V> BoundedMap<V> of(int size) {
        return Preset.detected() == Preset.MOBILE ? new Small<>(size) : new OnCaffeine<>(size);
    }

    @Nullable
    V get(String name);

    V getOrMake(String name, Function<String, V> make);

    /** All values now, in no order. */
    List<V> all();

    /** A class of its own, so that Caffeine is not even loaded where it cannot run. */
    final class OnCaffeine<V> implements BoundedMap<V> {
        private final Cache<String, V> entries;

        OnCaffeine(int size) {
            // Evicts on the thread that adds an entry, so that no other thread is needed.
            this.entries = Caffeine.newBuilder()
                    .maximumSize(size)
                    .executor(Runnable::run)
                    .build();
        }

        @Override
        public @Nullable V get(String name) {
            return entries.getIfPresent(name);
        }

        @Override
        public V getOrMake(String name, Function<String, V> make) {
            return entries.get(name, make);
        }

        @Override
        public List<V> all() {
            return List.copyOf(entries.asMap().values());
        }
    }

    /** Least recently used goes first. */
    final class Small<V> implements BoundedMap<V> {
        private final int size;
        private final Map<String, V> entries; // guarded by this

        Small(int size) {
            this.size = size;
            this.entries = new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                    return size() > Small.this.size;
                }
            };
        }

        @Override
        public synchronized @Nullable V get(String name) {
            return entries.get(name);
        }

        @Override
        public synchronized V getOrMake(String name, Function<String, V> make) {
            return entries.computeIfAbsent(name, make);
        }

        @Override
        public synchronized List<V> all() {
            return List.copyOf(entries.values());
        }
    }
}

package byroad.dns;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.UserCode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the {@link StoredRecord}s of one network in an {@link AnswerStore}, in the background.
 *
 * <p>Safe for use by any thread. Only {@link #close} blocks, nothing throws, and a store that hangs blocks three
 * threads and no call. A store that fails causes one event, and then one a minute.
 */
final class StoredRecords implements AutoCloseable {
    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    private static final Duration COMPLAIN_AGAIN = Duration.ofSeconds(60);

    private static final int AT_MOST = 1_000;
    private static final int READERS = 2;
    private static final String STORE = "the answer store";

    private final AnswerStore store;
    private final ClientRuntime runtime;
    private final String keyPrefix;
    private final Duration maxAge;
    private final Bulkhead reads;

    // Guarded by this.
    private final Map<String, CompletableFuture<@Nullable StoredRecord>> loads = new HashMap<>();
    private final Map<String, StoredRecord> unwritten = new LinkedHashMap<>();
    private boolean complained;
    private long complainedAt;
    private boolean writing;
    private boolean closed;

    private volatile CompletableFuture<Void> written = new CompletableFuture<>(); // what close waits for

    /**
     * @param network the id of the network; empty if there is only one
     * @param maxAge how long ago a resolver may have given addresses that are still read
     */
    StoredRecords(AnswerStore store, ClientRuntime runtime, String network, Duration maxAge) {
        this.store = store;
        this.runtime = runtime;
        this.keyPrefix = network.isEmpty() ? "" : network + "/";
        this.maxAge = maxAge;
        this.reads = new Bulkhead(runtime.blocking(), READERS);
    }

    /**
     * Reads the record of that host. The future never fails, is null if there is no usable record, and takes as long as
     * the store does.
     *
     * @param host in lower case, without a dot at the end
     */
    CompletableFuture<@Nullable StoredRecord> recall(String host) {
        CompletableFuture<@Nullable StoredRecord> load;
        boolean isNew;
        synchronized (this) {
            CompletableFuture<@Nullable StoredRecord> underWay = loads.get(host);
            isNew = underWay == null;
            if (isNew && (closed || loads.size() >= AT_MOST)) {
                return CompletableFuture.completedFuture(null);
            }
            load = underWay == null ? new CompletableFuture<>() : underWay;
            loads.put(host, load);
        }
        if (isNew) {
            startLoad(host, load);
        }
        return load;
    }

    private void startLoad(String host, CompletableFuture<@Nullable StoredRecord> load) {
        try {
            reads.execute(() -> load(host, load));
        } catch (RejectedExecutionException noneFree) {
            loaded(host, load, null); // the next look-up tries again
        }
    }

    private void load(String host, CompletableFuture<@Nullable StoredRecord> load) {
        Optional<StoredRecord> record = UserCode.call(runtime, STORE, () -> read(host), Optional.empty());
        loaded(host, load, record.orElse(null));
    }

    private Optional<StoredRecord> read(String host) {
        try {
            byte[] bytes = store.load(keyPrefix + host);
            return bytes == null ? Optional.empty() : judged(host, bytes);
        } catch (IOException | RuntimeException broken) {
            complain("read", host, broken);
            return Optional.empty();
        }
    }

    private void loaded(String host, CompletableFuture<@Nullable StoredRecord> load, @Nullable StoredRecord record) {
        synchronized (this) {
            loads.remove(host);
        }
        load.complete(record);
    }

    private Optional<StoredRecord> judged(String host, byte[] bytes) {
        StoredRecord.Reading reading =
                StoredRecord.decode(bytes, host, runtime.time().now(), maxAge);
        if (reading instanceof StoredRecord.Usable usable) {
            return Optional.of(usable.record());
        }
        String because = ((StoredRecord.Unusable) reading).because();
        runtime.emit(new Event.StoredAnswerRefused(keyPrefix + host, because));
        return Optional.empty();
    }

    /**
     * Stores that record soon, unless the store says that the name was blocked after its addresses were given: another
     * process of the fleet heard that. If several records of a host wait, only the last one is stored; if more than 1,000 hosts
     * wait, the oldest record is dropped.
     */
    void remember(StoredRecord record) {
        boolean start;
        synchronized (this) {
            if (closed) {
                return;
            }
            unwritten.put(record.host(), record);
            if (unwritten.size() > AT_MOST) {
                firstUnwritten();
            }
            start = isToStartWriting();
        }
        if (start) {
            startWriting();
        }
    }

    private boolean isToStartWriting() {
        boolean start = !writing && !unwritten.isEmpty();
        writing |= start;
        return start;
    }

    private void startWriting() {
        try {
            runtime.blocking().execute(this::writeAll);
        } catch (RejectedExecutionException noneFree) {
            synchronized (this) {
                writing = false; // the next record tries again
            }
        }
    }

    private void writeAll() {
        for (StoredRecord next = nextToWrite(); next != null; next = nextToWrite()) {
            StoredRecord record = next;
            UserCode.run(runtime, STORE, () -> save(record));
        }
        written.complete(null);
    }

    private void save(StoredRecord record) {
        try {
            String key = keyPrefix + record.host();
            byte[] kept = record.isBlock() ? null : store.load(key);
            if (kept == null || !isBlocked(record, kept)) {
                store.save(key, record.encode());
            }
        } catch (IOException | RuntimeException broken) {
            complain("save", record.host(), broken);
        }
    }

    private boolean isBlocked(StoredRecord record, byte[] kept) {
        return StoredRecord.decode(kept, record.host(), runtime.time().now(), maxAge)
                        instanceof StoredRecord.Usable before
                && before.record().blocks(record);
    }

    private synchronized @Nullable StoredRecord nextToWrite() {
        writing = !unwritten.isEmpty();
        return writing ? firstUnwritten() : null;
    }

    private StoredRecord firstUnwritten() {
        Iterator<StoredRecord> records = unwritten.values().iterator();
        StoredRecord first = records.next();
        records.remove();
        return first;
    }

    private void complain(String doing, String host, Exception why) {
        synchronized (this) {
            long now = runtime.time().nanoTime();
            if (complained && now - complainedAt < COMPLAIN_AGAIN.toNanos()) {
                return;
            }
            complained = true;
            complainedAt = now;
        }
        String because = "could not " + doing + " the record of " + host + ": " + UserCode.textOf(why);
        runtime.emit(new Event.Impaired("answer store", because));
    }

    /**
     * Waits until all records are stored, at most one second; the store itself stays open, because it belongs to the
     * user.
     */
    @Override
    public void close() {
        boolean start;
        CompletableFuture<Void> over = new CompletableFuture<>();
        synchronized (this) {
            closed = true;
            start = isToStartWriting();
            if (!writing) {
                return;
            }
            written = over;
        }
        if (start) {
            startWriting();
        }
        var timer = runtime.time().schedule(CLOSE_PATIENCE, () -> over.complete(null));
        try {
            over.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException neverFails) {
            throw new IllegalStateException(neverFails);
        } finally {
            timer.cancel();
        }
    }
}

package byroad.dns;

import static byroad.dns.ScriptedResolver.ip;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FakeTime;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StoredRecordsTest {
    private static final Duration MAX_AGE = Duration.ofHours(24);

    private final FakeTime time = new FakeTime();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<Event> events = new ArrayList<>();
    private final ClientRuntime runtime =
            ClientRuntime.standard().time(time).blocking(threads::add).events(events::add);
    private final Shelf shelf = new Shelf();
    private final StoredRecords records = new StoredRecords(shelf, runtime, "", MAX_AGE);

    private StoredRecord record(String host, String... addresses) {
        List<InetAddress> all = new ArrayList<>();
        for (String address : addresses) {
            all.add(ip(address));
        }
        return new StoredRecord(host, all, Duration.ofSeconds(60), "quad9", time.now(), time.now());
    }

    /** Lets the threads for blocking work do what waits for them. */
    private void work() {
        for (Runnable task = threads.poll(); task != null; task = threads.poll()) {
            task.run();
        }
    }

    private void remembered(String host, String... addresses) {
        records.remember(record(host, addresses));
        work();
    }

    @Test
    void whatIsRememberedIsRecalledByTheNextProcess() {
        StoredRecord record = record("a.example", "203.0.113.9");
        records.remember(record);
        assertThat(shelf.saves).isEmpty(); // not on the thread of the call
        work();
        CompletableFuture<@Nullable StoredRecord> recalled =
                new StoredRecords(shelf, runtime, "", MAX_AGE).recall("a.example");
        assertThat(recalled).isNotDone();
        work();
        assertThat(recalled).isCompletedWithValue(record);
        assertThat(time.scheduled()).isZero();
        assertThat(events).isEmpty();
    }

    @Test
    void nothingIsRecalledOfAHostThatWasNeverStored() {
        CompletableFuture<@Nullable StoredRecord> recalled = records.recall("a.example");
        work();
        assertThat(recalled).isCompletedWithValue(null);
        assertThat(events).isEmpty();
    }

    @Test
    void eachNetworkHasItsOwn() {
        StoredRecords wlan = new StoredRecords(shelf, runtime, "wlan-7", MAX_AGE);
        wlan.remember(record("a.example", "203.0.113.9"));
        work();
        assertThat(shelf.saves).containsExactly("wlan-7/a.example");
        CompletableFuture<@Nullable StoredRecord> elsewhere = records.recall("a.example");
        CompletableFuture<@Nullable StoredRecord> there = wlan.recall("a.example");
        work();
        assertThat(elsewhere).isCompletedWithValue(null);
        assertThat(there.join()).isNotNull();
    }

    @Test
    void aRecordThatCannotBeUsedIsToldAndNotRecalled() {
        shelf.records.put("a.example", new byte[] {1, 2, 3});
        shelf.records.put("b.example", record("a.example", "203.0.113.9").encode());
        CompletableFuture<@Nullable StoredRecord> a = records.recall("a.example");
        CompletableFuture<@Nullable StoredRecord> b = records.recall("b.example");
        work();
        assertThat(a).isCompletedWithValue(null);
        assertThat(b).isCompletedWithValue(null);
        assertThat(events)
                .containsExactly(
                        new Event.StoredAnswerRefused("a.example", "damaged: not a record"),
                        new Event.StoredAnswerRefused("b.example", "of another host"));
    }

    @Test
    void aHostIsLoadedOnceAtATime() {
        shelf.records.put("a.example", record("a.example", "203.0.113.9").encode());
        CompletableFuture<@Nullable StoredRecord> first = records.recall("a.example");
        CompletableFuture<@Nullable StoredRecord> second = records.recall("a.example");
        work();
        assertThat(first.join()).isNotNull();
        assertThat(second.join()).isNotNull();
        assertThat(shelf.loads).containsExactly("a.example");
        records.recall("a.example");
        work();
        assertThat(shelf.loads).hasSize(2);
    }

    @Test
    void aStoreThatHangsHoldsThreeThreads() {
        for (int i = 0; i < 50; i++) {
            records.recall("host-" + i);
            records.remember(record("host-" + i, "203.0.113.9"));
        }
        assertThat(threads).hasSize(3);
        work();
        assertThat(shelf.loads).hasSize(100); // each save reads first, because another process may know of a block
        assertThat(shelf.saves).hasSize(50);
    }

    @Test
    void nothingIsRecalledWithoutAFreeThreadAndTheNextLookUpTriesAgain() {
        shelf.records.put("a.example", record("a.example", "203.0.113.9").encode());
        boolean[] full = {true};
        StoredRecords crowded = new StoredRecords(
                shelf,
                runtime.blocking(task -> {
                    if (full[0]) {
                        throw new RejectedExecutionException();
                    }
                    threads.add(task);
                }),
                "",
                MAX_AGE);
        CompletableFuture<@Nullable StoredRecord> first = crowded.recall("a.example");
        crowded.remember(record("b.example", "203.0.113.9"));
        time.advance(Duration.ofMillis(200));
        assertThat(first).isCompletedWithValue(null);
        full[0] = false;
        CompletableFuture<@Nullable StoredRecord> second = crowded.recall("a.example");
        crowded.remember(record("c.example", "203.0.113.9"));
        work();
        assertThat(second.join()).isNotNull();
        assertThat(shelf.saves).containsExactly("b.example", "c.example");
    }

    @Test
    void ofSeveralThatWaitTheLastIsStored() {
        records.remember(record("a.example", "203.0.113.7"));
        records.remember(record("b.example", "203.0.113.8"));
        records.remember(record("a.example", "203.0.113.9"));
        work();
        assertThat(shelf.saves).containsExactly("a.example", "b.example");
        assertThat(shelf.records.get("a.example"))
                .isEqualTo(record("a.example", "203.0.113.9").encode());
    }

    @Test
    void noMoreThanAThousandWait() {
        for (int i = 0; i < 1_500; i++) {
            records.remember(record("host-" + i, "203.0.113.9"));
        }
        work();
        assertThat(shelf.saves).hasSize(1_000).startsWith("host-500").endsWith("host-1499");
    }

    @Test
    void aFailingStoreIsToldOfOnceAMinute() {
        shelf.broken = new IOException("No space left on device " + "x".repeat(300));
        remembered("a.example", "203.0.113.9");
        remembered("b.example", "203.0.113.9");
        CompletableFuture<@Nullable StoredRecord> recalled = records.recall("c.example");
        work();
        assertThat(recalled).isCompletedWithValue(null);
        assertThat(shelf.saves).as("it may hold a block").isEmpty();
        assertThat(events).hasSize(1);
        assertThat(events.get(0).toString())
                .startsWith("answer store: could not save the record of a.example: java.io.IOException: No space left")
                .hasSizeLessThan(300);
        time.advance(Duration.ofMinutes(1));
        records.recall("c.example");
        work();
        assertThat(events).hasSize(2);
        assertThat(events.get(1).toString()).contains("could not read the record of c.example");
    }

    @Test
    void aStoreWithABugHarmsNobody() {
        shelf.bug = new IllegalStateException("bug");
        remembered("a.example", "203.0.113.9");
        CompletableFuture<@Nullable StoredRecord> recalled = records.recall("a.example");
        work();
        assertThat(recalled).isCompletedWithValue(null);
        shelf.bug = null;
        remembered("b.example", "203.0.113.9");
        assertThat(shelf.records).containsKey("b.example");
    }

    @Test
    void closingStoresWhatWaits() {
        CountDownLatch storeIsQuick = new CountDownLatch(1);
        StoredRecords real = new StoredRecords(
                shelf.held(storeIsQuick), ClientRuntime.standard().time(time).events(events::add), "", MAX_AGE);
        real.remember(record("a.example", "203.0.113.9"));
        real.remember(record("b.example", "203.0.113.9"));
        storeIsQuick.countDown();
        real.close();
        assertThat(shelf.saves).containsExactly("a.example", "b.example");
        assertThat(time.scheduled()).isZero();
    }

    @Test
    void closingWaitsASecondForAStoreThatHangs() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        StoredRecords real =
                new StoredRecords(shelf.held(never), ClientRuntime.standard().time(time), "", MAX_AGE);
        real.remember(record("a.example", "203.0.113.9"));
        Thread closing = new Thread(real::close);
        closing.start();
        while (time.scheduled() == 0) {
            Thread.onSpinWait();
        }
        time.advance(Duration.ofSeconds(1));
        closing.join();
        assertThat(shelf.saves).isEmpty();
        never.countDown();
    }

    @Test
    void closingWithNothingToStoreWaitsForNothingAndAfterwardsNothingHappens() {
        remembered("a.example", "203.0.113.9");
        records.close();
        records.remember(record("b.example", "203.0.113.9"));
        assertThat(records.recall("a.example")).isCompletedWithValue(null);
        assertThat(threads).isEmpty();
    }

    /** A store in memory that fails and waits when told to. */
    private static final class Shelf implements AnswerStore {
        final Map<String, byte[]> records = new HashMap<>();
        final List<String> loads = new ArrayList<>();
        final List<String> saves = new ArrayList<>();

        @Nullable
        IOException broken;

        @Nullable
        RuntimeException bug;

        @Override
        public synchronized byte @Nullable [] load(String key) throws IOException {
            loads.add(key);
            breakDown();
            return records.get(key);
        }

        @Override
        public synchronized void save(String key, byte[] record) throws IOException {
            saves.add(key);
            breakDown();
            records.put(key, record);
        }

        private void breakDown() throws IOException {
            if (broken != null) {
                throw broken;
            }
            if (bug != null) {
                throw bug;
            }
        }

        /** This store, whose saves wait for that latch. */
        AnswerStore held(CountDownLatch latch) {
            return new AnswerStore() {
                @Override
                public byte @Nullable [] load(String key) throws IOException {
                    return Shelf.this.load(key);
                }

                @Override
                public void save(String key, byte[] record) throws IOException {
                    try {
                        latch.await();
                    } catch (InterruptedException e) {
                        throw new IOException(e);
                    }
                    Shelf.this.save(key, record);
                }
            };
        }
    }
}

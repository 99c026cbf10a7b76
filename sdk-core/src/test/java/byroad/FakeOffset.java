package byroad;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's time plus what a test adds: for tests over real sockets, where time passes by itself as well. */
public final class FakeOffset implements TimeSource {
    private final TimeSource system = TimeSource.system();
    private final AtomicLong added = new AtomicLong();

    public void advance(Duration time) {
        added.addAndGet(time.toNanos());
    }

    @Override
    public long nanoTime() {
        return system.nanoTime() + added.get();
    }

    @Override
    public Instant now() {
        return system.now().plusNanos(added.get());
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        return system.schedule(delay, task);
    }

    @Override
    public void close() {
        system.close();
    }
}

package byroad.okhttp;

import byroad.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/** The machine's time, with jumps ahead; what is scheduled keeps to the machine's. */
final class OffsetTime implements TimeSource {
    private final TimeSource machine = TimeSource.system();
    private final AtomicLong offset = new AtomicLong();

    void jump(Duration ahead) {
        offset.addAndGet(ahead.toNanos());
    }

    @Override
    public long nanoTime() {
        return machine.nanoTime() + offset.get();
    }

    @Override
    public Instant now() {
        return machine.now().plusNanos(offset.get());
    }

    @Override
    public Scheduled schedule(Duration delay, Runnable task) {
        return machine.schedule(delay, task);
    }

    @Override
    public void close() {
        machine.close();
    }
}

package byroad.okhttp;

import byroad.TimeSource;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A wait of the calling thread that the clock ends, or somebody else before it. */
final class Pause {
    private final CountDownLatch over = new CountDownLatch(1);

    /** Waits that long at most. */
    void last(Duration duration, TimeSource time) throws InterruptedIOException {
        TimeSource.Scheduled alarm = time.schedule(duration, this::end);
        try {
            over.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting to try again");
        } finally {
            alarm.cancel();
        }
    }

    void end() {
        over.countDown();
    }
}

package byroad.okhttp;

import byroad.TimeSource;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Blocks the calling thread for a wait. */
final class Pause {
    private Pause() {}

    /** Waits until the future is complete; it is completed after that duration at the latest. */
    static void until(CompletableFuture<Boolean> over, Duration atMost, TimeSource time) throws InterruptedIOException {
        TimeSource.Scheduled alarm = time.schedule(atMost, () -> over.complete(false));
        try {
            over.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting to try again");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a wait ends, it does not fail", e);
        } finally {
            alarm.cancel();
        }
    }
}

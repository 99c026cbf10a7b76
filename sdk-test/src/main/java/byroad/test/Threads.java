package byroad.test;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** How the servers here make and end their threads. */
final class Threads {
    // Closing a socket ends what waits for it at once, so this is never used up; it keeps a close from hanging.
    private static final long JOIN_MILLIS = 2_000;

    private Threads() {}

    static Thread daemon(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        return thread;
    }

    static void join(Thread thread) {
        uninterrupted(() -> thread.join(JOIN_MILLIS));
    }

    static void join(ExecutorService executor) {
        uninterrupted(() -> executor.awaitTermination(JOIN_MILLIS, TimeUnit.MILLISECONDS));
    }

    /** Does it as if nobody had interrupted this thread, and keeps the interruption for later. */
    static void uninterrupted(Blocking work) {
        boolean interrupted = Thread.interrupted();
        try {
            work.run();
        } catch (InterruptedException e) {
            interrupted = true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    static void close(Closeable closeable) {
        try {
            closeable.close();
        } catch (IOException e) {
            // nothing is left to be done for it
        }
    }

    /** Work that waits. */
    interface Blocking {
        void run() throws InterruptedException;
    }
}

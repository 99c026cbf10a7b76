package byroad.test;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;

/** Makes and ends the threads of the servers here. */
final class Threads {
    // Closing a socket ends all waits for it at once, so this time is never needed; it prevents a close that hangs.
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

    /** Does the work uninterruptibly, and interrupts the thread again afterwards. */
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
            // nothing more can be done
        }
    }

    /** Work that blocks. */
    interface Blocking {
        void run() throws InterruptedException;
    }
}

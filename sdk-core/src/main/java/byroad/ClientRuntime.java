package byroad;

import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * The environment that all parts of one client share and that a test can replace: clock, random numbers, threads for
 * blocking work, preset, avoidances, event listener and fault injection.
 *
 * <p>Immutable; each method with an argument returns a changed copy that shares the rest.
 *
 * @param time the clock and timer
 * @param random the source of all random numbers; must be safe for use by any thread
 * @param blocking runs blocking work, such as the system resolver, on daemon threads; each of its users has a limit
 * @param preset which set of defaults applies
 * @param avoidances the avoidances in force
 * @param events receives each event on the thread where it happened; must be quick and must not throw
 * @param faultInjection the faults that a drill injects
 */
public record ClientRuntime(
        TimeSource time,
        Random random,
        Executor blocking,
        Preset preset,
        Avoidances avoidances,
        Consumer<Event> events,
        FaultInjection faultInjection)
        implements AutoCloseable {

    /** The system's clock, random numbers and threads, the detected preset, no listener and no fault injection. */
    public static ClientRuntime standard() {
        TimeSource time = TimeSource.system();
        return new ClientRuntime(
                time,
                SystemRuntime.random(),
                SystemRuntime.blockingExecutor(),
                Preset.detected(),
                new Avoidances(time),
                event -> {},
                FaultInjection.NONE);
    }

    /** With another clock, and with new avoidances that are measured by it. */
    public ClientRuntime time(TimeSource time) {
        return new ClientRuntime(time, random, blocking, preset, new Avoidances(time), events, faultInjection);
    }

    /** With another source of random numbers. */
    public ClientRuntime random(Random random) {
        return new ClientRuntime(time, random, blocking, preset, avoidances, events, faultInjection);
    }

    /** With other threads for blocking work. */
    public ClientRuntime blocking(Executor blocking) {
        return new ClientRuntime(time, random, blocking, preset, avoidances, events, faultInjection);
    }

    /** With other defaults. */
    public ClientRuntime preset(Preset preset) {
        return new ClientRuntime(time, random, blocking, preset, avoidances, events, faultInjection);
    }

    /** With another listener. */
    public ClientRuntime events(Consumer<Event> events) {
        return new ClientRuntime(time, random, blocking, preset, avoidances, events, faultInjection);
    }

    /** With that fault injection. */
    public ClientRuntime faultInjection(FaultInjection faultInjection) {
        return new ClientRuntime(time, random, blocking, preset, avoidances, events, faultInjection);
    }

    /** Passes the event to the listener. An exception of the listener never reaches a call. */
    public void emit(Event event) {
        try {
            events.accept(event);
        } catch (Throwable thrown) {
            listenerFailed(thrown);
        }
    }

    /**
     * Handles an exception that the listener threw. On a server it goes to the thread's handler of uncaught exceptions,
     * which prints it by default. On Android that handler would end the app, so the exception is dropped.
     */
    private void listenerFailed(Throwable thrown) {
        if (preset == Preset.SERVER) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
        }
    }

    /** Ends the timer, and the threads for blocking work if they are the standard ones. */
    @Override
    public void close() {
        time.close();
        if (blocking instanceof SystemRuntime.BlockingThreads threads) {
            threads.shutdownNow();
        }
    }
}

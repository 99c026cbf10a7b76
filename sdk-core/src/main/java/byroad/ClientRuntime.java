package byroad;

import java.util.Random;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * What the parts of one client share and a test may replace: time, chance, threads for blocking work, the preset, the
 * board of avoidances, the listener of events, and the place where a drill breaks something.
 *
 * <p>Immutable; each method with an argument returns a changed copy that shares the rest.
 *
 * @param time the clock and timer
 * @param random where all dice are rolled; must be safe for use by any thread
 * @param blocking runs what blocks, such as the system resolver, on a bounded number of daemon threads
 * @param preset which defaults fit
 * @param avoidances the board of verdicts in force
 * @param events told of everything noteworthy, on the thread where it happened; must be quick and must not throw
 * @param faultInjection what a drill breaks
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

    /** The machine's own time, chance and threads, the detected preset, nobody listening and nothing broken. */
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

    /** With another clock; the board of avoidances is a new one that goes by it. */
    public ClientRuntime time(TimeSource time) {
        return new ClientRuntime(time, random, blocking, preset, new Avoidances(time), events, faultInjection);
    }

    /** With other dice. */
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

    /** With something broken. */
    public ClientRuntime faultInjection(FaultInjection faultInjection) {
        return new ClientRuntime(time, random, blocking, preset, avoidances, events, faultInjection);
    }

    /** Tells the listener; what it throws ends here, for no call may fail because somebody counts it. */
    public void emit(Event event) {
        try {
            events.accept(event);
        } catch (Throwable thrown) {
            listenerFailed(thrown);
        }
    }

    /**
     * The last resort for an exception that no listener can be told of, because a listener threw it. On a server the thread's
     * handler of uncaught exceptions gets it, which prints it by default; on Android that handler ends the app, so it gets none.
     */
    private void listenerFailed(Throwable thrown) {
        if (preset == Preset.SERVER) {
            Thread current = Thread.currentThread();
            current.getUncaughtExceptionHandler().uncaughtException(current, thrown);
        }
    }

    /** Ends the timer and the threads for blocking work, as far as they are the standard ones. */
    @Override
    public void close() {
        time.close();
        if (blocking instanceof SystemRuntime.BlockingThreads threads) {
            threads.shutdownNow();
        }
    }
}

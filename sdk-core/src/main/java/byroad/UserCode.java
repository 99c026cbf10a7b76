package byroad;

import java.util.concurrent.Callable;

/**
 * Calls code that a user of this library wrote: a signature, a header supplier, a rewrite, a listener, a store, a
 * resolver.
 *
 * <p>An exception of that code becomes an event, and the caller continues as if the part were absent; no call fails and
 * nothing leaks because of it. Never use this class while a lock is held: the code may block.
 */
public final class UserCode {
    private UserCode() {}

    /**
     * Calls that code.
     *
     * @param what the code as the event names it, such as {@code the signature} or {@code the header supplier of
     *     api-key}
     * @param absent the result if the code throws
     */
    public static <T> T call(ClientRuntime runtime, String what, Callable<? extends T> code, T absent) {
        try {
            return code.call();
        } catch (Throwable thrown) {
            failed(runtime, what, thrown);
            return absent;
        }
    }

    /** Runs that code. */
    public static void run(ClientRuntime runtime, String what, Runnable code) {
        try {
            code.run();
        } catch (Throwable thrown) {
            failed(runtime, what, thrown);
        }
    }

    /** Emits the event for an exception of that code; for callers that handle the exception themselves. */
    public static void failed(ClientRuntime runtime, String what, Throwable thrown) {
        if (thrown instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        runtime.emit(new Event.UserCodeFailed(what, describe(thrown)));
    }

    /** The class and the place of an exception, without its message, which may quote a credential. */
    private static String describe(Throwable thrown) {
        try {
            StackTraceElement[] trace = thrown.getStackTrace();
            return nameOf(thrown) + (trace.length == 0 ? "" : " at " + trace[0]);
        } catch (Throwable hostile) {
            return nameOf(thrown);
        }
    }

    /**
     * The text of an exception, {@linkplain Fault#quoted as a report may show it}; its class name if {@code toString}
     * throws.
     */
    public static String textOf(Throwable thrown) {
        try {
            return Fault.quoted(thrown.toString());
        } catch (Throwable hostile) {
            return nameOf(thrown);
        }
    }

    /** The simple name of the class of an exception; for an anonymous class, that of its nearest named superclass. */
    public static String nameOf(Throwable thrown) {
        Class<?> named = thrown.getClass();
        while (named.getSimpleName().isEmpty()) {
            named = named.getSuperclass();
        }
        return named.getSimpleName();
    }
}

package byroad.okhttp;

import java.io.IOException;
import okhttp3.Call;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.internal.connection.RealCall;
import okhttp3.internal.http2.ConnectionShutdownException;
import okhttp3.internal.http2.ErrorCode;
import okhttp3.internal.http2.StreamResetException;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/**
 * The only class that uses internal classes of OkHttp. They are accessible on the class path and on Android, but not on
 * the module path; there, all methods return "not known".
 */
final class OkHttpInternals {
    private static final boolean IS_OPEN = isOpen();

    private OkHttpInternals() {}

    private static boolean isOpen() {
        try {
            return Opened.names() > 0;
        } catch (IllegalAccessError modulePath) {
            return false;
        }
    }

    /** The only code that names internal classes, in a class of its own, so that a linkage error occurs only here. */
    private static final class Opened {
        static int names() {
            return RealCall.class.getName().length()
                    + StreamResetException.class.getName().length();
        }

        static boolean isRealCall(Call call) {
            return call instanceof RealCall;
        }

        static OkHttpClient clientOf(Call call) {
            return ((RealCall) call).getClient();
        }

        static boolean isForWebSocket(Call call) {
            return ((RealCall) call).getForWebSocket();
        }

        static void replaceListeners(Call call, EventListener listener) {
            ((RealCall) call).setEventListener$okhttp(listener);
        }

        static boolean isShutDown(IOException why) {
            return why instanceof ConnectionShutdownException;
        }

        static boolean isRefused(IOException why) {
            return why instanceof StreamResetException reset && reset.errorCode == ErrorCode.REFUSED_STREAM;
        }

        static boolean isReset(IOException why) {
            return why instanceof StreamResetException reset && reset.errorCode != ErrorCode.CANCEL;
        }
    }

    /** The client that made that call; null if unknown. */
    static @Nullable OkHttpClient clientOf(Call call) {
        return IS_OPEN && Opened.isRealCall(call) ? Opened.clientOf(call) : null;
    }

    /** Whether that call opens a web socket, for which OkHttp skips network interceptors. */
    static boolean isForWebSocket(Call call) {
        return IS_OPEN && Opened.isRealCall(call) && Opened.isForWebSocket(call);
    }

    /** Whether the listeners of a call can be replaced. */
    static boolean canReplaceListeners(Call call) {
        return IS_OPEN && Opened.isRealCall(call);
    }

    /** Replaces all listeners of the call by that one. */
    static void replaceListeners(Call call, EventListener listener) {
        Opened.replaceListeners(call, listener);
    }

    /** Whether an HTTP/2 connection accepts no more streams: its server said so, or it is closed. */
    static boolean isShutDown(IOException why) {
        return IS_OPEN ? Opened.isShutDown(why) : isNamed(why, "ConnectionShutdownException");
    }

    /** Whether the server refused the stream before it processed anything (RFC 9113, 8.7). */
    static boolean isRefused(IOException why) {
        return IS_OPEN
                ? Opened.isRefused(why)
                : isNamed(why, "StreamResetException")
                        && String.valueOf(why.getMessage()).endsWith("REFUSED_STREAM");
    }

    /** Whether a call of a {@code Dns} only looks addresses up: OkHttp then does that without the call. */
    static boolean isLookUpOnly(Dns.Call call) {
        return call.getClass().getName().equals("okhttp3.internal.dns.LookupDnsCall");
    }

    /**
     * Whether a single stream was reset, and not its connection. OkHttp also reports CANCEL for each stream of a
     * connection that the server closed, so CANCEL says nothing here.
     */
    static boolean isReset(IOException why) {
        return IS_OPEN ? Opened.isReset(why) : isNamed(why, "StreamResetException");
    }

    private static boolean isNamed(IOException why, String simpleName) {
        return why.getClass().getName().equals("okhttp3.internal.http2." + simpleName);
    }

    /**
     * Whether the call's own timeout cancelled it, and not its caller. To be asked once, for a call that is cancelled:
     * OkHttp asks the same at the end of the call, and then gets false.
     */
    static boolean isTimedOut(Call cancelled) {
        return cancelled.timeout() instanceof AsyncTimeout timeout && timeout.exit();
    }
}

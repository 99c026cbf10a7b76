package byroad.okhttp;

import java.io.IOException;
import okhttp3.Call;
import okhttp3.EventListener;
import okhttp3.OkHttpClient;
import okhttp3.internal.connection.RealCall;
import okhttp3.internal.http2.ConnectionShutdownException;
import okhttp3.internal.http2.ErrorCode;
import okhttp3.internal.http2.StreamResetException;
import okio.AsyncTimeout;
import org.jspecify.annotations.Nullable;

/**
 * The one place that uses what OkHttp does not export. On the class path and on Android it can be used; on the module path it
 * cannot, and everything here then says "not known".
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

    /** Names each class that is not exported, in a class of its own, so that the error comes here and nowhere else. */
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
            return why instanceof StreamResetException;
        }
    }

    /** The client that made that call; null where it cannot be known. */
    static @Nullable OkHttpClient clientOf(Call call) {
        return IS_OPEN && Opened.isRealCall(call) ? Opened.clientOf(call) : null;
    }

    /** Whether that call opens a web socket, whose network interceptors OkHttp leaves out. */
    static boolean isForWebSocket(Call call) {
        return IS_OPEN && Opened.isRealCall(call) && Opened.isForWebSocket(call);
    }

    /** Whether the listeners of a call can be replaced. */
    static boolean canReplaceListeners(Call call) {
        return IS_OPEN && Opened.isRealCall(call);
    }

    /** Puts that listener in place of all that the call has. */
    static void replaceListeners(Call call, EventListener listener) {
        Opened.replaceListeners(call, listener);
    }

    /** Whether a connection over HTTP/2 takes no more streams: its server said so, or it is closed. */
    static boolean isShutDown(IOException why) {
        return IS_OPEN ? Opened.isShutDown(why) : isNamed(why, "ConnectionShutdownException");
    }

    /** Whether the server refused the stream before it did anything with it (RFC 9113, 8.7). */
    static boolean isRefused(IOException why) {
        return IS_OPEN
                ? Opened.isRefused(why)
                : isNamed(why, "StreamResetException")
                        && String.valueOf(why.getMessage()).endsWith("REFUSED_STREAM");
    }

    /** Whether one stream was reset, and not its connection. */
    static boolean isReset(IOException why) {
        return IS_OPEN ? Opened.isReset(why) : isNamed(why, "StreamResetException");
    }

    private static boolean isNamed(IOException why, String simpleName) {
        return why.getClass().getName().equals("okhttp3.internal.http2." + simpleName);
    }

    /**
     * Whether the call's own timeout cancelled it, and not its caller. Asked once, of a call that is cancelled: OkHttp asks the same
     * question at the end of the call, and gets "no" then.
     */
    static boolean isTimedOut(Call cancelled) {
        return cancelled.timeout() instanceof AsyncTimeout timeout && timeout.exit();
    }
}

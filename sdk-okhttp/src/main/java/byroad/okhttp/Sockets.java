package byroad.okhttp;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import okhttp3.Connection;
import okhttp3.Protocol;

/** What is done to the socket below a connection, past OkHttp. */
final class Sockets {
    /** Long enough for a look at the socket, which costs a millisecond, to be worth it. */
    private static final Duration LOOKED_AT_AFTER = Duration.ofMillis(100);

    /** A look is no proof, for the end may be on its way; what may be sent twice does with it, and from now on only. */
    private static final Duration NOT_TRUSTED_AFTER = Duration.ofSeconds(2);

    private Sockets() {}

    /** Whether the server may have closed that connection while it was idle for so long; over HTTP/2 it would have said so. */
    static boolean mayBeClosed(Connection connection, Duration idle, boolean mustBeSentOnce) {
        if (connection.protocol() != Protocol.HTTP_1_1) {
            return false;
        }
        boolean isLong = idle.compareTo(NOT_TRUSTED_AFTER) > 0;
        boolean isLookedAt = isLong || mustBeSentOnce && idle.compareTo(LOOKED_AT_AFTER) > 0;
        return isLong && mustBeSentOnce || isLookedAt && isOver(connection.socket());
    }

    /** Whether there is an end to read, or an answer that nobody asked for. */
    private static boolean isOver(Socket idle) {
        try {
            int timeout = idle.getSoTimeout();
            idle.setSoTimeout(1);
            try {
                idle.getInputStream().read();
                return true;
            } catch (SocketTimeoutException stillOpen) {
                return false;
            } finally {
                idle.setSoTimeout(timeout);
            }
        } catch (IOException broken) {
            return true;
        }
    }

    /** Lets a read of an answer's body over HTTP/1.1 take that long; over HTTP/2 the stream has its own limit. */
    static void limitReads(Connection connection, int millis) {
        if (connection.protocol() != Protocol.HTTP_2) {
            try {
                connection.socket().setSoTimeout(millis);
            } catch (SocketException closedMeanwhile) {
                // there is an answer all the same, whose body tells whoever reads it
            }
        }
    }

    static void close(Connection connection) {
        try {
            connection.socket().close();
        } catch (IOException alreadyGone) {
            // closed is closed
        }
    }
}

package byroad.benchmarks.fleet;

import byroad.Fault.Delivery;
import byroad.ResponseHead;
import byroad.call.Outcome;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.Map;

/** What a endpoint may say to one request. */
enum Answer {
    /** 200. */
    GOOD,
    /** 500. */
    ERROR,
    /** 503: more to do than it can. */
    OVERLOADED,
    /** Nobody listens. */
    REFUSED,
    /** The connection died under the request. */
    RESET,
    /** Nothing within the limit of the attempt. */
    SILENCE;

    private static final Outcome GOOD_HEAD = Outcome.answered(ResponseHead.of(200, Map.of(), ""));
    private static final Outcome ERROR_HEAD = Outcome.answered(ResponseHead.of(500, Map.of(), ""));
    private static final Outcome OVERLOADED_HEAD = Outcome.answered(ResponseHead.of(503, Map.of(), ""));

    boolean keepsConnection() {
        return this == GOOD || this == ERROR || this == OVERLOADED;
    }

    /** As an adapter tells it to the engine. */
    Outcome outcome() {
        return switch (this) {
            case GOOD -> GOOD_HEAD;
            case ERROR -> ERROR_HEAD;
            case OVERLOADED -> OVERLOADED_HEAD;
            case REFUSED -> Outcome.failed(new Refusal(), Delivery.NEVER_SENT);
            case RESET -> Outcome.failed(new Death(), Delivery.MAYBE_PROCESSED);
            case SILENCE -> Outcome.failed(new Timeout(), Delivery.MAYBE_PROCESSED);
        };
    }

    // A new one for each failure, since the engine suppresses one under another; without the cost of a stack trace.

    private static final class Refusal extends ConnectException {
        Refusal() {
            super("connection refused");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Death extends IOException {
        Death() {
            super("connection reset");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private static final class Timeout extends SocketTimeoutException {
        Timeout() {
            super("timeout");
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }
}

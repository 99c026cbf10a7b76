package byroad.okhttp;

import byroad.EventStreams;
import byroad.TimeSource;
import byroad.call.StreamReader;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import okhttp3.MediaType;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;

/**
 * A response that is an event stream: its bytes are passed on unchanged and are checked at the same time; its reader
 * gets an exception if the stream does not meet its requirements. It can wait for the first event before the response
 * is delivered.
 */
final class EventStream {
    private static final long MOST_HELD_BACK = 16 * 1024;

    private final Response response;
    private final EventStreams expected;
    private final Duration silence; // zero means unlimited
    private final TimeSource time;
    private boolean hasBegun; // for any reader
    private long waitedNanos; // by all readers, until the first event has come

    EventStream(Response response, EventStreams expected, int readTimeoutMillis, TimeSource time) {
        this.response = response;
        this.expected = expected;
        this.silence = expected.silenceLimit().orElse(Duration.ofMillis(readTimeoutMillis));
        this.time = time;
    }

    /** The same stream in a response that was buffered. */
    EventStream of(Response kept) {
        return new EventStream(kept, expected, 0, time);
    }

    /** Whether the stream can be checked: there is a body, and it is not one that only the caller can decompress. */
    static boolean isReadable(Response response) {
        boolean hasBody =
                !response.request().method().equals("HEAD") && response.code() != 204 && response.code() != 205;
        return hasBody
                && isOne(response)
                && response.header("Content-Encoding", "identity").equalsIgnoreCase("identity");
    }

    static boolean isOne(Response response) {
        MediaType type = response.body().contentType();
        return response.isSuccessful()
                && type != null
                && type.type().equals("text")
                && type.subtype().equals("event-stream");
    }

    /**
     * Waits for the first event, or until 16 KiB have come without one. The bytes stay in the body for its reader.
     *
     * @return how it began, with an error or without
     * @throws IOException if nothing came in time, or the connection failed
     */
    Start start(Optional<Duration> timeLeft) throws IOException {
        StreamReader reader = new StreamReader(expected);
        BufferedSource ahead = response.body().source().peek();
        Optional<Duration> silent = silence.isZero() ? Optional.empty() : Optional.of(silence);
        Optional<Duration> asked = expected.firstEventWithin();
        Optional<Duration> firstWithin = shorter(asked.isPresent() ? asked : silent, timeLeft); // pings are not events
        Buffer chunk = new Buffer();
        for (long held = 0; !reader.hasBegun() && held < MOST_HELD_BACK; ) {
            long count = read(ahead, chunk, MOST_HELD_BACK - held, firstWithin);
            if (count < 0) {
                return new Start(true, Optional.empty());
            }
            held += count;
            feed(reader, chunk, count);
            chunk.clear();
        }
        hasBegun = reader.hasBegun();
        return reader.beganWithError() ? new Start(true, reader.error()) : Start.GOOD;
    }

    /** How a stream began: {@code isFalse} if with an error or if it ended at once. */
    record Start(boolean isFalse, Optional<String> error) {
        static final Start GOOD = new Start(false, Optional.empty());
    }

    /** The response for its reader; {@code failed} receives errors that the stream reports, or a missing last event. */
    Response forReader(Consumer<String> failed, Consumer<IOException> died) {
        ResponseBody body = response.body();
        Source watched = new Watched(body.source(), failed, died);
        return response.newBuilder()
                .body(ResponseBody.create(Okio.buffer(watched), body.contentType(), body.contentLength()))
                .build();
    }

    /**
     * Reads within the limits: that of silence for each read, and that of the first event for all reads before it. Only
     * the time in here counts, not the time between two reads.
     */
    private long read(Source from, Buffer to, long atMost, Optional<Duration> firstWithin) throws IOException {
        Duration limit = silence;
        if (firstWithin.isPresent()) {
            Duration left = firstWithin.get().minusNanos(waitedNanos);
            if (left.isZero() || left.isNegative()) {
                throw new SocketTimeoutException(
                        "no event for " + firstWithin.get().toMillis() + "ms");
            }
            limit = limit.isZero() || left.compareTo(limit) < 0 ? left : limit;
        }
        response.body().source().timeout().timeout(limit.toNanos(), TimeUnit.NANOSECONDS);
        long started = time.nanoTime();
        try {
            return from.read(to, atMost);
        } finally {
            waitedNanos += time.nanoTime() - started;
        }
    }

    private static Optional<Duration> shorter(Optional<Duration> one, Optional<Duration> other) {
        return one.isPresent() && other.isPresent()
                ? one.get().compareTo(other.get()) < 0 ? one : other
                : one.isPresent() ? one : other;
    }

    /** Passes the last bytes of that buffer to the reader without a copy. */
    private static void feed(StreamReader reader, Buffer buffer, long count) {
        try (Buffer.UnsafeCursor cursor = buffer.readUnsafe()) {
            cursor.seek(buffer.size() - count);
            do {
                reader.read(cursor.data, cursor.start, cursor.end - cursor.start);
            } while (cursor.next() != -1);
        }
    }

    /** Passes the bytes to the reader and checks them. */
    private final class Watched extends ForwardingSource {
        private final Consumer<String> failed;
        private final Consumer<IOException> died;
        private final StreamReader reader = new StreamReader(expected);
        private boolean told;

        Watched(Source body, Consumer<String> failed, Consumer<IOException> died) {
            super(body);
            this.failed = failed;
            this.died = died;
        }

        @Override
        public long read(Buffer sink, long byteCount) throws IOException {
            long count;
            try {
                count = EventStream.this.read(
                        delegate(),
                        sink,
                        byteCount,
                        hasBegun || reader.hasBegun() ? Optional.empty() : expected.firstEventWithin());
            } catch (IOException e) {
                died.accept(e); // such as a limit of this class, or compressed data that is cut off
                throw e;
            }
            if (count < 0) {
                requireEnd();
                return count;
            }
            feed(reader, sink, count);
            if (reader.error().isPresent()) {
                tell("stream tells of " + reader.error().get());
            }
            return count;
        }

        private void requireEnd() throws ProtocolException {
            reader.end();
            if (!reader.mayEnd()) {
                String lacks = "stream ended without its last event (none of " + expected.terminators() + ")";
                tell(lacks);
                throw new ProtocolException(lacks);
            }
        }

        private void tell(String what) {
            if (!told) {
                told = true;
                failed.accept(what);
            }
        }
    }
}

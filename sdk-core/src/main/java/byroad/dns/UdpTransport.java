package byroad.dns;

import byroad.ClientRuntime;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * DNS over UDP; a truncated answer is asked for again over another transport. A query without an answer is sent once
 * more.
 *
 * <p>Against forged answers, each look-up has its own socket on a random port, and each query has a random id (RFC
 * 5452): a datagram with the wrong id or question is ignored. The queries of one look-up share a port, but their
 * questions differ, so a forged datagram must still have the right port and the right id of one query.
 *
 * <p>One loop on {@link ClientRuntime#blocking} reads from all sockets while an answer is outstanding, and a second
 * longer: to start the loop again would cost the next look-up more than the network does.
 */
final class UdpTransport implements Transport {
    private static final Duration RESEND_AFTER = Duration.ofMillis(400);
    private static final long LOOK_EVERY_MILLIS = 100; // for queries without an answer
    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int MOST_OPEN = 500; // look-ups, each with one socket
    private static final int MAX_DATAGRAM = 4096;

    private final InetSocketAddress server;
    private final Transport whole;
    private final ClientRuntime runtime;

    // Guarded by this.
    private final Set<Exchange> open = new HashSet<>();
    private final Queue<Exchange> unregistered = new ArrayDeque<>();
    private @Nullable Selector sleeping; // wakes the loop, while it may sleep
    private boolean isLooping;
    private long inUseAt; // time of the latest query
    private boolean isClosed;

    /** {@code whole} is the transport for truncated answers; it is closed with this one. */
    UdpTransport(InetSocketAddress server, Transport whole, ClientRuntime runtime) {
        this.server = server;
        this.whole = whole;
        this.runtime = runtime;
    }

    @Override
    public List<CompletableFuture<byte[]>> exchange(List<byte[]> queries, Duration within) {
        List<Asked> all =
                queries.stream().map(query -> new Asked(query, within)).collect(Collectors.toList());
        try {
            Exchange exchange = new Exchange(all);
            exchange.send();
            if (isFirst(exchange)) {
                startLoop();
            }
        } catch (IOException | RuntimeException e) { // such as no IPv6 in this process
            all.forEach(asked -> asked.response.completeExceptionally(failure(e)));
        }
        return all.stream().map(asked -> asked.response).collect(Collectors.toList());
    }

    /** Adds it; returns whether the loop must be started. */
    private synchronized boolean isFirst(Exchange exchange) throws IOException {
        if (isClosed || open.size() >= MOST_OPEN) {
            throw new IOException(isClosed ? "closed" : MOST_OPEN + " lookups under way");
        }
        open.add(exchange);
        inUseAt = runtime.time().nanoTime();
        unregistered.add(exchange);
        wake();
        boolean isFirst = !isLooping;
        isLooping = true;
        return isFirst;
    }

    private void startLoop() {
        try {
            runtime.blocking().execute(this::loop);
        } catch (RejectedExecutionException full) {
            synchronized (this) {
                isLooping = false;
            }
            failAll(new IOException("no free thread for the UDP socket"));
        }
    }

    private void loop() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(MAX_DATAGRAM);
        try (Selector listening = Selector.open()) {
            while (goesOn(listening)) {
                listening.select(LOOK_EVERY_MILLIS);
                awake();
                for (SelectionKey key : listening.selectedKeys()) {
                    ((Exchange) key.attachment()).receive(buffer);
                }
                listening.selectedKeys().clear();
                for (SelectionKey key : listening.keys()) {
                    ((Exchange) key.attachment()).sendAgainWhenSilent();
                }
                if (Thread.currentThread().isInterrupted()) {
                    failAll(new IOException("interrupted"));
                }
            }
        } catch (IOException broken) {
            synchronized (this) {
                isLooping = false;
                sleeping = null;
            }
            failAll(broken);
        }
    }

    private synchronized boolean goesOn(Selector listening) {
        for (Exchange next = unregistered.poll(); next != null; next = unregistered.poll()) {
            try {
                next.channel.register(listening, SelectionKey.OP_READ, next);
            } catch (ClosedChannelException nobodyWaits) {
                // over before it was registered
            }
        }
        boolean isWanted = !isClosed && !Thread.currentThread().isInterrupted(); // otherwise it would spin
        boolean lingers = isWanted && runtime.time().nanoTime() - inUseAt < LINGER.toNanos();
        isLooping = lingers || !open.isEmpty();
        sleeping = isLooping ? listening : null;
        return isLooping;
    }

    private synchronized void awake() {
        sleeping = null;
    }

    private synchronized void wake() {
        if (sleeping != null) {
            sleeping.wakeup();
            sleeping = null; // one wake-up is enough
        }
    }

    private void failAll(IOException reason) {
        List<Exchange> all;
        synchronized (this) {
            all = List.copyOf(open);
        }
        all.forEach(exchange -> exchange.fail(reason));
    }

    private IOException failure(Exception e) {
        return new IOException(
                e instanceof PortUnreachableException
                        ? "no DNS server listens at " + StreamServer.text(server)
                        : StreamServer.text(server) + ": " + e.getMessage(),
                e);
    }

    @Override
    public void onNetworkChanged() {
        failAll(new IOException("the network changed")); // each look-up has a socket of its own
        whole.onNetworkChanged();
    }

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            wake();
        }
        failAll(new IOException("closed"));
        whole.close();
    }

    /** The queries of one look-up on their own socket, which is closed when no query waits for a datagram any more. */
    private final class Exchange {
        private final List<Asked> waiting;
        private final DatagramChannel channel = DatagramChannel.open();
        private final long sentAt = runtime.time().nanoTime();
        private boolean isSentAgain; // by the loop

        Exchange(List<Asked> all) throws IOException {
            waiting = new CopyOnWriteArrayList<>(all);
            all.forEach(asked -> asked.response.whenComplete((done, failure) -> forget(asked)));
        }

        void send() throws IOException {
            channel.configureBlocking(false);
            channel.connect(server);
            sendAll();
        }

        private void sendAll() throws IOException {
            for (Asked asked : waiting) {
                channel.write(ByteBuffer.wrap(asked.query));
            }
        }

        void sendAgainWhenSilent() {
            if (!isSentAgain && runtime.time().nanoTime() - sentAt >= RESEND_AFTER.toNanos()) {
                isSentAgain = true;
                try {
                    sendAll();
                } catch (IOException e) {
                    fail(e);
                }
            }
        }

        void receive(ByteBuffer buffer) {
            ByteBuffer filling = buffer.duplicate(); // clear() and flip() have other signatures on Android
            try {
                channel.read(filling);
            } catch (IOException e) {
                fail(e);
                return;
            }
            byte[] datagram = new byte[filling.position()];
            buffer.duplicate().get(datagram);
            for (Asked asked : waiting) {
                if (WireFormat.isResponseTo(asked.query, datagram)) {
                    heard(asked, datagram);
                    return;
                }
            } // otherwise noise, or forged
        }

        private void heard(Asked asked, byte[] datagram) {
            if (WireFormat.isTruncated(datagram)) {
                forget(asked);
                asked.askForTheWhole(datagram);
            } else {
                asked.response.complete(datagram);
            }
        }

        /** Fails the queries that still wait for a datagram. */
        void fail(IOException e) {
            waiting.forEach(asked -> asked.response.completeExceptionally(failure(e)));
        }

        private void forget(Asked asked) {
            waiting.remove(asked);
            if (waiting.isEmpty()) {
                end();
            }
        }

        private void end() {
            try {
                channel.close();
            } catch (IOException closedAnyway) {
                // nothing left to do
            }
            synchronized (UdpTransport.this) {
                open.remove(this);
                wake();
            }
        }
    }

    /** One query and the response to it. */
    private final class Asked {
        final byte[] query;
        final Duration within;
        final CompletableFuture<byte[]> response = new CompletableFuture<>();

        Asked(byte[] query, Duration within) {
            this.query = query;
            this.within = within;
        }

        /** Asks for the answer that does not fit; if that fails, what came is better than nothing. */
        void askForTheWhole(byte[] truncated) {
            CompletableFuture<byte[]> answer =
                    whole.exchange(List.of(query), within).get(0);
            response.whenComplete((done, cancelled) -> answer.cancel(false));
            answer.whenComplete((message, failure) -> {
                if (message != null) {
                    response.complete(message);
                } else if (WireFormat.hasAnswers(truncated)) {
                    response.complete(truncated);
                } else {
                    response.completeExceptionally(new IOException("truncated; over TCP " + failure.getMessage()));
                }
            });
        }
    }
}

package byroad.dns;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.TimeSource.Scheduled;
import byroad.UserCode;
import byroad.dns.WireFormat.Family;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A resolver that asks a DNS server over any {@link Transport}, for A and AAAA at once, each query with a random id.
 */
final class WireResolver implements Resolver {
    // The wait for the other family after one has addresses. AAAA after A: RFC 8305 section 3.
    private static final Duration AFTER_A = Duration.ofMillis(50);
    private static final Duration AFTER_AAAA = Duration.ofMillis(500);

    /** How long a server is asked without EDNS before EDNS is tried again. */
    private static final Duration EDNS_AGAIN_AFTER = Duration.ofMinutes(10);

    /** A server that has never answered a query with EDNS, and is silent, is asked without after this part of the time. */
    private static final int SILENCE_IS_A_THIRD = 3;

    private final String name;
    private final FailureDomain domain;
    private final boolean isLocal;
    private final Function<ClientRuntime, Transport> opening;
    private final @Nullable Running running; // null until it is started

    WireResolver(String name, FailureDomain domain, boolean isLocal, Function<ClientRuntime, Transport> opening) {
        this(name, domain, isLocal, opening, null);
    }

    private WireResolver(
            String name,
            FailureDomain domain,
            boolean isLocal,
            Function<ClientRuntime, Transport> opening,
            @Nullable Running running) {
        this.name = name;
        this.domain = domain;
        this.isLocal = isLocal;
        this.opening = opening;
        this.running = running;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public FailureDomain domain() {
        return domain;
    }

    @Override
    public boolean isLocal() {
        return isLocal || name.equals("system");
    }

    @Override
    public Resolver on(ClientRuntime runtime) {
        ClientRuntime ownBulkhead = runtime.blocking(new Bulkhead(runtime.blocking()));
        return new WireResolver(name, domain, isLocal, opening, new Running(opening.apply(ownBulkhead), runtime));
    }

    @Override
    public CompletableFuture<Answer> resolve(Question question) {
        if (running == null) {
            throw new IllegalStateException(name + ": not started (expected: on(runtime) first)");
        }
        int ids = running.runtime.random().nextInt(); // 16 bits for each family
        try {
            return new Lookup(question, running, ids).start();
        } catch (IllegalArgumentException noName) {
            return CompletableFuture.completedFuture(new Answer.Failed(String.valueOf(noName.getMessage())));
        }
    }

    @Override
    public void onNetworkChanged() {
        if (running != null) {
            running.networkChanged();
        }
    }

    @Override
    public void close() {
        if (running != null) {
            running.transport.close();
        }
    }

    @Override
    public String toString() {
        return name;
    }

    /** A started resolver; it remembers if its server does not know EDNS (RFC 6891, 7). */
    private static final class Running {
        final Transport transport;
        final ClientRuntime runtime;
        private volatile boolean isEdnsKnown; // the server has answered a query with EDNS
        private volatile boolean isEdnsRefused;
        private volatile long refusedAt;

        Running(Transport transport, ClientRuntime runtime) {
            this.transport = transport;
            this.runtime = runtime;
        }

        boolean usesEdns() {
            return !isEdnsRefused || runtime.time().nanoTime() - refusedAt > EDNS_AGAIN_AFTER.toNanos();
        }

        void ednsIsKnown() {
            isEdnsKnown = true;
            isEdnsRefused = false;
        }

        void networkChanged() {
            isEdnsKnown = false; // another path, and perhaps another server
            isEdnsRefused = false;
            transport.onNetworkChanged();
        }

        void ednsIsRefused() {
            refusedAt = runtime.time().nanoTime();
            isEdnsRefused = true;
        }
    }

    /** One question, from both queries to the answer. */
    private static final class Lookup {
        private final Question question;
        private final Running running;
        private final int ids;
        private final CompletableFuture<Answer> answer = new CompletableFuture<>();

        // Guarded by this.
        private final List<Scheduled> timers = new ArrayList<>();
        private @Nullable Answer four;
        private @Nullable Answer six;

        Lookup(Question question, Running running, int ids) {
            this.question = question;
            this.running = running;
            this.ids = ids;
        }

        CompletableFuture<Answer> start() {
            boolean withEdns = running.usesEdns();
            List<byte[]> queries = List.of(query(Family.IPV4, withEdns), query(Family.IPV6, withEdns));
            List<CompletableFuture<byte[]>> responses = running.transport.exchange(queries, question.within());
            listen(Family.IPV4, responses.get(0), withEdns);
            listen(Family.IPV6, responses.get(1), withEdns);
            answer.whenComplete((done, cancelled) -> forgetTimers());
            if (withEdns && !running.isEdnsKnown) {
                after(question.within().dividedBy(SILENCE_IS_A_THIRD), this::askTheSilentWithoutEdns);
            }
            after(question.within(), this::end);
            return answer;
        }

        private byte[] query(Family family, boolean withEdns) {
            int id = family == Family.IPV4 ? ids & 0xffff : ids >>> 16;
            return withEdns
                    ? WireFormat.query(question.host(), family, id)
                    : WireFormat.queryWithoutEdns(question.host(), family, id);
        }

        private void listen(Family family, CompletableFuture<byte[]> response, boolean withEdns) {
            response.whenComplete((bytes, failure) -> {
                if (bytes == null) {
                    heard(family, failed(failure));
                } else if (withEdns && !running.isEdnsKnown && WireFormat.isRefusalOfEdns(bytes)) {
                    askWithoutEdns(family); // what a server refuses that knows EDNS is not EDNS
                } else {
                    noteEdns(withEdns);
                    heard(family, WireFormat.read(question.host(), family, bytes));
                }
            });
            answer.whenComplete((done, cancelled) -> response.cancel(false));
        }

        private void noteEdns(boolean withEdns) {
            if (withEdns) {
                running.ednsIsKnown(); // a block has its reason in EDNS, so it is not given up for one error
            } else if (!running.isEdnsKnown) {
                running.ednsIsRefused(); // it answers only without
            }
        }

        private void askTheSilentWithoutEdns() {
            boolean isSilent;
            synchronized (this) {
                isSilent = four == null && six == null;
            }
            if (isSilent && !running.isEdnsKnown) {
                askWithoutEdns(Family.IPV4);
                askWithoutEdns(Family.IPV6);
            }
        }

        private void askWithoutEdns(Family family) {
            List<byte[]> again = List.of(query(family, false));
            UserCode.run( // if it throws, the look-up ends with its time
                    running.runtime,
                    "the transport of a resolver",
                    () -> listen(
                            family,
                            running.transport.exchange(again, question.within()).get(0),
                            false));
        }

        private void heard(Family family, Answer said) {
            if (answer.isDone()) {
                return;
            }
            boolean isWhole;
            synchronized (this) {
                four = family == Family.IPV4 ? said : four;
                six = family == Family.IPV6 ? said : six;
                isWhole = four != null && six != null;
            }
            if (isWhole) {
                end();
            } else if (said instanceof Answer.Addresses) {
                after(family == Family.IPV4 ? AFTER_A : AFTER_AAAA, this::end);
            }
        }

        private void after(Duration delay, Runnable then) {
            Scheduled timer = running.runtime.time().schedule(delay, then);
            synchronized (this) {
                timers.add(timer);
            }
            if (answer.isDone()) {
                timer.cancel();
            }
        }

        private void end() {
            Answer silence =
                    new Answer.Failed("no answer within " + question.within().toMillis() + "ms");
            Answer both;
            synchronized (this) {
                both = WireFormat.together(four == null ? silence : four, six == null ? silence : six);
            }
            forgetTimers(); // before the answer is given
            answer.complete(both);
        }

        private void forgetTimers() {
            List<Scheduled> idle;
            synchronized (this) {
                idle = List.copyOf(timers);
            }
            idle.forEach(Scheduled::cancel);
        }

        /** Turns an exception of the transport into an answer. */
        private Answer failed(@Nullable Throwable failure) {
            if (failure == null) {
                return new Answer.Failed("no response");
            }
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            if (cause instanceof Error) {
                UserCode.failed(running.runtime, "the transport of a resolver", cause);
            }
            boolean isReason = cause instanceof IOException && !(cause instanceof UnknownHostException);
            String message = isReason ? cause.getMessage() : null;
            return new Answer.Failed(message != null ? Fault.quoted(message) : UserCode.textOf(cause));
        }
    }
}

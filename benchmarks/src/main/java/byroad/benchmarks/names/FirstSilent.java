package byroad.benchmarks.names;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The first of two servers is silent: what the first lookup of a new client takes, and what the next name takes. */
final class FirstSilent {
    static final Duration STAGGER = Duration.ofMillis(250); // the chain's default
    static final String OURS = "Byroad, defaults";
    static final String OURS_HEALTHY = "Byroad, the healthy one alone";
    static final String TIMER = "floor: a 250 ms timer";

    private static final Duration SHORT = Duration.ofMillis(200);

    private final Effort effort;
    private final Map<String, Times> times = new LinkedHashMap<>();

    FirstSilent(Effort effort) {
        this.effort = effort;
    }

    /** In ms. */
    record Times(List<Double> first, List<Double> second) {
        static Times none() {
            return new Times(new ArrayList<>(), new ArrayList<>());
        }
    }

    /** How a client is set up with two servers. */
    @FunctionalInterface
    private interface Start {
        LookUp of(LoopbackDns first, LoopbackDns second) throws Exception;
    }

    Map<String, Times> run() throws Exception {
        timer();
        measure(OURS_HEALTHY, effort.repeats(), (silent, healthy) -> Ours.lastGood(Ours.udp(healthy.address())));
        measure(
                OURS,
                effort.repeats(),
                (silent, healthy) -> Ours.lastGood(Ours.udp(silent.address()), Ours.udp(healthy.address())));
        measure(
                "Netty, 200 ms a query",
                effort.repeats(),
                (silent, healthy) -> Peers.netty(SHORT, silent.address(), healthy.address()));
        measure(
                "dnsjava ExtendedResolver, 200 ms",
                Math.min(5, effort.repeats()),
                (silent, healthy) -> Peers.dnsjava(Peers.extended(silent.address(), healthy.address(), SHORT)));
        String netty = "Netty, defaults";
        String dnsjava = "dnsjava ExtendedResolver, defaults";
        times.put(netty, Times.none());
        times.put(dnsjava, Times.none());
        CompletableFuture<Void> beside = CompletableFuture.runAsync(
                () -> quietly(
                        dnsjava,
                        (silent, healthy) -> Peers.dnsjava(Peers.extended(silent.address(), healthy.address()))),
                task -> LoopbackDns.daemon("beside", task)); // both do nothing but wait
        quietly(netty, (silent, healthy) -> Peers.netty(silent.address(), healthy.address()));
        beside.get();
        return times;
    }

    private void quietly(String client, Start start) {
        try {
            measure(client, effort.slowRetries(), start);
        } catch (Exception e) {
            throw new IllegalStateException(client, e);
        }
    }

    private void measure(String client, int repeats, Start start) throws Exception {
        try (LoopbackDns silent = LoopbackDns.silent();
                LoopbackDns healthy = LoopbackDns.start()) {
            try (LookUp warmUp = start.of(healthy, healthy)) { // the JVM's first lookups load classes
                for (int i = 0; i < 200; i++) {
                    warmUp.of("w" + i + ".byroad.test");
                }
            }
            Times taken = times.computeIfAbsent(client, added -> Times.none());
            for (int i = 0; i < repeats; i++) {
                try (LookUp lookUp = start.of(silent, healthy)) {
                    taken.first.add(millis(lookUp, "first.byroad.test"));
                    taken.second.add(millis(lookUp, "second.byroad.test"));
                }
            }
        }
    }

    private static double millis(LookUp lookUp, String host) throws Exception {
        long start = System.nanoTime();
        lookUp.of(host);
        return (System.nanoTime() - start) / 1e6;
    }

    /** What this machine adds to any wait of that length. */
    private void timer() throws Exception {
        ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
        Times taken = times.computeIfAbsent(TIMER, added -> Times.none());
        for (int i = 0; i < effort.repeats(); i++) {
            long start = System.nanoTime();
            timer.schedule(() -> {}, STAGGER.toNanos(), TimeUnit.NANOSECONDS).get();
            taken.first.add((System.nanoTime() - start) / 1e6);
        }
        timer.shutdown();
    }
}

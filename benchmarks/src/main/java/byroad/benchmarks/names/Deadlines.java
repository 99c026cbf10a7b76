package byroad.benchmarks.names;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.Byroad;
import byroad.test.SilentHost;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Every resolver is silent, the client's own {@code Dns} hangs: how long after its deadline of one second a call ends. Calls
 * come eight at a time, each for a name of its own.
 */
final class Deadlines {
    static final String DECLARED = "Byroad, deadline of the upstream";
    static final String CALL_TIMEOUT = "Byroad, callTimeout of the client";
    static final String OKHTTP = "OkHttp, callTimeout, DNS hangs for 3 s";
    static final String FLOOR = "floor: OkHttp, callTimeout, no DNS, silent server";

    private static final Duration DEADLINE = Duration.ofSeconds(1);
    private static final Duration HANG = Duration.ofSeconds(3);
    private static final int AT_A_TIME = 8;

    private final int rounds;
    private final Map<String, List<Double>> late = new LinkedHashMap<>();
    private final List<Byroad> started = new ArrayList<>();

    Deadlines(Effort effort) {
        this.rounds = Math.max(2, effort.repeats() / 4);
    }

    /** In ms after the deadline; less than zero is before it. */
    Map<String, List<Double>> run() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        Dns hangs = host -> hang(host, over);
        try (SilentHost server = SilentHost.start("127.0.0.4");
                LoopbackDns one = LoopbackDns.silent();
                LoopbackDns other = LoopbackDns.silent()) {
            OkHttpClient plain =
                    new OkHttpClient.Builder().callTimeout(DEADLINE).build();
            String silent = "http://127.0.0.4:" + server.address().getPort();
            Clients ofByroad = declared -> byroad(one, other, declared, hangs);
            Clients plainly = declared -> plain;
            calls(FLOOR, 1, plainly, silent); // the JVM's first calls load classes
            calls(DECLARED, 1, ofByroad, "");
            calls(CALL_TIMEOUT, 1, ofByroad, "");
            late.clear();
            calls(FLOOR, rounds, plainly, silent);
            calls(OKHTTP, 1, declared -> plain.newBuilder().dns(hangs).build(), "");
            calls(CALL_TIMEOUT, rounds, ofByroad, "");
            calls(DECLARED, rounds, ofByroad, "");
        } finally {
            over.countDown();
            started.forEach(Byroad::close);
        }
        return late;
    }

    private static List<InetAddress> hang(String host, CountDownLatch over) throws UnknownHostException {
        try {
            over.await(HANG.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new UnknownHostException(host);
    }

    /** A client for each round, so that no call profits from what an earlier one learned. */
    @FunctionalInterface
    private interface Clients {
        OkHttpClient of(boolean declared);
    }

    private OkHttpClient byroad(LoopbackDns one, LoopbackDns other, boolean declared, Dns hangs) {
        Byroad.Builder builder = Byroad.builder()
                .resolver("system")
                .resolver(Ours.udp(one.address()))
                .resolver(Ours.udp(other.address()));
        for (int i = 0; declared && i < AT_A_TIME; i++) {
            builder.upstream(
                    Upstream.named("u" + i).endpoint(Endpoint.at(url(i))).deadline(DEADLINE));
        }
        Byroad byroad = builder.build();
        started.add(byroad);
        OkHttpClient.Builder client = new OkHttpClient.Builder().dns(hangs);
        return byroad.installOn(declared ? client : client.callTimeout(DEADLINE))
                .build();
    }

    private static String url(int call) {
        return "http://d" + call + ".byroad.test";
    }

    private void calls(String name, int rounds, Clients clients, String url) throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(AT_A_TIME);
        List<Double> ends = late.computeIfAbsent(name, added -> new ArrayList<>());
        for (int round = 0; round < rounds; round++) {
            OkHttpClient client = clients.of(name.equals(DECLARED));
            List<Future<Double>> calls = new ArrayList<>();
            for (int i = 0; i < AT_A_TIME; i++) {
                String to = url.isEmpty() ? url(i) : url;
                calls.add(callers.submit(() -> millisLate(client, to)));
            }
            for (Future<Double> call : calls) {
                ends.add(call.get());
            }
        }
        callers.shutdown();
    }

    private static double millisLate(OkHttpClient client, String url) {
        Request request = new Request.Builder().url(url).build();
        long start = System.nanoTime();
        try (Response unexpected = client.newCall(request).execute()) {
            throw new IllegalStateException("answered: " + unexpected);
        } catch (IOException expected) {
            return (System.nanoTime() - start - DEADLINE.toNanos()) / 1e6;
        }
    }
}

package byroad.benchmarks.calls;

import byroad.benchmarks.calls.Clients.Client;
import byroad.benchmarks.figures.Figure;
import byroad.test.TestCa;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The same call over loopback, HTTP/2 and TLS, to a server in the same JVM. Clients take turns of some calls in an order
 * that chance decides each round, so that all meet the same good and bad moments of the machine; a JVM for each, as JMH has
 * it, could not tell two equal clients from each other by less than 50 us.
 */
final class WireTurns implements AutoCloseable {
    /** Calls of a turn. */
    static final int CALLS = 200;

    private final MockWebServer server = new MockWebServer();
    private final Map<String, Client> clients = new LinkedHashMap<>();
    private final Request request;

    private WireTurns(List<String> names) throws IOException {
        TestCa ca = TestCa.create();
        MockResponse answer = new MockResponse.Builder().body("{}").build();
        server.useHttps(ca.serverSocketFactory("localhost"));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest asked) throws InterruptedException {
                server.takeRequest(); // else it keeps them all
                return answer;
            }
        });
        server.start();
        String at = "https://localhost:" + server.getPort();
        names.forEach(name -> clients.put(name, Clients.start(name, at, ca::trustedBy)));
        request = GoodCall.requestTo(at);
    }

    /** What turns took, in microseconds of a call, by name: the median of each turn, round by round. */
    static Map<String, List<Double>> of(List<String> names, int warmUp, int rounds) throws IOException {
        Map<String, List<Double>> turns = new LinkedHashMap<>();
        names.forEach(name -> turns.put(name, new ArrayList<>()));
        try (WireTurns wire = new WireTurns(names)) {
            List<String> order = new ArrayList<>(names);
            Random chance = new Random(1);
            for (int round = -warmUp; round < rounds; round++) {
                Collections.shuffle(order, chance);
                for (String name : order) {
                    double median = wire.turn(
                            Objects.requireNonNull(wire.clients.get(name)).http());
                    if (round >= 0) {
                        Objects.requireNonNull(turns.get(name)).add(median);
                    }
                }
            }
        }
        return turns;
    }

    private double turn(OkHttpClient client) throws IOException {
        List<Double> took = new ArrayList<>(CALLS);
        for (int call = 0; call < CALLS; call++) {
            long started = System.nanoTime();
            try (Response response = client.newCall(request).execute()) {
                response.body().string();
            }
            took.add((System.nanoTime() - started) / 1e3);
        }
        return Figure.of(took).median();
    }

    @Override
    public void close() {
        clients.values().forEach(Client::close);
        server.close();
    }
}

package byroad.samples.drill;

import byroad.dns.AnswerStore;
import byroad.okhttp.Byroad;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/** The clients, and what they have in common: limits, and the name that each of their requests bears. */
final class Clients {
    /** What every call has to be answered within. */
    static final Duration DEADLINE = Duration.ofSeconds(2);
    /** The longest silence within one attempt: while connecting, and before the answer. */
    static final Duration ATTEMPT_LIMIT = Duration.ofMillis(500);

    /** The three that are compared in every scenario. */
    static final List<String> NAMES = List.of(PeerClient.PLAIN, PeerClient.RETRYING, ByroadClient.NAME);

    private static final int WARM_UP_TRIES = 5;

    private Clients() {}

    /** Makes all that take part in a scenario. */
    static List<Restartable> make(Scenario scenario, Parties parties) {
        List<Restartable> clients = new ArrayList<>();
        clients.add(new Restartable(() -> PeerClient.plain(scenario, parties)));
        clients.add(new Restartable(() -> PeerClient.retrying(scenario, parties)));
        AnswerStore store = AnswerStore.file(parties.disk().newFolder());
        clients.add(new Restartable(() -> new ByroadClient(
                ByroadClient.NAME, scenario, parties, Byroad.builder().store(store))));
        switch (scenario.guest()) {
            case NONE -> {}
            case STARTED_LATE, NO_STORE ->
                clients.add(new Restartable(
                        () -> new ByroadClient(scenario.guest().client(), scenario, parties, Byroad.builder())));
            case NAIVE_FAILOVER -> clients.add(new Restartable(() -> PeerClient.failover(scenario, parties)));
        }
        return clients;
    }

    /** Starts those of that name anew. */
    static void restart(List<Restartable> clients, String name) {
        clients.stream().filter(client -> client.name().equals(name)).forEach(Restartable::restart);
    }

    /** Returns the start of each client. Whatever it sends, health requests too, bears its name. */
    static OkHttpClient.Builder base(String name) {
        return new OkHttpClient.Builder()
                .callTimeout(DEADLINE)
                .readTimeout(ATTEMPT_LIMIT)
                .writeTimeout(ATTEMPT_LIMIT)
                .connectTimeout(ATTEMPT_LIMIT)
                .addNetworkInterceptor(chain -> chain.proceed(chain.request()
                        .newBuilder()
                        .header(Arrivals.CLIENT_HEADER, name)
                        .build()));
    }

    /** Returns the URL that calls of this scenario go to. */
    static HttpUrl url(Scenario scenario, Parties parties) {
        return new HttpUrl.Builder()
                .scheme("https")
                .host(scenario.endpoints().get(0).host())
                .port(parties.port())
                .addPathSegments("v1/items")
                .build();
    }

    /** Makes one call with no number, so that no table counts it; a cold JVM on a busy machine may need several. */
    static void callOnce(OkHttpClient http, Request request) throws IOException {
        for (int triesLeft = WARM_UP_TRIES - 1; ; triesLeft--) {
            try {
                tryCall(http, request);
                return;
            } catch (IOException e) {
                if (triesLeft == 0) {
                    throw e;
                }
            }
        }
    }

    private static void tryCall(OkHttpClient http, Request request) throws IOException {
        try (Response response = http.newCall(request).execute()) {
            if (!response.isSuccessful()) {
                throw new IOException(request.url() + ": " + response.code() + " while warming up");
            }
            response.body().bytes();
        }
    }

    /** Frees what a client holds. */
    static void close(OkHttpClient http) {
        http.dispatcher().executorService().shutdown();
        http.connectionPool().evictAll();
    }
}

package byroad.benchmarks.days;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;

/** The days that need no server but those of this process. */
final class Days {
    private static OkHttpClient.Builder usual(OkHttpClient.Builder builder) {
        return builder;
    }

    private static OkHttpClient.Builder overH2(OkHttpClient.Builder builder) {
        return builder.protocols(List.of(Protocol.H2_PRIOR_KNOWLEDGE));
    }

    private Days() {}

    static List<Day> inProcess() {
        List<Day> days = new ArrayList<>();
        days.add(new Day("a kept HTTP/1.1 connection ends as the next POST arrives", Days::endsAsThePostArrives));
        for (String method : List.of("GET", "POST")) {
            days.add(new Day(
                    "each HTTP/1.1 connection ends, unsaid, after 7 requests; 12 threads, " + method,
                    (kind, effort) -> endsAfterSeven(kind, method, 600 / effort)));
            for (int threads : new int[] {12, 64}) {
                days.add(new Day(
                        "GOAWAY after 7 requests, HTTP/2; " + threads + " threads, " + method,
                        (kind, effort) -> goesAway(kind, method, threads, 600 / effort)));
            }
        }
        days.add(new Day("eight hosts whose look-up takes 3 s, four healthy ones", Days::slowNames));
        days.add(new Day("a look-up of 2 s, a read timeout of 1 s", Days::slowLookUp));
        days.add(new Day("a page that redirects to itself", Days::redirectLoop));
        days.add(new Day("an answer of 500, then silence; read timeout 2 s", Days::errorThenSilence));
        days.add(new Day("40 clients with sockets of their own, three calls each", Days::manyClients));
        return days;
    }

    static Request request(Site site, String method) {
        return method.equals("GET") ? site.get() : site.post();
    }

    private static Played endsAsThePostArrives(ClientKind kind, int effort) throws Exception {
        try (LineServer server = new LineServer((ofServer, number) -> number == 2 ? "" : LineServer.OK);
                Site site = new Site(kind, server.url(), Days::usual)) {
            OkHttpClient client = site.client();
            for (int i = 0; i < 100 / effort; i++) {
                site.call(client, site.get());
                site.call(client, site.post());
            }
            return site.played();
        }
    }

    private static Played endsAfterSeven(ClientKind kind, String method, int calls) throws Exception {
        try (LineServer server = new LineServer(
                        (ofServer, number) -> number == 7 ? LineServer.OK + LineServer.THEN_CLOSED : LineServer.OK);
                Site site = new Site(kind, server.url(), Days::usual)) {
            site.load(12, calls, i -> request(site, method), i -> {});
            return site.played();
        }
    }

    private static Played goesAway(ClientKind kind, String method, int threads, int calls) throws Exception {
        try (FrameServer server = new FrameServer(7);
                Site site = new Site(kind, server.url(), Days::overH2)) {
            site.load(threads, calls, i -> request(site, method), i -> {});
            return site.played();
        }
    }

    private static void quiet(Duration during) {
        try {
            TimeUnit.NANOSECONDS.sleep(during.toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Only the healthy hosts are counted. */
    private static Played slowNames(ClientKind kind, int effort) throws Exception {
        try (LineServer server = new LineServer((ofServer, number) -> LineServer.OK)) {
            Site site = new Site(
                    kind,
                    server.url(),
                    builder -> builder.callTimeout(Duration.ofSeconds(2)).dns(name -> {
                        if (name.startsWith("slow")) {
                            quiet(Duration.ofSeconds(3));
                        }
                        return List.of(InetAddress.getByName("127.0.0.1"));
                    }));
            try (site) {
                OkHttpClient client = site.client();
                List<Thread> slow = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    String url = server.url().replace("site.test", "slow" + i + ".test");
                    Thread thread = new Thread(() -> {
                        try {
                            client.newCall(new Request.Builder().url(url).build())
                                    .execute()
                                    .close();
                        } catch (java.io.IOException tooLate) {
                            // not what is counted
                        }
                    });
                    thread.start();
                    slow.add(thread);
                }
                quiet(Duration.ofMillis(100));
                for (int i = 0; i < 4; i++) {
                    String url = server.url().replace("site.test", "healthy" + i + ".test");
                    site.call(client, new Request.Builder().url(url).build());
                }
                Played played = site.played();
                for (Thread thread : slow) {
                    thread.join();
                }
                return played;
            }
        }
    }

    private static Played slowLookUp(ClientKind kind, int effort) throws Exception {
        try (LineServer server = new LineServer((ofServer, number) -> LineServer.OK);
                Site site = new Site(
                        kind,
                        server.url(),
                        builder -> builder.readTimeout(Duration.ofSeconds(1)).dns(name -> {
                            quiet(Duration.ofSeconds(2));
                            return List.of(InetAddress.getByName("127.0.0.1"));
                        }))) {
            site.call(site.client(), site.post());
            return site.played();
        }
    }

    private static Played redirectLoop(ClientKind kind, int effort) throws Exception {
        try (LineServer server = new LineServer(
                        (ofServer, number) -> "HTTP/1.1 302 Here\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
                Site site = new Site(kind, server.url(), Days::usual)) {
            site.call(site.client(), site.get());
            return site.played();
        }
    }

    private static Played errorThenSilence(ClientKind kind, int effort) throws Exception {
        try (LineServer server = new LineServer((ofServer, number) -> {
                    if (ofServer > 1) {
                        TimeUnit.MINUTES.sleep(1);
                    }
                    return "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n";
                });
                Site site = new Site(kind, server.url(), builder -> builder.readTimeout(Duration.ofSeconds(2)))) {
            site.call(site.client(), site.get());
            return site.played();
        }
    }

    private static Played manyClients(ClientKind kind, int effort) throws Exception {
        try (LineServer server = new LineServer((ofServer, number) -> LineServer.OK);
                Site site = new Site(kind, server.url(), Days::usual)) {
            List<OkHttpClient> clients = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                clients.add(site.client());
            }
            for (int round = 0; round < 3; round++) {
                clients.forEach(client -> site.call(client, site.get()));
            }
            return site.played();
        }
    }
}

package byroad.benchmarks.days;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;
import java.util.function.UnaryOperator;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.tls.HandshakeCertificates;

/** The days of the servers that {@code build/real-http-servers} starts: it says which port does what. */
final class RealDays {
    private final Path dir;
    private final UnaryOperator<OkHttpClient.Builder> trusting;

    private RealDays(Path dir) throws IOException, GeneralSecurityException {
        this.dir = dir;
        X509Certificate ca;
        try (InputStream in = Files.newInputStream(dir.resolve("ca.pem"))) {
            ca = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
        HandshakeCertificates trust =
                new HandshakeCertificates.Builder().addTrustedCertificate(ca).build();
        this.trusting = builder -> builder.sslSocketFactory(trust.sslSocketFactory(), trust.trustManager());
    }

    /** Those of the servers that run; none without them. */
    static List<Day> running() throws IOException, GeneralSecurityException {
        String dir = System.getenv("REAL_HTTP_SERVERS");
        return dir == null ? List.of() : new RealDays(Path.of(dir)).days();
    }

    private List<Day> days() {
        List<Day> days = new ArrayList<>();
        for (String method : List.of("GET", "POST")) {
            for (int threads : new int[] {12, 64}) {
                String who = "; " + threads + " threads, " + method;
                days.add(load("nginx, HTTP/1.1, keepalive_requests 7" + who, 22080, method, threads, 600));
                days.add(load("nginx, HTTP/2, keepalive_requests 7" + who, 22443, method, threads, 600));
            }
        }
        for (String method : List.of("GET", "POST")) {
            String who = "; 12 threads, " + method;
            days.add(load("nginx, HTTP/1.1, keepalive 7, lingering_close off" + who, 22081, method, 12, 600));
            days.add(load("nginx, HTTP/2, keepalive 7, lingering_close off" + who, 22444, method, 12, 600));
            days.add(restarted("nginx -s reload three times, HTTP/1.1" + who, 22082, method, "nginx", "HUP"));
            days.add(restarted("nginx -s reload three times, HTTP/2" + who, 22445, method, "nginx", "HUP"));
        }
        for (String method : List.of("GET", "POST")) {
            String who = "; 12 threads, " + method;
            days.add(load("HAProxy, option httpclose" + who, 22083, method, 12, 600));
            days.add(restarted("HAProxy, soft stop three times, HTTP/1.1" + who, 22084, method, "haproxy", "USR2"));
            days.add(restarted("HAProxy, soft stop three times, HTTP/2" + who, 22446, method, "haproxy", "USR2"));
        }
        for (String method : List.of("GET", "POST")) {
            String who = "; 12 threads, " + method;
            days.add(load("httpd, HTTP/1.1, MaxKeepAliveRequests 7" + who, 22085, method, 12, 600));
            days.add(restarted("httpd, graceful restart three times, HTTP/1.1" + who, 22086, method, "apache", "USR1"));
            days.add(restarted("httpd, graceful restart three times, HTTP/2" + who, 22447, method, "apache", "USR1"));
        }
        return days;
    }

    /** Ports from 22400 are HTTP/2 over TLS. */
    private Played play(ClientKind kind, int port, String method, int threads, int calls, IntConsumer meanwhile)
            throws InterruptedException {
        boolean isH2 = port >= 22400;
        String url = (isH2 ? "https" : "http") + "://site.test:" + port + "/";
        try (Site site = new Site(
                kind,
                url,
                isH2
                        ? builder -> trusting.apply(builder).protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
                        : builder -> builder)) {
            site.load(threads, calls, i -> Days.request(site, method), meanwhile);
            return site.played();
        }
    }

    private Day load(String name, int port, String method, int threads, int calls) {
        return new Day(name, (kind, effort) -> play(kind, port, method, threads, calls / effort, i -> {}));
    }

    private Day restarted(String name, int port, String method, String server, String signal) {
        return new Day(name, (kind, effort) -> {
            int calls = 2000 / effort;
            Map<Integer, Boolean> when = Map.of(calls / 4, true, calls / 2, true, calls * 3 / 4, true);
            return play(kind, port, method, 12, calls, i -> {
                if (when.containsKey(i)) {
                    signal(server, signal);
                }
            });
        });
    }

    private void signal(String server, String signal) {
        try {
            String pid = Files.readString(dir.resolve(server + ".pid")).trim();
            int status = new ProcessBuilder("kill", "-" + signal, pid)
                    .inheritIO()
                    .start()
                    .waitFor();
            if (status != 0) {
                System.err.println(server + " got no signal " + signal);
            }
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

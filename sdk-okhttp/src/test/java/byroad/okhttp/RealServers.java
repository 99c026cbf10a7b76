package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.dns.Answer;
import byroad.dns.Question;
import byroad.dns.Resolver;
import byroad.dns.Resolvers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.tls.Certificates;
import okhttp3.tls.HandshakeCertificates;

/** The servers that {@code build/real-servers} has started: resolvers that ask them, and ways to break them. */
final class RealServers implements AutoCloseable {
    private static final String ZONE = "outage.example";
    private static final Duration WITHIN = Duration.ofSeconds(3);

    /** A DNS server of one make; its transports have ports in a row. */
    enum Server {
        UNBOUND(21100),
        BIND(21110),
        KRESD(21120),
        DNSDIST(21130);

        private final int port;

        Server(int port) {
            this.port = port;
        }

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How a server is asked. */
    enum Over {
        UDP,
        TCP,
        TLS,
        HTTPS
    }

    final OffsetTime time = new OffsetTime();
    final ClientRuntime runtime = ClientRuntime.standard().time(time);

    private final Path folder;
    private final HandshakeCertificates trust;
    private final OkHttpClient trusting;
    private final List<Resolver> started = new ArrayList<>();
    private final List<String> frozen = new ArrayList<>();

    RealServers() throws IOException {
        String place = System.getenv("REAL_SERVERS");
        if (place == null) {
            throw new IllegalStateException("no servers (expected: build/real-servers mvn ... -Dreal-servers)");
        }
        folder = Path.of(place);
        String ca = Files.readString(folder.resolve("ca.pem"), StandardCharsets.US_ASCII);
        trust = new HandshakeCertificates.Builder()
                .addTrustedCertificate(Certificates.decodeCertificatePem(ca))
                .build();
        trusting = new OkHttpClient.Builder()
                .sslSocketFactory(trust.sslSocketFactory(), trust.trustManager())
                .build();
    }

    static String host(String label) {
        return label + "." + ZONE;
    }

    /** A resolver to put into a chain. */
    Resolver resolver(Server server, Over over) {
        String name = server.label();
        InetSocketAddress plain = new InetSocketAddress("127.0.0.1", server.port);
        switch (over) {
            case UDP:
                return Resolvers.udp(name, name, plain);
            case TCP:
                return Resolvers.tcp(name, name, plain);
            case TLS:
                InetSocketAddress encrypted = new InetSocketAddress("127.0.0.1", server.port + 1);
                return Resolvers.tls(name, name, "dns." + ZONE, List.of(encrypted), trust.sslSocketFactory());
            default:
                String url = "https://dns." + ZONE + ":" + (server.port + 2) + "/dns-query";
                return DohResolver.at(url, name, name, "127.0.0.1").trustingLike(trusting);
        }
    }

    /** What that server says. */
    Answer ask(Server server, Over over, String label) throws Exception {
        Resolver resolver = resolver(server, over).on(runtime);
        started.add(resolver);
        return resolver.resolve(new Question(host(label), WITHIN)).get(10, TimeUnit.SECONDS);
    }

    /** Changes the zone at its authority in one step, as in {@code "unset region A", "set gone 1 A 192.0.2.1"}. */
    void change(String... steps) throws Exception {
        knotc("zone-begin", ZONE);
        for (String step : steps) {
            String[] words = step.split(" ", 2);
            List<String> command = new ArrayList<>(List.of("zone-" + words[0], ZONE));
            command.addAll(List.of(words[1].split(" ")));
            knotc(command.toArray(new String[0]));
        }
        knotc("zone-commit", ZONE);
    }

    private void knotc(String... words) throws Exception {
        List<String> command = new ArrayList<>(
                List.of("knotc", "-s", folder.resolve("knot.sock").toString()));
        command.addAll(List.of(words));
        run(command);
    }

    /** Makes it a black hole: its sockets stay open and nobody reads them. */
    void freeze(String name) throws Exception {
        frozen.add(name);
        signal("-STOP", name);
        Eventually.holds(
                () -> assertThat(statesOf(name)).containsOnly("T")); // one thread stops the others, once it runs
    }

    /** Of its threads, as proc(5) has them. */
    private Set<String> statesOf(String name) {
        Set<String> states = new HashSet<>();
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(Path.of("/proc", pid(name), "task"))) {
            for (Path thread : threads) {
                String stat = Files.readString(thread.resolve("stat"));
                states.add(stat.substring(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return states;
    }

    private String pid(String name) throws IOException {
        return Files.readString(folder.resolve(name + ".pid")).trim();
    }

    void thaw(String name) throws Exception {
        signal("-CONT", name);
        frozen.remove(name);
    }

    private void signal(String signal, String name) throws Exception {
        run(List.of("kill", signal, pid(name)));
    }

    private static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(command + ": " + output);
        }
    }

    @Override
    public void close() throws Exception {
        for (String name : List.copyOf(frozen)) {
            thaw(name);
        }
        started.forEach(Resolver::close);
        runtime.close();
    }
}

package byroad.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.test.DnsServer.Behaviour;
import java.io.IOException;
import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.xbill.DNS.Type;

@Timeout(30)
class ClosingTest {
    private static final String NAME = "api.example.test";

    private final TestCa ca = TestCa.create();
    private final DnsZone zone = new DnsZone().put(NAME, Duration.ofSeconds(5), "127.0.0.2");

    @Test
    void closeFreesThePortsAndEndsTheThreads() throws Exception {
        Set<Thread> before = serverThreads();
        DnsServer server = DnsServer.start("127.0.0.2", zone, ca);
        InetSocketAddress address = server.address();
        int dohPort = URI.create(server.dohUrl()).getPort();
        Asker.udp(server, NAME, Type.A);
        Set<Thread> threads;
        try (Socket idle = Asker.tcpSocket(address);
                Socket idleTls = Asker.tcpSocket(new InetSocketAddress(address.getAddress(), dohPort))) {
            Asker.send(idle, Asker.question(NAME, Type.A).toWire());
            Asker.receive(idle);
            threads = serverThreads();
            threads.removeAll(before);
            assertThat(threads).hasSizeGreaterThanOrEqualTo(4);

            server.close();
            server.close();

            assertThat(idle.getInputStream().read()).isEqualTo(-1);
            assertThat(idleTls.isConnected()).isTrue();
        }
        for (Thread thread : threads) {
            thread.join(5_000);
            assertThat(thread.isAlive()).as(thread.getName()).isFalse();
        }
        assertThatThrownBy(() -> Asker.tcpSocket(address)).isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> Asker.tcpSocket(new InetSocketAddress(address.getAddress(), dohPort)))
                .isInstanceOf(ConnectException.class);
        bindAgain(address);
    }

    private static void bindAgain(InetSocketAddress address) throws IOException {
        try (DatagramSocket udp = new DatagramSocket(address);
                ServerSocket tcp = new ServerSocket()) {
            tcp.setReuseAddress(true);
            tcp.bind(address);
            assertThat(udp.getLocalPort()).isEqualTo(tcp.getLocalPort());
        }
    }

    private static Set<Thread> serverThreads() {
        Set<Thread> threads = new HashSet<>(Thread.getAllStackTraces().keySet());
        threads.removeIf(thread ->
                !thread.getName().startsWith("byroad-") && !thread.getName().contains("MockWebServer"));
        return threads;
    }

    @Test
    void closeDoesNotHangOnHeldRequests() throws Exception {
        OkHttpClient client = ca.trustedBy(new OkHttpClient.Builder()).build();
        client.dispatcher().setMaxRequestsPerHost(64);
        DnsServer server = DnsServer.start("127.0.0.2", zone, ca);
        server.behave(Behaviour.SILENT);
        CountDownLatch ended = new CountDownLatch(50);
        for (int i = 0; i < 50; i++) {
            client.newCall(question(server)).enqueue(countDown(ended));
        }
        Asker.until(() -> server.questions() == 50);

        server.close();

        ended.await();
        client.dispatcher().executorService().shutdown();
    }

    private static Request question(DnsServer server) {
        byte[] wire = Asker.question(NAME, Type.A).toWire();
        return new Request.Builder()
                .url(server.dohUrl())
                .post(RequestBody.create(wire, MediaType.get("application/dns-message")))
                .build();
    }

    private static Callback countDown(CountDownLatch ended) {
        return new Callback() {
            @Override
            public void onFailure(Call call, IOException e) {
                ended.countDown();
            }

            @Override
            public void onResponse(Call call, Response response) {
                response.close();
                ended.countDown();
            }
        };
    }

    @Test
    void closeIsWholeOnAnInterruptedThread() {
        DnsServer server = DnsServer.start("127.0.0.2", zone, ca);
        Set<Thread> threads = serverThreads();

        Thread.currentThread().interrupt();
        server.close();

        assertThat(Thread.interrupted()).isTrue();
        Asker.until(() -> threads.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void manyServersComeAndGo() throws IOException {
        for (int i = 0; i < 100; i++) {
            try (DnsServer server = DnsServer.start("127.0.0.2", zone)) {
                assertThat(Asker.answers(Asker.udp(server, NAME, Type.A))).hasSize(1);
                assertThat(Asker.answers(Asker.tcp(server, NAME, Type.A))).hasSize(1);
            }
        }
    }
}

package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import byroad.okhttp.Byroad;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.StreamingHttpOutputMessage;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;

/** Bodies pass as they are made: neither side waits for the end of the other's. */
class StreamingTest {
    private static final Duration BOUND = Duration.ofSeconds(30);

    private final Byroad byroad = Byroad.create();
    private final CommonClient common = new CommonClient(byroad, List.of(), List.of(), CommonClient.dispatcher());
    private final ClientHttpRequestFactory factory =
            new OkHttpRequestFactoryBuilder(common.client(), new Bundles(List.of())).build();
    private ServerSocket server;

    /** A server that one connection talks to. */
    private interface Conversation {
        void with(InputStream in, OutputStream out) throws Exception;
    }

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        common.close();
        byroad.close();
    }

    private CompletableFuture<Void> serve(Conversation conversation) {
        return CompletableFuture.runAsync(() -> {
            try (Socket socket = server.accept()) {
                conversation.with(socket.getInputStream(), socket.getOutputStream());
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private RestClient.RequestBodySpec post() {
        URI url = URI.create("http://127.0.0.1:" + server.getLocalPort() + "/");
        return RestClient.builder().requestFactory(factory).build().post().uri(url);
    }

    /** What comes until that text is there. */
    private static void await(InputStream in, String text) throws IOException {
        StringBuilder got = new StringBuilder();
        while (got.indexOf(text) < 0) {
            int next = in.read();
            assertThat(next).as("after " + got).isNotNegative();
            got.append((char) next);
        }
    }

    private static void say(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    @Test
    void aResponseIsReadWhileItIsMade() {
        CountDownLatch read = new CountDownLatch(1);
        CompletableFuture<Void> served = serve((in, out) -> {
            await(in, "question");
            say(out, "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none");
            assertThat(read.await(BOUND.toSeconds(), TimeUnit.SECONDS)).isTrue();
            say(out, "two");
        });

        String answer = assertTimeoutPreemptively(
                BOUND,
                () -> post().body("question").exchange((request, response) -> {
                    byte[] first = new byte[3];
                    assertThat(response.getBody().readNBytes(first, 0, 3)).isEqualTo(3);
                    read.countDown();
                    byte[] rest = response.getBody().readAllBytes();
                    return new String(first, StandardCharsets.ISO_8859_1) + "|"
                            + new String(rest, StandardCharsets.ISO_8859_1);
                }));

        assertThat(answer).isEqualTo("one|two");
        assertThat(served).succeedsWithin(BOUND);
    }

    @Test
    void aRequestIsSentWhileItIsMade() {
        CountDownLatch arrived = new CountDownLatch(1);
        CompletableFuture<Void> served = serve((in, out) -> {
            await(in, "one");
            arrived.countDown();
            await(in, "two\r\n0\r\n\r\n");
            say(out, "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nboth");
        });

        StreamingHttpOutputMessage.Body body = out -> {
            say(out, "one");
            assertThat(arrived(arrived)).isTrue();
            say(out, "two");
        };
        String answer = assertTimeoutPreemptively(
                BOUND, () -> String.valueOf(post().body(body).retrieve().body(String.class)));

        assertThat(answer).isEqualTo("both");
        assertThat(served).succeedsWithin(BOUND);
    }

    private static boolean arrived(CountDownLatch latch) throws IOException {
        try {
            return latch.await(BOUND.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IOException("interrupted", e);
        }
    }
}

package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.EOFException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.Buffer;
import okio.BufferedSink;
import okio.GzipSink;
import okio.Okio;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What does not end with its headers: web sockets and event streams. */
class StreamsTest {
    @Test
    void aWebSocketThatTheEdgeRefusesOpensAtTheOrigin() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(TestServer.edgePage(503));
            servers.origin.answers(new MockResponse.Builder()
                    .webSocketUpgrade(new WebSocketListener() {
                        @Override
                        public void onMessage(WebSocket socket, String text) {
                            socket.send("echo " + text);
                        }

                        @Override
                        public void onClosing(WebSocket socket, int code, String reason) {
                            socket.close(code, reason);
                        }
                    })
                    .build());
            OkHttpClient client =
                    servers.with(servers.byroad(servers.assistant().attemptLimit(Duration.ofMillis(800))));
            CompletableFuture<String> opened = new CompletableFuture<>();
            CompletableFuture<String> heard = new CompletableFuture<>();
            WebSocket socket = client.newWebSocket(servers.get("/socket"), new WebSocketListener() {
                @Override
                public void onOpen(WebSocket socket, Response response) {
                    opened.complete(Byroad.reportOf(response).answeredBy());
                    socket.send("hello");
                }

                @Override
                public void onMessage(WebSocket socket, String text) {
                    heard.complete(text);
                    socket.close(1000, "done");
                }

                @Override
                public void onFailure(WebSocket socket, Throwable why, @Nullable Response response) {
                    opened.completeExceptionally(why);
                    heard.completeExceptionally(why);
                }
            });

            assertThat(opened.get(5, TimeUnit.SECONDS)).isEqualTo("origin");
            assertThat(heard.get(5, TimeUnit.SECONDS)).isEqualTo("echo hello");
            assertThat(servers.edge.count()).isEqualTo(1);
            socket.cancel();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void anEventStreamPassesEventByEvent(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            servers.edge.answers(TestServer.edgePage(500));
            servers.origin.answers(new MockResponse.Builder()
                    .setHeader("Content-Type", "text/event-stream")
                    .body("data: one\n\ndata: two\n\n")
                    .throttleBody(11, 1500, TimeUnit.MILLISECONDS)
                    .build());
            OkHttpClient client =
                    servers.with(servers.byroad(servers.assistant().attemptLimit(Duration.ofMillis(500))));

            long started = System.nanoTime();
            try (Response response = client.newCall(servers.post("/")).execute()) {
                assertThat(response.body().source().readUtf8Line()).isEqualTo("data: one");
                assertThat(TestServers.took(started)).isLessThan(Duration.ofMillis(1400));
                assertThat(response.body().source().readUtf8()).isEqualTo("\ndata: two\n\n");
            }
            assertThat(servers.origin.count()).isEqualTo(1);
        }
    }

    /** The message is complete, and OkHttp tells no listener of anything. */
    @ParameterizedTest
    @EnumSource(Http.class)
    void aPackedBodyThatIsCutCountsAgainstItsEndpoint(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http)) {
            Buffer packed = new Buffer();
            try (BufferedSink sink = Okio.buffer(new GzipSink(packed))) {
                sink.writeUtf8("[1, 2, 3]".repeat(100));
            }
            Buffer cut = new Buffer();
            packed.copyTo(cut, 0, packed.size() - 12);
            servers.edge.next(packed(cut));
            servers.edge.next(packed(packed));
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));

            try (Response response = client.newCall(servers.get("/cut")).execute()) {
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(EOFException.class);
                assertThat(Byroad.reportOf(response).notes())
                        .singleElement()
                        .asString()
                        .startsWith("the body failed: EOFException");
            }
            Got whole = TestServers.got(client, servers.get("/whole"));
            assertThat(whole.body()).hasSize(900);
            assertThat(Byroad.reportOf(whole.response()).notes()).isEmpty();
        }
    }

    @Test
    void anErrorThatIsCutCountsAgainstItsEndpoint() throws Exception {
        try (TestServers servers = TestServers.open(Http.H1)) {
            servers.edge.answers(packed(new Buffer().writeUtf8("no gzip"))
                    .newBuilder()
                    .code(404)
                    .build());
            OkHttpClient client = servers.with(servers.byroad(servers.assistant()));

            try (Response response = client.newCall(servers.get("/")).execute()) {
                assertThatThrownBy(() -> response.body().string()).isInstanceOf(IOException.class);
                assertThat(Byroad.reportOf(response).notes()).contains("the body failed: EOFException: null");
            }
        }
    }

    private static MockResponse packed(Buffer body) {
        return new MockResponse.Builder()
                .setHeader("Content-Encoding", "gzip")
                .body(body)
                .build();
    }
}

package byroad.samples.ai;

import byroad.test.TestCa;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;

/** An API of OpenAI's, Anthropic's and Google's kind on loopback: an edge that can break, and the origin behind it. */
final class Service implements AutoCloseable {
    static final String HOST = "api.example.test";
    static final String ORIGIN = "origin.example.test";

    private final TestCa ca = TestCa.create();
    private final MockWebServer edge;
    private final MockWebServer origin;
    private volatile boolean edgeIsBroken;

    private Service() throws IOException {
        edge = endpoint("the edge");
        edge.start(InetAddress.getByName("127.0.0.2"), 0);
        origin = endpoint("the origin");
        origin.start(InetAddress.getByName("127.0.0.3"), edge.getPort());
    }

    static Service open() throws IOException {
        return new Service();
    }

    String url(String path) {
        return "https://" + HOST + ":" + edge.getPort() + path;
    }

    /** From here on the edge answers 500 by itself. */
    void breakTheEdge() {
        edgeIsBroken = true;
    }

    void mendTheEdge() {
        edgeIsBroken = false;
    }

    /** A client that trusts the service. */
    OkHttpClient.Builder client() {
        return ca.trustedBy(new OkHttpClient.Builder());
    }

    /** Where its endpoints are, as a resolver says it. */
    static List<InetAddress> addressesOf(String host) throws UnknownHostException {
        return switch (host) {
            case HOST -> List.of(InetAddress.getByName("127.0.0.2"));
            case ORIGIN -> List.of(InetAddress.getByName("127.0.0.3"));
            default -> throw new UnknownHostException(host);
        };
    }

    private MockWebServer endpoint(String name) {
        MockWebServer server = new MockWebServer();
        server.useHttps(ca.serverSocketFactory(HOST));
        server.setProtocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) {
                boolean broken = edgeIsBroken && name.equals("the edge");
                return broken ? errorPage() : answer(request.getUrl().encodedPath(), "hello from " + name);
            }
        });
        return server;
    }

    private static MockResponse errorPage() {
        return new MockResponse.Builder()
                .code(500)
                .setHeader("Content-Type", "text/html; charset=UTF-8")
                .setHeader("Server", "cloudflare")
                .setHeader("CF-RAY", "8f00000000000000-TXL")
                .body("<!DOCTYPE html><html><title>500: Internal server error</title>cloudflare</html>")
                .build();
    }

    private static MockResponse answer(String path, String text) {
        String body = path.endsWith("/messages") ? """
                {"id": "msg_1", "type": "message", "role": "assistant", "model": "claude-test",
                 "content": [{"type": "text", "text": "%s", "citations": null}], "stop_reason": "end_turn",
                 "stop_sequence": null, "usage": {"input_tokens": 1, "output_tokens": 1}}""" : """
                {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": "gpt-test",
                 "choices": [{"index": 0, "finish_reason": "stop", "logprobs": null,
                   "message": {"role": "assistant", "content": "%s", "refusal": null}}]}""";
        String google = """
                {"candidates": [{"index": 0, "finishReason": "STOP",
                  "content": {"role": "model", "parts": [{"text": "%s"}]}}]}""";
        return new MockResponse.Builder()
                .setHeader("Content-Type", "application/json")
                .body((path.endsWith(":generateContent") ? google : body).formatted(text))
                .build();
    }

    @Override
    public void close() {
        edge.close();
        origin.close();
    }
}

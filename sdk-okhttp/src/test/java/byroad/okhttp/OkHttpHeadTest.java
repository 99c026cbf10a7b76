package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ResponseHead;
import java.io.IOException;
import java.util.zip.Deflater;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.DeflaterSink;
import okio.ForwardingSource;
import okio.GzipSink;
import okio.Okio;
import okio.Sink;
import org.junit.jupiter.api.Test;

/** How much of a body is looked at. */
class OkHttpHeadTest {
    private long read;

    @Test
    void noMoreThanSixteenKibibytesOfAnErrorAreReadAndOnlyOnceAndOnlyWhenAskedFor() throws IOException {
        Response response = response(500, "text/html", 100_000);
        ResponseHead head = new OkHttpHead(response);
        assertThat(head.status()).isEqualTo(500);
        assertThat(read).isZero();

        assertThat(head.bodyStart()).hasSize(ResponseHead.BODY_LIMIT);
        long once = read;
        head.bodyStart();

        assertThat(once).isEqualTo(read).isBetween(16L * 1024, 24L * 1024); // Okio reads in segments of 8 KiB
        assertThat(response.body().string())
                .as("the caller still has all of it")
                .hasSize(100_000);
    }

    @Test
    void nothingIsReadOfAStreamOrOfWhatIsNoError() {
        for (String type : new String[] {
            "text/event-stream", "Text/Event-Stream; charset=utf-8", "application/grpc", "application/x-ndjson"
        }) {
            assertThat(new OkHttpHead(response(503, type, 100)).bodyStart())
                    .as(type)
                    .isEmpty();
        }
        assertThat(new OkHttpHead(response(200, "text/html", 100)).bodyStart()).isEmpty();

        assertThat(read).isZero();
    }

    @Test
    void allLinesOfAHeaderAreKnown() {
        Response response = response(502, "text/html", 0)
                .newBuilder()
                .addHeader("Proxy-Status", "origin-gw;error=dns_error")
                .addHeader("proxy-status", "fastly")
                .build();

        assertThat(new OkHttpHead(response).headers("PROXY-STATUS"))
                .containsExactly("origin-gw;error=dns_error", "fastly");
        assertThat(new OkHttpHead(response).header("proxy-status")).contains("origin-gw;error=dns_error");
    }

    private Response response(int status, String type, int length) {
        Buffer content = new Buffer().writeUtf8("x".repeat(length));
        ForwardingSource counting = new ForwardingSource(content) {
            @Override
            public long read(Buffer sink, long byteCount) throws IOException {
                long count = super.read(sink, byteCount);
                read += Math.max(0, count);
                return count;
            }
        };
        return new Response.Builder()
                .request(new Request.Builder().url("https://api.example.ai/").build())
                .protocol(Protocol.HTTP_1_1)
                .code(status)
                .message("")
                .header("Content-Type", type)
                .body(ResponseBody.create(Okio.buffer(counting), MediaType.parse(type), length))
                .build();
    }

    private static final String PAGE = "<title>api.example.ai | 521: Web server is down</title>".repeat(50);

    private static final ByteString BROTLI =
            ByteString.decodeHex("0b0b803532313a205765622073657276657220697320646f776e03"); // made by Node.js

    private static Response compressed(String encoding, ByteString body) {
        return new Response.Builder()
                .request(new Request.Builder().url("https://api.example.ai/").build())
                .protocol(Protocol.HTTP_2)
                .code(521)
                .message("")
                .header("Content-Encoding", encoding)
                .body(ResponseBody.create(body, MediaType.get("text/html; charset=utf-8")))
                .build();
    }

    private static ByteString gzip(String text) throws IOException {
        Buffer packed = new Buffer();
        try (BufferedSink sink = Okio.buffer(new GzipSink(packed))) {
            sink.writeUtf8(text);
        }
        return packed.readByteString();
    }

    private static ByteString deflate(String text) throws IOException {
        Buffer packed = new Buffer();
        try (BufferedSink sink = Okio.buffer(new DeflaterSink((Sink) packed, new Deflater()))) {
            sink.writeUtf8(text);
        }
        return packed.readByteString();
    }

    @Test
    void aPageThatTheCallerAskedForInACompressedFormIsRead() throws IOException {
        assertThat(new OkHttpHead(compressed("gzip", gzip(PAGE))).bodyStart()).isEqualTo(PAGE);
        assertThat(new OkHttpHead(compressed("deflate", deflate(PAGE))).bodyStart())
                .isEqualTo(PAGE);
        assertThat(new OkHttpHead(compressed("br", BROTLI)).bodyStart()).isEqualTo("521: Web server is down");
    }

    @Test
    void whatCanBeDecompressedOfAPageThatIsCutIsRead() throws IOException {
        ByteString whole = gzip(PAGE);
        String start = new OkHttpHead(compressed("gzip", whole.substring(0, whole.size() - 12))).bodyStart();

        assertThat(start).startsWith("<title>api.example.ai | 521").hasSizeLessThanOrEqualTo(PAGE.length());
    }

    @Test
    void aPageThatDecompressesToMoreThanTheLimitIsReadToTheLimit() throws IOException {
        assertThat(new OkHttpHead(compressed("gzip", gzip("0".repeat(50_000_000)))).bodyStart())
                .hasSize(ResponseHead.BODY_LIMIT);
    }

    @Test
    void aPageInAnUnknownEncodingHasNoText() {
        assertThat(new OkHttpHead(compressed("compress", ByteString.encodeUtf8("521: Web server is down"))).bodyStart())
                .isEmpty();
        assertThat(new OkHttpHead(compressed("zstd", ByteString.encodeUtf8("521: Web server is down"))).bodyStart())
                .as("its module is not there")
                .isEmpty();
    }
}

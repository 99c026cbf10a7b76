package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ResponseHead;
import java.io.IOException;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.ForwardingSource;
import okio.Okio;
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
}

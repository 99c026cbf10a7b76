package byroad.okhttp;

import byroad.Fault;
import byroad.dns.Transport;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSource;

/** DNS over HTTPS (RFC 8484) with a POST for each message; over HTTP/2 all use one connection. */
final class DohTransport implements Transport {
    private static final MediaType MESSAGE = MediaType.get("application/dns-message");
    private static final int LARGEST_MESSAGE = 65_535;

    private final HttpUrl url;
    private final Supplier<OkHttpClient> clients;
    private final Executor blocking;
    private volatile OkHttpClient client; // with connections of the present network only
    private volatile boolean isClosed;

    DohTransport(HttpUrl url, Supplier<OkHttpClient> clients, Executor blocking) {
        this.url = url;
        this.clients = clients;
        this.client = clients.get();
        this.blocking = blocking;
    }

    @Override
    public List<CompletableFuture<byte[]>> exchange(List<byte[]> queries, Duration within) {
        return queries.stream().map(query -> post(query, within)).collect(Collectors.toList());
    }

    private CompletableFuture<byte[]> post(byte[] query, Duration within) {
        byte[] anonymous = Arrays.copyOf(query, query.length);
        anonymous[0] = 0; // id 0: RFC 8484 section 4.1
        anonymous[1] = 0;
        OkHttpClient used = client;
        Call call = used.newCall(new Request.Builder()
                .url(url)
                .header("Accept", MESSAGE.toString())
                .post(RequestBody.create(anonymous, MESSAGE))
                .build());
        call.timeout().timeout(Math.max(1, within.toMillis()), TimeUnit.MILLISECONDS);
        CompletableFuture<byte[]> message = new CompletableFuture<>();
        if (isClosed) {
            message.completeExceptionally(new IOException("closed"));
            return message;
        }
        FutureTask<?> task = new FutureTask<>(() -> answer(used, call, message), null);
        message.whenComplete((done, cancelled) -> {
            if (message.isCancelled()) {
                task.cancel(false);
                call.cancel();
            }
        });
        try {
            blocking.execute(task);
        } catch (RejectedExecutionException full) {
            message.completeExceptionally(new IOException("no free thread for the look-up"));
        }
        return message;
    }

    private void answer(OkHttpClient used, Call call, CompletableFuture<byte[]> message) {
        try (Response response = call.execute()) {
            message.complete(messageIn(response));
        } catch (Throwable thrown) { // also from a host name verifier of the user
            message.completeExceptionally(thrown);
        }
        if (isClosed || used != client) {
            used.connectionPool().evictAll(); // idle since now
        }
    }

    private static byte[] messageIn(Response response) throws IOException {
        MediaType type = response.body().contentType();
        if (response.code() != 200) {
            throw new IOException("HTTP " + response.code());
        } else if (type == null || !(type.type() + "/" + type.subtype()).equals(MESSAGE.toString())) {
            throw new IOException("HTTP 200 with " + (type == null ? "no type" : Fault.quoted(type.toString()))
                    + " (expected: " + MESSAGE + ")");
        }
        BufferedSource body = response.body().source();
        if (body.request(LARGEST_MESSAGE + 1L)) {
            throw new IOException("HTTP 200 with more than " + LARGEST_MESSAGE + " bytes");
        }
        return body.readByteArray();
    }

    @Override
    public void onNetworkChanged() {
        OkHttpClient before = client;
        client = clients.get();
        close(before);
    }

    @Override
    public void close() {
        isClosed = true;
        close(client);
    }

    private static void close(OkHttpClient used) {
        used.dispatcher().cancelAll();
        used.connectionPool().evictAll();
    }
}

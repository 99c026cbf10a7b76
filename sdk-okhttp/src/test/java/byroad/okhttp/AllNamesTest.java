package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.dns.Answer;
import byroad.dns.Question;
import byroad.dns.Resolver;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class AllNamesTest {
    @Test
    void aResolverThatHangsWhileItStartsHoldsUpNoClientOfAnotherKind() throws Exception {
        HangingAtItsSecondStart resolver = new HangingAtItsSecondStart();
        try (MockWebServer server = new MockWebServer();
                Byroad byroad = Byroad.builder().resolver(resolver).build()) {
            server.enqueue(new MockResponse.Builder().build());
            server.enqueue(new MockResponse.Builder().build());
            server.start();
            Request request = new Request.Builder().url(server.url("/")).build();
            OkHttpClient platform = byroad.installOn(new OkHttpClient.Builder()).build();
            OkHttpClient another = byroad.installOn(new OkHttpClient.Builder().dns(host -> Dns.SYSTEM.lookup(host)))
                    .build();
            CompletableFuture<Integer> held = later(another, request);
            try {
                Eventually.holds(() -> assertThat(resolver.starts).hasValue(2));
                assertThat(later(platform, request))
                        .succeedsWithin(Duration.ofSeconds(10))
                        .isEqualTo(200);
                assertThat(held).isNotDone();
            } finally {
                resolver.over.countDown();
            }
            assertThat(held.join()).isEqualTo(200);
        }
    }

    private static CompletableFuture<Integer> later(OkHttpClient client, Request request) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        client.dispatcher().executorService().execute(() -> status.complete(status(client, request)));
        return status;
    }

    private static int status(OkHttpClient client, Request request) {
        try (Response response = client.newCall(request).execute()) {
            return response.code();
        } catch (Exception failed) {
            return -1;
        }
    }

    private static final class HangingAtItsSecondStart implements Resolver {
        final AtomicInteger starts = new AtomicInteger();
        final CountDownLatch over = new CountDownLatch(1);

        @Override
        public String name() {
            return "hanging";
        }

        @Override
        public FailureDomain domain() {
            return FailureDomain.of("hanging");
        }

        @Override
        public Resolver on(ClientRuntime runtime) {
            if (starts.incrementAndGet() == 2) {
                try {
                    over.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
            return this;
        }

        @Override
        public CompletableFuture<Answer> resolve(Question question) {
            return CompletableFuture.completedFuture(
                    new Answer.Addresses(List.of(InetAddress.getLoopbackAddress()), Duration.ofMinutes(1)));
        }
    }
}

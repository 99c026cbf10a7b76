package byroad.benchmarks.calls;

import byroad.test.TestCa;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import okhttp3.Request;
import okhttp3.Response;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** The same call over loopback, HTTP/2 and TLS, to a server in the same JVM. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class WireCall {
    @Param(Clients.PLAIN)
    String client = Clients.PLAIN;

    private final MockWebServer server = new MockWebServer();

    @SuppressWarnings("NullAway.Init") // by start()
    private Clients.Client caller;

    @SuppressWarnings("NullAway.Init") // by start()
    private Request request;

    @Setup
    public void start() throws IOException {
        TestCa ca = TestCa.create();
        MockResponse answer = new MockResponse.Builder().body("{}").build();
        server.useHttps(ca.serverSocketFactory("localhost"));
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest request) throws InterruptedException {
                server.takeRequest(); // else it keeps them all
                return answer;
            }
        });
        server.start();
        String at = "https://localhost:" + server.getPort();
        caller = Clients.start(client, at, ca::trustedBy);
        request = GoodCall.requestTo(at);
        call();
    }

    @Benchmark
    public String call() throws IOException {
        try (Response response = caller.http().newCall(request).execute()) {
            return response.body().string();
        }
    }

    @TearDown
    public void stop() {
        caller.close();
        server.close();
    }
}

package byroad.benchmarks.calls;

import java.io.IOException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
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

/** A call that is answered well, the network cut out, one thread. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GoodCall {
    static final String HOST = "api.byroad.test";

    /**
     * At most as many bytes are allocated beside each call, by chance: where the profiler takes a sample every so many
     * bytes, calls of equal size would show it the same few places again and again.
     */
    static final String PADDING = "byroad.benchmarks.padding";

    private static final int PADDING_AT_MOST = Integer.getInteger(PADDING, 0);

    @Param(Clients.PLAIN)
    String client = Clients.PLAIN;

    /** Seen by nobody else, but written, so that it is not optimised away. */
    byte[] padding = {};

    private final SplittableRandom random = new SplittableRandom(1);

    @SuppressWarnings("NullAway.Init") // by start()
    private Clients.Client caller;

    @SuppressWarnings("NullAway.Init") // by start()
    private Request request;

    @Setup
    public void start() throws IOException {
        caller = Clients.start(client, "https://" + HOST, CutOut::of);
        request = requestTo("https://" + HOST);
        call();
    }

    static Request requestTo(String at) {
        return new Request.Builder()
                .url(at + "/v1/items?page=2")
                .header("Authorization", "Bearer of-nothing")
                .header("Accept", "application/json")
                .build();
    }

    @Benchmark
    public int call() throws IOException {
        if (PADDING_AT_MOST > 0) {
            padding = new byte[random.nextInt(PADDING_AT_MOST)];
        }
        try (Response response = caller.http().newCall(request).execute()) {
            return response.code();
        }
    }

    @TearDown
    public void stop() {
        caller.close();
    }
}

package byroad.benchmarks.names;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A and AAAA of a name never looked up before, over one round trip on loopback. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ColdLookUp {
    @Param(ColdClients.OURS)
    String client = ColdClients.OURS;

    @SuppressWarnings("NullAway.Init") // by start()
    private LoopbackDns server;

    @SuppressWarnings("NullAway.Init") // by start()
    private LookUp lookUp;

    private int names;

    @Setup
    public void start() throws Exception {
        server = LoopbackDns.start();
        lookUp = ColdClients.start(client, server);
    }

    @Benchmark
    public Object lookUpFirst() throws Exception {
        names++;
        return lookUp.of("n" + names + ".byroad.test");
    }

    @TearDown
    public void stop() throws Exception {
        lookUp.close();
        server.close();
    }
}

package byroad.samples.drill;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import okhttp3.OkHttpClient;

/**
 * A client whose process can be started anew: the old one finishes the calls under way, without being told that it ends,
 * and all others are made by a new one, which has nothing in its memory.
 */
final class Restartable implements DrillClient {
    private final Supplier<DrillClient> start;
    private final List<DrillClient> old = new CopyOnWriteArrayList<>();
    private volatile DrillClient running;

    Restartable(Supplier<DrillClient> start) {
        this.start = start;
        this.running = start.get();
    }

    void restart() {
        old.add(running);
        running = start.get();
    }

    @Override
    public String name() {
        return running.name();
    }

    @Override
    public OkHttpClient http() {
        return running.http();
    }

    @Override
    public void warmUp() throws IOException {
        running.warmUp();
    }

    @Override
    public void close() {
        running.close();
        old.forEach(DrillClient::close);
    }
}

package byroad.benchmarks.outages;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** The requests that arrived at servers. Health requests carry no number and are not among them. */
final class Arrivals {
    static final String CLIENT_HEADER = "x-client";
    static final String CALL_HEADER = "x-call";

    private final Queue<Arrival> all = new ConcurrentLinkedQueue<>();

    void add(Arrival arrival) {
        all.add(arrival);
    }

    void clear() {
        all.clear();
    }

    List<Arrival> copy() {
        return List.copyOf(all);
    }

    /** One request of that client's call of that number. */
    record Arrival(Door.Side side, String client, int call) {}
}

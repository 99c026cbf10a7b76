package byroad.samples.drill;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Every request that arrived at any party, in the order of arrival. Safe for use by many threads. */
public final class Arrivals {
    /** The request header that names the client. */
    public static final String CLIENT_HEADER = "x-drill-client";
    /** The request header that numbers the call; a request without it belongs to no call, such as a health request. */
    public static final String CALL_HEADER = "x-drill-call";

    static final int NO_CALL = -1;

    private final Queue<Arrival> all = new ConcurrentLinkedQueue<>();

    public void add(Arrival arrival) {
        all.add(arrival);
    }

    public void clear() {
        all.clear();
    }

    public List<Arrival> copy() {
        return new ArrayList<>(all);
    }

    /**
     * One request, seen by the server.
     *
     * @param nanoTime when its headers were read
     * @param call the number of the call that sent it, or {@link #NO_CALL}
     */
    public record Arrival(long nanoTime, Party party, String client, int call) {}
}

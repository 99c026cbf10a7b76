package byroad.samples.drill;

import java.util.Arrays;

/** A web server of the drill: who runs it, and where it listens. */
public enum Party {
    EDGE_A("edge-a", "edge A", "127.0.0.2"),
    EDGE_B("edge-b", "edge B", "127.0.0.3"),
    ORIGIN("origin", "origin", "127.0.0.4"),
    MOVED("moved", "new address", "127.0.0.5"),
    /** Has a certificate of its own and nothing to do with the service. */
    STRANGER("stranger", "stranger", "127.0.0.6"),
    OTHER_REGION("other-region", "other region", "127.0.0.8");

    /** The response header in which a server says which party it is. */
    public static final String HEADER = "x-drill-party";

    private final String id;

    private final String title;
    private final String ip;

    Party(String id, String title, String ip) {
        this.id = id;
        this.title = title;
        this.ip = ip;
    }

    /** Returns what it writes into {@link #HEADER}. */
    public String id() {
        return id;
    }

    String title() {
        return title;
    }

    /** Returns the loopback address that it listens on. */
    public String ip() {
        return ip;
    }

    /**
     * Returns the party that wrote this header.
     *
     * @throws IllegalArgumentException if there is none
     */
    static Party of(String id) {
        return Arrays.stream(values())
                .filter(party -> party.id.equals(id))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(HEADER + ": " + id));
    }
}

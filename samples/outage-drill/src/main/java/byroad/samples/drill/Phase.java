package byroad.samples.drill;

import java.time.Duration;
import java.util.List;

/**
 * A stretch of a scenario in which nothing changes.
 *
 * @param words what is going on, for a person
 * @param length how long it lasts
 * @param kind whether something is broken
 * @param begins what is broken or mended at its start
 */
record Phase(String words, Duration length, Kind kind, Change begins) {

    /** How long all is well at first. */
    static final Duration BEFORE = Duration.ofSeconds(3);
    /** How long the end is watched. */
    static final Duration AFTER = Duration.ofSeconds(4);
    /** How long all is well between two waves. */
    static final Duration LULL = Duration.ofSeconds(4);

    /** Whether a phase belongs to the outage. */
    enum Kind {
        GOOD,
        OUTAGE
    }

    /** What changes when a phase begins: in the parties, or because clients are started anew. */
    interface Change {
        Change NONE = (parties, clients) -> {};

        void apply(Parties parties, List<Restartable> clients);
    }

    /** Makes the servers of these parties do that. */
    static Change mode(ServerMode mode, Party... all) {
        return (parties, clients) -> List.of(all).forEach(party -> parties.mode(party, mode));
    }

    static Phase good(String words, Duration length, Change begins) {
        return new Phase(words, length, Kind.GOOD, begins);
    }

    static Phase outage(String words, Duration length, Change begins) {
        return new Phase(words, length, Kind.OUTAGE, begins);
    }

    boolean isOutage() {
        return kind == Kind.OUTAGE;
    }
}

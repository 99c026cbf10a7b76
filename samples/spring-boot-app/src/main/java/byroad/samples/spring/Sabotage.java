package byroad.samples.spring;

import byroad.samples.drill.Parties;
import byroad.samples.drill.Party;
import byroad.samples.drill.ServerMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.springframework.stereotype.Component;

/** What is broken at the moment: each provider does one of the things that it can be made to do. */
@Component
class Sabotage {
    static final String HOST = "api.example.test";

    /** What the edge does. */
    enum Edge {
        ANSWERS(ServerMode.WELL),
        ANSWERS_500(ServerMode.EDGE_ERROR),
        BROWN_OUT(ServerMode.BROWN_OUT),
        REFUSES(ServerMode.REFUSING),
        BLACK_HOLE(ServerMode.FROZEN);

        private final ServerMode mode;

        Edge(ServerMode mode) {
            this.mode = mode;
        }
    }

    /** What the machines of a region do; an edge in front passes that on. */
    enum Region {
        ANSWERS(ServerMode.WELL),
        ANSWERS_503(ServerMode.UNAVAILABLE);

        private final ServerMode mode;

        Region(ServerMode mode) {
            this.mode = mode;
        }
    }

    /** What the resolvers say of the host. */
    enum Names {
        RIGHT,
        FIRST_SILENT,
        BOTH_SILENT,
        EMPTY
    }

    /** One provider as the page shows it: what it can do, and what it does now. */
    record Provider(String id, String title, List<String> choices, String now) {}

    private final Parties parties;

    // Guarded by this.
    private Edge edge = Edge.ANSWERS;
    private Region origin = Region.ANSWERS;
    private Region eu = Region.ANSWERS;
    private Names names = Names.RIGHT;

    Sabotage(Parties parties) {
        this.parties = parties;
    }

    synchronized List<Provider> providers() {
        return List.of(
                provider("edge", "Edge (cloudflare)", Edge.values(), edge),
                provider("origin", "Origin (aws/us-east-1)", Region.values(), origin),
                provider("eu", "Other region (aws/eu-west-1)", Region.values(), eu),
                provider("names", "DNS of " + HOST, Names.values(), names));
    }

    private static Provider provider(String id, String title, Enum<?>[] choices, Enum<?> now) {
        return new Provider(
                id, title, Arrays.stream(choices).map(Sabotage::word).toList(), word(now));
    }

    /**
     * Makes that provider do that.
     *
     * @throws IllegalArgumentException if there is no such provider, or it cannot do that
     */
    synchronized void make(String provider, String choice) {
        switch (provider) {
            case "edge" -> edge = chosen(provider, Edge.values(), choice);
            case "origin" -> origin = chosen(provider, Region.values(), choice);
            case "eu" -> eu = chosen(provider, Region.values(), choice);
            case "names" -> names = chosen(provider, Names.values(), choice);
            default ->
                throw new IllegalArgumentException("provider: \"" + provider + "\" (expected: one of "
                        + providers().stream().map(Provider::id).toList() + ")");
        }
        act();
    }

    /** All are well again. */
    synchronized void heal() {
        edge = Edge.ANSWERS;
        origin = Region.ANSWERS;
        eu = Region.ANSWERS;
        names = Names.RIGHT;
        act();
    }

    private void act() {
        parties.mode(Party.ORIGIN, origin.mode);
        parties.mode(Party.OTHER_REGION, eu.mode);
        parties.mode(Party.EDGE_A, edge == Edge.ANSWERS ? origin.mode : edge.mode);
        parties.mendResolvers();
        parties.records(zone -> zone.put(HOST, Parties.RECORD_TTL, Party.EDGE_A.ip()));
        switch (names) {
            case RIGHT -> {}
            case FIRST_SILENT -> parties.silenceFirstResolver();
            case BOTH_SILENT -> parties.silenceResolvers();
            case EMPTY -> parties.records(zone -> zone.empty(HOST));
        }
    }

    private static <E extends Enum<E>> E chosen(String provider, E[] choices, String choice) {
        List<String> words = new ArrayList<>();
        for (E one : choices) {
            if (word(one).equals(choice)) {
                return one;
            }
            words.add(word(one));
        }
        throw new IllegalArgumentException(provider + ": \"" + choice + "\" (expected: one of " + words + ")");
    }

    /** As in {@code black-hole}. */
    private static String word(Enum<?> choice) {
        return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

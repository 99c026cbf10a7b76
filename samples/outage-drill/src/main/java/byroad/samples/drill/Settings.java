package byroad.samples.drill;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What was asked for on the command line, checked.
 *
 * @param scenarios what to run, in order
 * @param rate calls a second for each client
 * @param outage how long each outage lasts; empty for each scenario's own length
 * @param html where the page goes
 */
record Settings(List<Scenario> scenarios, int rate, Optional<Duration> outage, Path html) {
    static final int DEFAULT_RATE = 40;
    static final int MAX_RATE = 500;
    static final Duration MIN_OUTAGE = Duration.ofSeconds(2);
    static final Duration MAX_OUTAGE = Duration.ofMinutes(10);

    Settings {
        scenarios = List.copyOf(scenarios);
        if (rate < 1 || rate > MAX_RATE) {
            throw new IllegalArgumentException("--rate: " + rate + " (expected: 1 to " + MAX_RATE + " calls a second)");
        }
    }

    /**
     * Checks what was typed.
     *
     * @param names scenario names; none for the usual ones
     * @param outageSeconds empty for the defaults
     * @throws IllegalArgumentException naming the value that is wrong and what was expected
     */
    static Settings of(List<String> names, int rate, Optional<Integer> outageSeconds, Path html) {
        Optional<Duration> outage = outageSeconds.map(Settings::outageOf);
        List<Scenario> all = Scenarios.all(outage);
        List<Scenario> chosen = names.isEmpty()
                ? Scenarios.usual(outage)
                : names.stream().distinct().map(name -> byName(all, name)).toList();
        return new Settings(chosen, rate, outage, html);
    }

    /** Returns whether the promise is judged: only at the rate and the outage it is made for. */
    boolean isJudged() {
        return rate == DEFAULT_RATE && outage.isEmpty();
    }

    private static Duration outageOf(int seconds) {
        Duration outage = Duration.ofSeconds(seconds);
        if (outage.compareTo(MIN_OUTAGE) < 0 || outage.compareTo(MAX_OUTAGE) > 0) {
            throw new IllegalArgumentException("--outage: " + seconds + " (expected: " + MIN_OUTAGE.toSeconds() + " to "
                    + MAX_OUTAGE.toSeconds() + " seconds)");
        }
        return outage;
    }

    private static Scenario byName(List<Scenario> all, String name) {
        return all.stream()
                .filter(scenario -> scenario.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "scenario: " + name + " (expected one of: " + String.join(", ", Scenarios.names()) + ")"));
    }

    /** Returns all settings, a line each. */
    List<String> lines() {
        return List.of(
                "scenarios      "
                        + String.join(
                                ", ", scenarios.stream().map(Scenario::name).toList()),
                "parties        edge A (cloudflare), edge B (fastly), origin, new address, other region; two resolver operators",
                "load           " + rate + " calls/s for each client, half GET, half POST; started on schedule whatever"
                        + " happens to earlier ones",
                "limits         deadline " + Words.seconds(Clients.DEADLINE) + ", attempt limit "
                        + Words.millis(Clients.ATTEMPT_LIMIT) + ", the same for all clients",
                "service        answers in " + Words.millis(PartyHandler.SERVICE_TIME) + ", an edge's own error in "
                        + Words.millis(PartyHandler.EDGE_ERROR_TIME) + "; connections live "
                        + Words.seconds(WebServer.CONNECTION_LIFE) + "; records may be cached "
                        + Words.seconds(Parties.RECORD_TTL),
                "outage         " + outage.map(Words::seconds).orElse("as long as each scenario says"),
                "naive retries  " + NaiveRetries.RETRIES + " on IOException or 5xx, " + Words.millis(NaiveRetries.PAUSE)
                        + " apart",
                "peers' names   " + Settings.peersNames());
    }

    /** Returns how the peers look names up, in a sentence. */
    static String peersNames() {
        return "as the JDK does over glibc, " + GetaddrinfoDns.TIME_SCALE + " times faster: two resolvers in order, "
                + Words.seconds(GetaddrinfoDns.SERVER_TIMEOUT) + " each, " + GetaddrinfoDns.ROUNDS
                + " rounds, addresses cached " + Words.seconds(GetaddrinfoDns.POSITIVE_TTL) + ", their absence "
                + Words.seconds(GetaddrinfoDns.NEGATIVE_TTL);
    }
}

package byroad.okhttp;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The same server, fault and load for four clients, one after the other, each among servers of its own: what a call gets from
 * plain OkHttp it gets from Byroad.
 *
 * <pre>{@code
 * Paired.over(Http.H1, day -> {
 *     day.servers.edge.next(closedAfterwards);
 *     day.get("/warm");
 *     day.post("/pay");
 * }).neverWorse();
 * }</pre>
 */
final class Paired {
    private static final Duration SLACK = Duration.ofSeconds(2); // as on two busy cores
    private static final int SLACK_TIMES = 3;

    /** A way of calling. */
    enum Kind {
        PLAIN,
        /** {@code Byroad.create().installOn(...)}. */
        INSTALLED,
        /** {@code addInterceptor(Byroad.create())}. */
        INTERCEPTOR,
        /** Installed, with an upstream of two endpoints: the edge, and the same host at the origin's address. */
        TWO_ENDPOINTS;

        static final Set<Kind> OURS = EnumSet.complementOf(EnumSet.of(PLAIN));
    }

    /** What happens to one client. */
    interface Scenario {
        void on(PairedDay day) throws Exception;
    }

    /**
     * What one client got, and what that cost.
     *
     * @param answers status or class of the exception of each call, and other facts of the scenario, in their order
     * @param requests what the servers got
     * @param connections sockets that the client connected
     * @param left sockets and threads that were left after client and Byroad were closed
     */
    record Result(List<String> answers, int requests, int connections, List<String> left, Duration took) {
        long answered() {
            return answers.stream().filter(Result::isGood).count();
        }

        static boolean isGood(String answer) {
            return answer.startsWith("2");
        }

        @Override
        public String toString() {
            Map<String, Long> counts = new java.util.LinkedHashMap<>();
            answers.forEach(answer -> counts.merge(answer, 1L, Long::sum));
            return String.format(
                    Locale.ROOT,
                    "%d requests, %d connections, %d ms, left: %s, answers: %s",
                    requests,
                    connections,
                    took.toMillis(),
                    left,
                    answers.size() > 24 ? counts : answers);
        }
    }

    private final Map<Kind, Result> results = new EnumMap<>(Kind.class);
    private final Set<Kind> compared = EnumSet.copyOf(Kind.OURS);

    private Paired() {}

    /** Plays that for each client, over servers that speak this protocol. */
    static Paired over(Http http, Scenario scenario) throws Exception {
        return over(http, PairedDay::twoEndpoints, scenario);
    }

    /** The same with another upstream for {@link Kind#TWO_ENDPOINTS}. */
    static Paired over(Http http, Function<TestServers, Upstream> declared, Scenario scenario) throws Exception {
        Paired paired = new Paired();
        for (Kind kind : Kind.values()) {
            PairedDay day = new PairedDay(kind, TestServers.open(http), declared);
            try {
                long started = System.nanoTime();
                scenario.on(day);
                Duration took = TestServers.took(started);
                int requests = day.requests();
                List<String> left = day.leave();
                paired.results.put(
                        kind, new Result(List.copyOf(day.answers), requests, day.sockets.connected.get(), left, took));
            } finally {
                day.servers.close();
            }
        }
        return paired;
    }

    /** Compares these kinds only; what another one does is documented. */
    Paired only(Kind... kinds) {
        compared.retainAll(List.of(kinds));
        return this;
    }

    Result of(Kind kind) {
        return Objects.requireNonNull(results.get(kind));
    }

    Result plain() {
        return Objects.requireNonNull(results.get(Kind.PLAIN));
    }

    /** As often, with no more requests and connections, as soon, and nothing is left. */
    Paired neverWorse() {
        return answersAsPlain().requestsAsPlain().connectionsAsPlain().asSoon().nothingLeft();
    }

    /** Each call gets what it gets from plain OkHttp, or a 2xx where that fails. */
    Paired answersAsPlain() {
        return each("answers", result -> {
            assertThat(result.answers()).as("%s", this).hasSameSizeAs(plain().answers());
            List<String> expected = new ArrayList<>(plain().answers());
            for (int i = 0; i < expected.size(); i++) {
                if (Result.isGood(result.answers().get(i))) {
                    expected.set(i, result.answers().get(i));
                }
            }
            assertThat(result.answers()).as("%s", this).isEqualTo(expected);
        });
    }

    /** As many calls are answered well, whichever they are: for loads. */
    Paired asManyAnswered() {
        return each(
                "answered",
                result -> assertThat(result.answered())
                        .as("answered: %s", this)
                        .isGreaterThanOrEqualTo(plain().answered()));
    }

    /** The servers got no more requests. */
    Paired requestsAsPlain() {
        return each(
                "requests",
                result ->
                        assertThat(result.requests()).as("requests: %s", this).isLessThanOrEqualTo(plain().requests()));
    }

    /** No more connections were made. */
    Paired connectionsAsPlain() {
        return each(
                "connections",
                result -> assertThat(result.connections())
                        .as("connections: %s", this)
                        .isLessThanOrEqualTo(plain().connections()));
    }

    /** It took no longer, but for what busy cores do: what waits for a timeout shows, a slow machine does not. */
    Paired asSoon() {
        return each(
                "time",
                result -> assertThat(result.took())
                        .as("time: %s", this)
                        .isLessThan(plain().took().multipliedBy(SLACK_TIMES).plus(SLACK)));
    }

    /** No socket and no thread is left after client and Byroad are closed. */
    Paired nothingLeft() {
        return each(
                "left", result -> assertThat(result.left()).as("left: %s", this).isEmpty());
    }

    /** Something else that is to hold for each client of ours. */
    Paired holds(String what, Predicate<Result> rule) {
        return each(
                what,
                result -> assertThat(rule.test(result)).as("%s: %s", what, this).isTrue());
    }

    private Paired each(String what, Consumer<Result> assertion) {
        compared.forEach(kind -> {
            try {
                assertion.accept(results.get(kind));
            } catch (AssertionError e) {
                throw new AssertionError(kind + " is worse than plain OkHttp in " + what + ": " + e.getMessage(), e);
            }
        });
        return this;
    }

    /** A line for each client. */
    @Override
    public String toString() {
        return results.entrySet().stream()
                .map(entry -> String.format(Locale.ROOT, "%n  %-13s %s", entry.getKey(), entry.getValue()))
                .collect(joining());
    }
}

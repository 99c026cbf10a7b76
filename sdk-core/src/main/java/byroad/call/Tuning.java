package byroad.call;

import java.time.Duration;

/**
 * The constants of the engine in one place. They were chosen in a simulation of fleets and not measured in the field:
 * docs/what-a-limit-cannot-do.md says how far to trust them.
 */
final class Tuning {
    /** The circuit opens after this number of failures without a success for this long, docs/decisions/018. */
    static final int STREAK = 3;

    static final Duration STREAK_SPAN = Duration.ofSeconds(1);

    /** Or when this share of at least this number of calls within this number of seconds failed. */
    static final int RATE_PERCENT = 50;

    static final int RATE_CALLS = 20;
    static final int RATE_SECONDS = 10;

    /** The circuit stays open for a random time up to the first bound, which doubles up to the second. */
    static final Duration OPEN_AT_FIRST = Duration.ofSeconds(1);

    static final Duration OPEN_AT_MOST = Duration.ofSeconds(30);

    /** The start of a concurrency limit, docs/decisions/019. */
    static final double LIMIT_START_OF_OWN_LOAD = 0.25;

    static final double LIMIT_START_AT_LEAST = 2;

    /**
     * A small process starts with the concurrency that it does not exceed 99 % of the time: its mean and this number of
     * deviations, 031.
     */
    static final double LIMIT_START_SPREADS = 2.33;

    static final double LIMIT_START_FOR_BURST_AT_MOST = 6;

    /** Or with one, if its calls are further apart than this and take less time: 031. */
    static final Duration ONE_BY_ONE = Duration.ofMillis(100);

    static final double LIMIT_START_ONE_BY_ONE = 1;

    /** The longest wait of a call for a place at an endpoint that has shown no overload, 031. */
    static final Duration WAIT_FOR_PLACE = Duration.ofSeconds(1);

    static final double LIMIT_START_ON_MOBILE = 0.25;

    /** How the limit grows in a step, and shrinks on overload. */
    static final Duration LIMIT_STEP_AT_LEAST = Duration.ofSeconds(1);

    static final double LIMIT_GROWTH = 2;
    static final double LIMIT_GROWTH_AFTER_OVERLOAD = 0.10;
    static final double LIMIT_GROWTH_AT_LEAST = 1;
    static final double LIMIT_GROWTH_BELOW_ONE = 0.02;
    static final double LIMIT_CUT = 0.5;
    static final double LIMIT_FLOOR = 0.01;

    /** How long after the last call the limit is remembered. */
    static final Duration LIMIT_REMEMBERS = Duration.ofHours(1);

    /** The least limit for a declared {@code carries}. */
    static final double LIMIT_CEILING_AT_LEAST = 0.25;

    /**
     * An answer is late, which is a sign of overload, if it took more than this part of its time limit (a half) and
     * more than this many times the usual.
     */
    static final int LATE_PART_OF_LIMIT = 2;

    static final int SLOW_TIMES_USUAL = 2;

    /** One sign of overload among this many answers is ignored; this many may follow each other. */
    static final int LIMIT_OVERLOOKS_ONE_IN = 10;

    static final int LIMIT_OVERLOOKS_AT_MOST = 2;

    /** The time over which a process measures its own load and latency. */
    static final double OWN_LOAD_SECONDS = 60;

    /**
     * If there is an alternative, an attempt at an endpoint that may be failing may take this many times the time of
     * its good answers, and at least this long: 017, 018, 035.
     */
    static final int PATIENCE_TIMES_USUAL = 4;

    static final Duration PATIENCE_AT_LEAST = Duration.ofSeconds(1);

    /** Or, if there is an answer that can be delivered, this many times the time that it took: 035. */
    static final int PATIENCE_TIMES_ANSWER = 2;

    /** The longest rest that is kept as asked; a longer one ends then with one probe: 024. */
    static final Duration LONGEST_REST = Duration.ofMinutes(5);

    /** A fallback endpoint that refused this many calls and has never answered well is asked last: 024. */
    static final int REFUSALS_UNTIL_LAST = 5;

    /** The most attempts of one call at the preferred endpoint, docs/decisions/011. */
    static final int MOST_TO_PREFERRED = 3;

    /** The size of a retry budget in retries, docs/decisions/010. */
    static final int BUDGET_RETRIES = 35;

    static final int BUDGET_RETRIES_ON_MOBILE = 4;

    /** The waits before a retry; longer ones if the only endpoint answered with an error. */
    static final Backoff USUAL_BACKOFF = Backoff.from(Duration.ofMillis(50));

    static final Backoff ONLY_ENDPOINT_BACKOFF = Backoff.from(Duration.ofMillis(200));

    /** The backoff after throttling; AWS retries 2.1 has the same base. */
    static final Backoff LATER_BACKOFF = Backoff.from(Duration.ofSeconds(1));

    /** The most jitter that is added to a {@code Retry-After}; AWS retries 2.1 has the same. */
    static final Duration MOST_ADDED_TO_RETRY_AFTER = Duration.ofSeconds(5);

    /**
     * The most calls of one upstream that wait at a time, for a retry or a place: half of the calls that OkHttp runs by
     * default.
     */
    static final int MOST_WAITING = 32;

    /** The limit of a wait for a retry in a call without a deadline, docs/decisions/010; chosen, not measured. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** How long a suspicion counts. */
    static final Duration SUSPICION_LASTS = Duration.ofMinutes(1);

    /**
     * The number of calls, at least and at most, over which a traffic shift is measured, and the percentage of them
     * that means "back".
     */
    static final int SHIFT_CALLS_AT_LEAST = 20;

    static final int SHIFT_CALLS = 100;
    static final int BACK_PERCENT = 99;

    /** A failure within this time after an answer continues the earlier shift. */
    static final Duration SHIFT_RELAPSE = Duration.ofMinutes(10);

    private Tuning() {}
}

package byroad.call;

import java.time.Duration;

/**
 * The constants of the engine in one place. They were chosen in a simulation of fleets and not measured in the field:
 * docs/what-a-limit-cannot-do.md says how far to trust them.
 */
final class Tuning {
    /** The circuit opens on so many failures and no success for so long, docs/decisions/018. */
    static final int STREAK = 3;

    static final Duration STREAK_SPAN = Duration.ofSeconds(1);

    /** Or when that share of at least so many calls within so many seconds failed. */
    static final int RATE_PERCENT = 50;

    static final int RATE_CALLS = 20;
    static final int RATE_SECONDS = 10;

    /** It stays open for any time up to the first, doubling to the second. */
    static final Duration OPEN_AT_FIRST = Duration.ofSeconds(1);

    static final Duration OPEN_AT_MOST = Duration.ofSeconds(30);

    /** Where a concurrency limit starts, docs/decisions/019. */
    static final double LIMIT_START_OF_OWN_LOAD = 0.25;

    static final double LIMIT_START_AT_LEAST = 2;

    /** A small process starts with what it has in flight in 99 of 100 moments: its mean and so many deviations, 031. */
    static final double LIMIT_START_SPREADS = 2.33;

    static final double LIMIT_START_FOR_BURST_AT_MOST = 6;

    /** Or with one, where calls come further apart than that and are over sooner: 031. */
    static final Duration ONE_BY_ONE = Duration.ofMillis(100);

    static final double LIMIT_START_ONE_BY_ONE = 1;

    /** A call waits for a place where nothing was ever too much, in all for so long, 031. */
    static final Duration WAIT_FOR_PLACE = Duration.ofSeconds(1);

    static final double LIMIT_START_ON_MOBILE = 0.25;

    /** How it grows in a step, and shrinks on overload. */
    static final Duration LIMIT_STEP_AT_LEAST = Duration.ofSeconds(1);

    static final double LIMIT_GROWTH = 2;
    static final double LIMIT_GROWTH_AFTER_OVERLOAD = 0.10;
    static final double LIMIT_GROWTH_AT_LEAST = 1;
    static final double LIMIT_GROWTH_BELOW_ONE = 0.02;
    static final double LIMIT_CUT = 0.5;
    static final double LIMIT_FLOOR = 0.01;

    /** What it learnt holds so long after the last call. */
    static final Duration LIMIT_REMEMBERS = Duration.ofHours(1);

    /** What is declared with {@code carries} never means less than that. */
    static final double LIMIT_CEILING_AT_LEAST = 0.25;

    /** An answer that took more than one such part of its limit, and so many times the usual, is late: a sign of overload. */
    static final int LATE_PART_OF_LIMIT = 2;

    static final int SLOW_TIMES_USUAL = 2;

    /** One sign of overload among so many answers is none; so many may come in a row. */
    static final int LIMIT_OVERLOOKS_ONE_IN = 10;

    static final int LIMIT_OVERLOOKS_AT_MOST = 2;

    /** Over how long a process measures its own load and latency. */
    static final double OWN_LOAD_SECONDS = 60;

    /**
     * An endpoint that may be sick is waited for so many times what its good answers take, and at least so long, where there is
     * something better to do: 017, 018, 035.
     */
    static final int PATIENCE_TIMES_USUAL = 4;

    static final Duration PATIENCE_AT_LEAST = Duration.ofSeconds(1);

    /** Or, beside an answer that could be delivered, so many times what that one took: 035. */
    static final int PATIENCE_TIMES_ANSWER = 2;

    /** A rest is kept as asked up to that; a longer one ends then with one probe: 024. */
    static final Duration LONGEST_REST = Duration.ofMinutes(5);

    /** A fallback endpoint that refused so many calls and never answered well is asked last: 024. */
    static final int REFUSALS_UNTIL_LAST = 5;

    /** How often the preferred endpoint is tried by one call, docs/decisions/011. */
    static final int MOST_TO_PREFERRED = 3;

    /** What a budget is worth in repeats, docs/decisions/010. */
    static final int BUDGET_RETRIES = 35;

    static final int BUDGET_RETRIES_ON_MOBILE = 4;

    /** Waits before a retry; the longer ones where the only endpoint answered with an error. */
    static final Backoff USUAL_BACKOFF = Backoff.from(Duration.ofMillis(50));

    static final Backoff ONLY_ENDPOINT_BACKOFF = Backoff.from(Duration.ofMillis(200));

    /** Where the service told the call to come later: AWS retries 2.1 has the same base after throttling. */
    static final Backoff LATER_BACKOFF = Backoff.from(Duration.ofSeconds(1));

    /** Jitter on top of a wait that was asked for, at most: AWS retries 2.1 has the same. */
    static final Duration MOST_ADDED_TO_RETRY_AFTER = Duration.ofSeconds(5);

    /** So many calls of one upstream wait at a time, for a retry or a place: half of what OkHttp has under way by default. */
    static final int MOST_WAITING = 32;

    /** A call without a deadline waits less than this for a retry, docs/decisions/010; chosen, not measured. */
    static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    /** An suspicion counts for so long. */
    static final Duration SUSPICION_LASTS = Duration.ofMinutes(1);

    /** Over how many calls it is measured where traffic goes, at least and at most, and how many of them mean "back". */
    static final int SHIFT_CALLS_AT_LEAST = 20;

    static final int SHIFT_CALLS = 100;
    static final int BACK_PERCENT = 99;

    /** What fails again within that time after it answered is a relapse. */
    static final Duration SHIFT_RELAPSE = Duration.ofMinutes(10);

    private Tuning() {}
}

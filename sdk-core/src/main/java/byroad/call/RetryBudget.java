package byroad.call;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A token bucket that limits the load that retries add to an upstream: each retry takes tokens, each success returns
 * some, and without tokens there is no retry until a call succeeds.
 *
 * <p>As in AWS "retries 2.1", it has no clock and no refill. A successful retry returns its tokens, so that useful
 * retries are free. Safe for use by any thread, without locks.
 */
public final class RetryBudget {
    /** The cost of a retry after a transient failure. */
    public static final int TRANSIENT_COST = 14;
    /** The cost of a retry after throttling. */
    public static final int THROTTLED_COST = 5;

    private final AtomicInteger spent = new AtomicInteger();
    private volatile int capacity;

    private RetryBudget(int capacity) {
        this.capacity = capacity;
    }

    /**
     * A full budget.
     *
     * @param tokens 0 or more
     */
    public static RetryBudget ofCapacity(int tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("capacity: " + tokens + " (expected: >= 0)");
        }
        return new RetryBudget(tokens);
    }

    /**
     * Takes that many tokens and returns true, or takes none and returns false.
     *
     * @throws IllegalArgumentException if {@code tokens} is negative
     */
    public boolean tryWithdraw(int tokens) {
        checked(tokens);
        while (true) {
            int now = spent.get();
            if (tokens > capacity - now) {
                return false;
            }
            if (spent.compareAndSet(now, now + tokens)) {
                return true;
            }
        }
    }

    /**
     * Returns that many tokens, up to the capacity.
     *
     * @throws IllegalArgumentException if {@code tokens} is negative
     */
    public void deposit(int tokens) {
        checked(tokens);
        while (true) {
            int now = spent.get();
            if (now == 0 || spent.compareAndSet(now, Math.max(0, now - tokens))) {
                return;
            }
        }
    }

    private static void checked(int tokens) {
        if (tokens < 0) {
            throw new IllegalArgumentException("tokens: " + tokens + " (expected: >= 0)");
        }
    }

    /** Changes the capacity; the tokens that were spent stay spent. */
    void capacity(int tokens) {
        capacity = tokens;
    }

    /** The tokens that are left. */
    public int available() {
        return Math.max(0, capacity - spent.get());
    }

    /** The most tokens that there can be. */
    public int capacity() {
        return capacity;
    }

    /** As in {@code 6/490 tokens}. */
    @Override
    public String toString() {
        return available() + "/" + capacity + " tokens";
    }
}

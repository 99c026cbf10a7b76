package byroad.call;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Tokens that bound what retries add to the load of an upstream: each retry takes some, successes bring some back, and
 * when they are gone nothing is repeated until something succeeds.
 *
 * <p>The token bucket of AWS "retries 2.1": no clock, no refill. A retry that succeeds pays itself back, so useful ones
 * are free. Safe for use by any thread, without locks.
 */
public final class RetryBudget {
    /** What repeating after a transient failure costs. */
    public static final int TRANSIENT_COST = 14;
    /** What repeating after being throttled costs. */
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
     * Takes that many tokens, or none and says no.
     *
     * @throws IllegalArgumentException if there are fewer than none
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
     * Brings that many tokens back, up to the capacity.
     *
     * @throws IllegalArgumentException if there are fewer than none
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

    /** Changes the capacity; what was spent stays spent. */
    void capacity(int tokens) {
        capacity = tokens;
    }

    /** How many tokens there are. */
    public int available() {
        return Math.max(0, capacity - spent.get());
    }

    /** How many tokens there can be. */
    public int capacity() {
        return capacity;
    }

    /** As in {@code 6/490 tokens}. */
    @Override
    public String toString() {
        return available() + "/" + capacity + " tokens";
    }
}

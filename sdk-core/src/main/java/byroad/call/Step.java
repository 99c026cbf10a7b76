package byroad.call;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** The next step of a call, which the adapter makes. */
public sealed interface Step {
    /** Make this attempt, then report its outcome to {@link CallPlan#took}, exactly once. */
    record Send(Attempt attempt) implements Step {}

    /** Wait, then ask again. */
    final class Await implements Step {
        private final Duration duration;
        private final String why;
        private final CompletableFuture<Boolean> over = new CompletableFuture<>();

        private Await(Duration duration, String why) {
            this.duration = duration;
            this.why = why;
        }

        /** A wait that ends after that time, or when it is completed. */
        static Await of(Duration duration, String why) {
            return new Await(duration, why);
        }

        /** The longest time to wait. */
        public Duration duration() {
            return duration;
        }

        /** The reason for the wait. */
        public String why() {
            return why;
        }

        /**
         * Completes when the call need not wait any longer, which may be before the time is over. An adapter that stops
         * waiting, because the time is over or the call is cancelled, completes it with false. Dependent actions must
         * be quick, because they may run on the thread of another call.
         */
        public CompletableFuture<Boolean> over() {
            return over;
        }

        /** Ends the wait; returns whether the call got the place that it waited for. */
        boolean end() {
            over.complete(false);
            return over.join();
        }

        @Override
        public String toString() {
            return "wait " + duration.toMillis() + "ms " + why;
        }
    }

    /**
     * Hand the answer to that attempt to the caller. The call is decided; attempts that are still under way are to be
     * cancelled.
     *
     * @param isExhausted whether the answer is an error and all retries are used up: the adapter tells a caller that
     *     retries by itself not to, over HTTP by {@code X-Should-Retry: false}
     */
    record Deliver(Attempt attempt, boolean isExhausted) implements Step {}

    /** Throw that exception to the caller; earlier failures are suppressed exceptions of it. The call is decided. */
    record GiveUp(IOException failure) implements Step {}
}

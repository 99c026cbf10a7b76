package byroad.call;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** What an adapter is to do next for a call. */
public sealed interface Step {
    /** Make this attempt, then tell {@link CallPlan#took} what came of it, exactly once. */
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

        /** A wait for time to pass, or for what completes it. */
        static Await of(Duration duration, String why) {
            return new Await(duration, why);
        }

        /** For how long at most. */
        public Duration duration() {
            return duration;
        }

        /** What for. */
        public String why() {
            return why;
        }

        /**
         * Completes as soon as the call need not wait any longer, which may be before the time is up. Whoever stops waiting, because
         * the time is up or the call is cancelled, completes it with false. What depends on it must be quick, for it may run on the
         * thread of another call.
         */
        public CompletableFuture<Boolean> over() {
            return over;
        }

        /** Ends it; whether the place that it was for is the call's now. */
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
     * Hand the answer to that attempt to the caller. The call is decided; attempts that are still under way are to be cancelled.
     *
     * @param isExhausted whether it is an error after which sending again would be safe but is not worth it any more: a caller
     *     that retries by itself is told not to, over HTTP by {@code X-Should-Retry: false}
     */
    record Deliver(Attempt attempt, boolean isExhausted) implements Step {}

    /** Throw that to the caller; earlier failures are among its suppressed ones. The call is decided. */
    record GiveUp(IOException failure) implements Step {}
}

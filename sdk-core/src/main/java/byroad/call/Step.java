package byroad.call;

import byroad.Breakage.Symptom;
import byroad.Endpoint;
import byroad.TimeSource;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** What an adapter is to do next for a call. */
public sealed interface Step {
    /**
     * Send the request to this endpoint, then tell {@link CallPlan#took} what came of it, exactly once.
     *
     * <p>All that decides what may leave for this endpoint is here, so that no adapter can leak: the URL, which headers
     * of the call go with it, and which are added.
     */
    final class Send implements Step {
        final EndpointHealth health;
        final int circuitEpoch;
        private final TimeSource time;
        long startedNanos;
        Circuit.Ended ended = Circuit.Ended.NOTHING; // by its answer
        private volatile long writtenNanos; // may be told by the thread that writes
        private volatile long heardNanos;
        private final String url;
        private Optional<Duration> within;
        private boolean endedWithCall;
        private final HeaderRules headers;
        private final boolean sameAuthority;
        private final boolean asCalled;
        private final Symptom symptom;
        private final int attempt;
        private final Optional<Duration> unhurried;

        Send(
                EndpointHealth health,
                int circuitEpoch,
                TimeSource time,
                String url,
                Optional<Duration> within,
                Route route) {
            this.health = health;
            this.circuitEpoch = circuitEpoch;
            this.time = time;
            this.startedNanos = time.nanoTime();
            this.writtenNanos = startedNanos;
            this.heardNanos = startedNanos;
            this.url = url;
            this.within = within;
            this.headers = route.headers();
            this.sameAuthority = route.sameAuthority();
            this.asCalled = route.asCalled();
            this.symptom = route.symptom();
            this.attempt = route.attempt();
            this.unhurried = route.unhurried().isPresent() ? route.unhurried() : within;
        }

        /** How this endpoint relates to the call. */
        record Route(
                HeaderRules headers,
                boolean sameAuthority,
                boolean asCalled,
                Optional<Duration> unhurried,
                Symptom symptom,
                int attempt) {}

        /** Whether that long is late by the limit of any attempt, whatever is left of the deadline. */
        boolean isLate(Duration took) {
            return unhurried
                    .filter(limit ->
                            took.multipliedBy(Tuning.LATE_PART_OF_LIMIT).compareTo(limit) > 0)
                    .isPresent();
        }

        /** Whether it ended by a limit that is short for this call's sake only, which says nothing of the endpoint. */
        boolean isCutShort(Duration took) {
            boolean byLimit = endedWithCall
                    || within.filter(limit -> took.compareTo(limit) >= 0).isPresent();
            return byLimit && !isLate(took);
        }

        /** It begins later than it was planned, with that much left of the deadline. */
        void begins(Optional<Duration> left) {
            startedNanos = time.nanoTime();
            written();
            within = left.filter(shorter -> shorter.compareTo(within.orElse(shorter)) <= 0)
                            .isPresent()
                    ? left
                    : within;
        }

        /** It is written, or what follows from it by a redirect or a challenge: what came before is not the endpoint's time. */
        public void written() {
            writtenNanos = time.nanoTime();
            heardNanos = writtenNanos;
        }

        /** The headers of the answer are there. */
        public void heard() {
            heardNanos = time.nanoTime();
        }

        /** How long the endpoint took to answer, where all took so long; an adapter need not tell what is in between. */
        Duration silence(Duration took) {
            long nanos = heardNanos == writtenNanos
                    ? startedNanos + took.toNanos() - writtenNanos
                    : heardNanos - writtenNanos;
            return Duration.ofNanos(nanos);
        }

        /** The call's own timeout ended it. */
        void endsWithCall() {
            endedWithCall = true;
        }

        /** The endpoint. */
        public Endpoint endpoint() {
            return health.endpoint;
        }

        /** The name of the upstream. */
        public String upstream() {
            return health.upstream;
        }

        /** The URL to send to, as encoded text. */
        public String url() {
            return url;
        }

        /** The longest silence before the response headers; empty means none. */
        public Optional<Duration> within() {
            return within;
        }

        /** Whether the request must go out exactly as the caller made it: the client only watches. */
        public boolean isAsCalled() {
            return asCalled;
        }

        /** Whether scheme, host and port are those of the call, so that only the addresses may differ. */
        public boolean isSameAuthority() {
            return sameAuthority;
        }

        /** What a drill breaks about this send; the adapter acts it out in place of sending. */
        public Symptom symptom() {
            return symptom;
        }

        /** Whether that header of the call goes to this endpoint. */
        public boolean keeps(String headerName) {
            return sameAuthority || HeaderRules.mayLeave(headerName, health.endpoint);
        }

        /**
         * Whether that header of a request to this endpoint may go on to that URL, be it that a redirect led there, or that
         * somebody below changed the request.
         */
        public boolean keeps(String headerName, String url) {
            return headers.mayGoOn(headerName, health.endpoint, this.url, url);
        }

        /** Whether a challenge from that URL may be answered with credentials of the caller. */
        public boolean trusts(String url) {
            boolean isHere = CallUrl.isSameOrigin(url, this.url);
            return headers.isTrusted(health.endpoint, this.url) && (isHere || headers.isTrusted(url));
        }

        /** Whether its upstream was declared; else it is a host that was just called. */
        public boolean isDeclared() {
            return headers.isDeclared();
        }

        /** The headers that this endpoint gets beside those of the call, or in their place. */
        public Map<String, String> addedHeaders() {
            return headers.added(health.endpoint, attempt);
        }

        @Override
        public String toString() {
            return "send to " + health.endpoint;
        }
    }

    /** Wait, then ask again. */
    final class Await implements Step {
        private final Duration duration;
        private final String why;
        private final @Nullable Gate gate;
        private final CompletableFuture<Boolean> over = new CompletableFuture<>();

        /** A wait for time to pass, or for a place at that gate. */
        Await(Duration duration, String why, @Nullable Gate gate) {
            this.duration = duration;
            this.why = why;
            this.gate = gate;
        }

        /** For how long at most. */
        public Duration duration() {
            return duration;
        }

        /** Whether it is for a place, which is waited for in line, and not for time to pass. */
        public boolean isForPlace() {
            return gate != null;
        }

        /** What for. */
        public String why() {
            return why;
        }

        /**
         * Begins to wait. Who waits for a place stands in line from now on, and this is complete as soon as it need not wait any
         * longer. Who waits no longer, because the time is up or the call is cancelled, completes it with false. What depends on it
         * must be quick, for it may run on the thread of another call.
         */
        public CompletableFuture<Boolean> begin() {
            if (gate != null) {
                gate.queue(over);
            }
            return over;
        }

        /** Ends it; whether the place that it was for is the call's now. */
        boolean end() {
            over.complete(false);
            return over.join();
        }

        boolean isOver() {
            return over.isDone();
        }

        @Override
        public String toString() {
            return "wait " + duration.toMillis() + "ms " + why;
        }
    }

    /**
     * Hand the answer to that send to the caller. The call is decided.
     *
     * @param isExhausted whether it is an error after which sending again would be safe but is not worth it any more: a caller
     *     who repeats by himself is told not to, over HTTP by {@code X-Should-Retry: false}
     */
    record Deliver(Send send, boolean isExhausted) implements Step {}

    /** Throw that to the caller; earlier failures are among its suppressed ones. The call is decided. */
    record GiveUp(IOException failure) implements Step {}
}

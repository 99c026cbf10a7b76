package byroad;

import java.time.Duration;
import java.util.List;

/**
 * Something noteworthy that happened inside a client: plain records with a readable {@code toString}, told to the
 * listener of {@link ClientRuntime#events}. New kinds come in minor versions, so a listener must let unknown ones pass.
 *
 * <p>No event holds a header value, a query string or a body.
 */
public interface Event {
    /** A circuit opened: the endpoint is avoided. */
    record EndpointFailing(String upstream, String endpoint, String because, Duration opensFor) implements Event {
        @Override
        public String toString() {
            return upstream + ": " + endpoint + " is failing, avoided for " + opensFor.toMillis() + "ms: " + because;
        }
    }

    /** A circuit closed: the endpoint answers again. */
    record EndpointRecovered(String upstream, String endpoint, Duration after) implements Event {
        @Override
        public String toString() {
            return upstream + ": " + endpoint + " answers again after " + after.toMillis() + "ms";
        }
    }

    /** An endpoint asked for a longer rest than it gets: after what is kept of it, one call at a time finds out whether it answers. */
    record RestShortened(String upstream, String endpoint, Duration asked, Duration kept) implements Event {
        @Override
        public String toString() {
            return upstream + ": " + endpoint + " asked to be left alone for " + asked.toSeconds() + "s; it is, for "
                    + kept.toSeconds() + "s, and then for all calls but one";
        }
    }

    /** A body died, or its stream told of an error or ended too early, after the answer was handed over. */
    record BodyFailed(String upstream, String endpoint, String because) implements Event {
        @Override
        public String toString() {
            return upstream + ": the body of an answer by " + endpoint + " failed: " + because;
        }
    }

    /**
     * The endpoints of several upstreams suspect one domain with certainty; told once until nobody does for a minute.
     *
     * @param upstreams the names of some that do, two or more
     */
    record DomainSuspected(FailureDomain domain, List<String> upstreams) implements Event {
        @Override
        public String toString() {
            return domain + " is suspected by " + String.join(" and ", upstreams);
        }
    }

    /** That part of an upstream's calls is answered elsewhere by now, so long after its preferred endpoint began to fail. */
    record TrafficShifted(String upstream, FailureDomain domain, int percent, Duration after) implements Event {
        @Override
        public String toString() {
            return upstream + ": " + percent + " % away from " + domain + " after " + after.toMillis() + "ms";
        }
    }

    /** An upstream's calls are answered by its preferred endpoint again, so long after that answered again. */
    record TrafficReturned(String upstream, FailureDomain domain, Duration after) implements Event {
        @Override
        public String toString() {
            return upstream + ": back at " + domain + " after " + after.toMillis() + "ms";
        }
    }

    /** Addresses are used past their time, or against a negative answer. */
    record AnswerOutlived(String host, Provenance provenance) implements Event {
        @Override
        public String toString() {
            return host + ": using an answer that is " + provenance;
        }
    }

    /** Some resolver has addresses where another says there are none; the addresses win. */
    record ResolversDisagree(String host, List<String> answers) implements Event {
        @Override
        public String toString() {
            return host + ": resolvers disagree: " + answers;
        }
    }

    /** A resolver was of no use while another was: it is asked last, until it answers again. */
    record ResolverFailing(String resolver, String because) implements Event {
        @Override
        public String toString() {
            return resolver + " is failing and asked last: " + because;
        }
    }

    /** A resolver answers again and has its place back. */
    record ResolverRecovered(String resolver) implements Event {
        @Override
        public String toString() {
            return resolver + " answers again";
        }
    }

    /** A negative answer was believed, and what was remembered before is used no more. */
    record NegativeBelieved(String host, String because) implements Event {
        @Override
        public String toString() {
            return host + ": no address any more: " + because;
        }
    }

    /**
     * A record that was stored of a host is not used: damaged, too old, of another version or host, from the future.
     *
     * @param key the host, or {@code network/host}
     */
    record StoredAnswerRefused(String key, String because) implements Event {
        @Override
        public String toString() {
            return key + ": the stored answer is not used: " + because;
        }
    }

    /** A verdict was put on the board or taken off it. */
    record AvoidanceChanged(String what) implements Event {
        @Override
        public String toString() {
            return what;
        }
    }

    /** The mode was changed. */
    record ModeChanged(Mode from, Mode to) implements Event {
        @Override
        public String toString() {
            return "mode " + from + " -> " + to;
        }
    }

    /** Something of the client cannot work as configured in the place where it runs. */
    record Impaired(String what, String because) implements Event {
        @Override
        public String toString() {
            return what + ": " + because;
        }
    }

    /**
     * Code of the user threw an exception; the client went on as if that part were absent.
     *
     * @param what names the code, such as {@code the signature}
     * @param because the class of the exception and the place where it was thrown; its message may quote a credential
     */
    record UserCodeFailed(String what, String because) implements Event {
        @Override
        public String toString() {
            return what + " threw an exception and is ignored this time: " + because;
        }
    }
}

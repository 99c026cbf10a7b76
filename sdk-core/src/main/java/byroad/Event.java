package byroad;

import java.time.Duration;
import java.util.List;

/**
 * An event inside a client: a record with a readable {@code toString}, for the listener of {@link
 * ClientRuntime#events}. Minor versions add kinds of events, so a listener must ignore unknown ones.
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

    /**
     * The {@code Retry-After} of an endpoint is longer than Byroad keeps: after the time that it keeps, one call at a
     * time finds out whether the endpoint answers.
     */
    record RestShortened(String upstream, String endpoint, Duration asked, Duration kept) implements Event {
        @Override
        public String toString() {
            return upstream + ": " + endpoint + " asked to be left alone for " + asked.toMillis() / 1_000
                    + "s; it is, for " + kept.toMillis() / 1_000 + "s, and then for all calls but one";
        }
    }

    /**
     * The body of an answer failed after the caller received the answer: it broke off, or its event stream reported an
     * error or ended too early.
     */
    record BodyFailed(String upstream, String endpoint, String because) implements Event {
        @Override
        public String toString() {
            return upstream + ": the body of an answer by " + endpoint + " failed: " + because;
        }
    }

    /**
     * Failures of several upstreams certainly point at one domain. Emitted once, and again only after a minute without
     * such a failure.
     *
     * @param upstreams the names of two or more of these upstreams
     */
    record DomainSuspected(FailureDomain domain, List<String> upstreams) implements Event {
        @Override
        public String toString() {
            return domain + " is suspected by " + String.join(" and ", upstreams);
        }
    }

    /**
     * A share of an upstream's calls is now answered by fallback endpoints; {@code after} counts from the first failure
     * of the preferred endpoint.
     */
    record TrafficShifted(String upstream, FailureDomain domain, int percent, Duration after) implements Event {
        @Override
        public String toString() {
            return upstream + ": " + percent + " % away from " + domain + " after " + after.toMillis() + "ms";
        }
    }

    /** An upstream's calls are answered by its preferred endpoint again; {@code after} counts from its first answer. */
    record TrafficReturned(String upstream, FailureDomain domain, Duration after) implements Event {
        @Override
        public String toString() {
            return upstream + ": back at " + domain + " after " + after.toMillis() + "ms";
        }
    }

    /** Addresses are used after their time to live, or against a negative answer. */
    record AnswerOutlived(String host, Provenance provenance) implements Event {
        @Override
        public String toString() {
            return host + ": using an answer that is " + provenance;
        }
    }

    /** One resolver gave addresses and another says that there are none; the addresses are used. */
    record ResolversDisagree(String host, List<String> answers) implements Event {
        @Override
        public String toString() {
            return host + ": resolvers disagree: " + answers;
        }
    }

    /** A resolver failed while another one answered: it is asked last until it answers again. */
    record ResolverFailing(String resolver, String because) implements Event {
        @Override
        public String toString() {
            return resolver + " is failing and asked last: " + because;
        }
    }

    /** A resolver answers again and is asked in its configured order again. */
    record ResolverRecovered(String resolver) implements Event {
        @Override
        public String toString() {
            return resolver + " answers again";
        }
    }

    /** A negative answer was accepted: the remembered addresses are not used any more. */
    record NegativeBelieved(String host, String because) implements Event {
        @Override
        public String toString() {
            return host + ": no address any more: " + because;
        }
    }

    /**
     * The stored record of a host is not used: it is damaged, too old, from the future, or of another version or host.
     *
     * @param key the host, or {@code network/host}
     */
    record StoredAnswerRefused(String key, String because) implements Event {
        @Override
        public String toString() {
            return key + ": the stored answer is not used: " + because;
        }
    }

    /** An avoidance was added or removed. */
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

    /** A part of the client cannot work as configured in this environment. */
    record Impaired(String what, String because) implements Event {
        @Override
        public String toString() {
            return what + ": " + because;
        }
    }

    /**
     * Code of the user threw an exception; the client went on as if that part were absent.
     *
     * @param what the code, such as {@code the signature}
     * @param because the class of the exception and the place where it was thrown; its message may quote a credential
     */
    record UserCodeFailed(String what, String because) implements Event {
        @Override
        public String toString() {
            return what + " threw an exception and is ignored this time: " + because;
        }
    }
}

package byroad;

import byroad.Fault.Certainty;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One row of the built-in signatures: the conditions by which an answer of a provider is recognised, and the fault that
 * it shows.
 *
 * @param edge the provider that made the answer
 * @param conditions all of them must hold
 * @param attribution the failure that the answer shows
 * @param certainty how sure the attribution is
 * @param evidence the attribution in words
 * @param source the documentation that says so, and when it was read
 */
record SignatureRow(
        Edge edge,
        List<Condition> conditions,
        Attribution attribution,
        Certainty certainty,
        String evidence,
        Source source) {

    /** A condition on an answer. */
    @FunctionalInterface
    interface Condition {
        boolean fits(ExaminedAnswer answer);

        default Condition and(Condition other) {
            return answer -> fits(answer) && other.fits(answer);
        }

        default Condition or(Condition other) {
            return answer -> fits(answer) || other.fits(answer);
        }
    }

    /** The documentation of a row, and the day when it was read. */
    record Source(String where, String read) {}

    /**
     * An edge that answers can pass through.
     *
     * @param names the domains that it can be declared as; all are suspected
     * @param headers headers that show that the answer passed it, but not that it made the answer: an origin's own
     *     error has them too
     */
    record Edge(List<FailureDomain> names, Map<String, Pattern> headers) {
        boolean wasPassed(ExaminedAnswer answer) {
            return names.stream().anyMatch(name -> name.coversAny(answer.endpoint.edges()))
                    || headers.entrySet().stream()
                            .anyMatch(shown ->
                                    header(shown.getKey(), shown.getValue()).fits(answer));
        }
    }

    /** The domains that an answer puts under suspicion, beside its endpoint. */
    private enum Suspected {
        /** The edges that the answer came through. */
        EDGE,
        /** No domain: the connection from this edge to that host is at fault. */
        WAY,
        /** Where the host is. */
        HOST
    }

    /** The layer that a failure is attributed to, how far the request got, and the suspected domains. */
    enum Attribution {
        /** The edge itself failed; how far the request got is unknown. */
        EDGE_FAILED(Layer.EDGE, Delivery.MAYBE_PROCESSED, Suspected.EDGE),
        /** The edge does not know where to send the request. */
        EDGE_MISROUTED(Layer.EDGE, Delivery.NEVER_REACHED_ORIGIN, Suspected.EDGE),
        /** The edge refused the request on purpose. */
        EDGE_REFUSED(Layer.EDGE_POLICY, Delivery.NEVER_REACHED_ORIGIN, Suspected.EDGE),
        /** The edge could not reach the host. */
        ORIGIN_NOT_REACHED(Layer.ORIGIN, Delivery.NEVER_REACHED_ORIGIN, Suspected.WAY),
        /** The edge got no answer of the host, or the customer's code that runs at the edge failed. */
        ORIGIN_FAILED(Layer.ORIGIN, Delivery.MAYBE_PROCESSED, Suspected.WAY),
        /** The host itself made the answer. */
        ORIGIN_ANSWERED(Layer.ORIGIN, Delivery.ANSWERED, Suspected.HOST),
        /** Edge or host: unknown which of them. */
        UNCLEAR(Layer.UNKNOWN, Delivery.MAYBE_PROCESSED, Suspected.EDGE);

        final Layer layer;
        private final Delivery delivery;
        private final Suspected suspected;

        Attribution(Layer layer, Delivery delivery, Suspected suspected) {
            this.layer = layer;
            this.delivery = delivery;
            this.suspected = suspected;
        }

        /** The fault of an answer that came through these edges. */
        Fault fault(String evidence, Certainty certainty, Endpoint endpoint, Collection<FailureDomain> edges) {
            Fault fault = Fault.of(layer, evidence).delivery(delivery).suspecting(suspects(endpoint, edges));
            return certainty == Certainty.CERTAIN
                    ? fault.certain()
                    : certainty == Certainty.LIKELY ? fault.likely() : fault;
        }

        private Collection<FailureDomain> suspects(Endpoint endpoint, Collection<FailureDomain> edges) {
            if (suspected == Suspected.EDGE) {
                return edges;
            }
            boolean isDirect = endpoint.edges().isEmpty(); // no edge is in between
            return suspected == Suspected.HOST || isDirect
                    ? endpoint.hosting().map(Set::of).orElse(Set.of())
                    : Set.of();
        }
    }

    /** An answer that is matched with the rows: its body is read once, and only if a condition needs it. */
    static final class ExaminedAnswer {
        final ResponseHead head;
        final Endpoint endpoint;
        private @Nullable String body;
        private @Nullable Map<String, String> members;

        ExaminedAnswer(ResponseHead head, Endpoint endpoint) {
            this.head = head;
            this.endpoint = endpoint;
        }

        private boolean isType(String part) {
            String type = head.header("content-type").orElse("");
            return type.toLowerCase(Locale.ROOT).contains(part);
        }

        private String body() {
            if (body == null) {
                String start = head.bodyStart();
                body = start.length() <= ResponseHead.BODY_LIMIT ? start : start.substring(0, ResponseHead.BODY_LIMIT);
            }
            return body;
        }

        private Map<String, String> members() {
            if (members == null) {
                members = isType("json") ? FlatJson.members(body()) : Map.of();
            }
            return members;
        }
    }

    /** The fault, if this row recognises the answer. */
    Optional<Fault> read(ExaminedAnswer answer) {
        for (Condition condition : conditions) {
            if (!condition.fits(answer)) {
                return Optional.empty();
            }
        }
        return Optional.of(attribution.fault(evidence, certainty, answer.endpoint, edge.names));
    }

    /** The status is one of these. */
    static Condition status(Integer... statuses) {
        Set<Integer> any = Set.of(statuses);
        return answer -> any.contains(answer.head.status());
    }

    /** The status is 500 or more. */
    static Condition serverError() {
        return answer -> answer.head.status() >= 500;
    }

    /** The whole value of that header matches. */
    static Condition header(String name, String value) {
        return header(name, Pattern.compile(value, Pattern.CASE_INSENSITIVE));
    }

    private static Condition header(String name, Pattern value) {
        return answer -> answer.head
                .header(name)
                .filter(text -> value.matcher(text.trim()).matches())
                .isPresent();
    }

    /** The answer is an HTML page that contains a match. */
    static Condition html(String part) {
        return body("html", part);
    }

    /** The answer is plain text that contains a match. */
    static Condition text(String part) {
        return body("text/plain", part);
    }

    private static Condition body(String type, String part) {
        Pattern pattern = Pattern.compile(part, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
        return answer -> answer.isType(type) && pattern.matcher(answer.body()).find();
    }

    /** The answer is a JSON object with that member, and its whole value matches. */
    static Condition member(String name, String value) {
        Pattern pattern = Pattern.compile(value);
        return answer ->
                pattern.matcher(answer.members().getOrDefault(name, "")).matches();
    }

    /**
     * The member is the start of the header's value, if both exist: in a body that was passed on from elsewhere it is
     * not.
     */
    static Condition agrees(String member, String header) {
        return answer -> {
            String said = answer.members().getOrDefault(member, "");
            return answer.head.header(header).orElse(said).startsWith(said);
        };
    }
}

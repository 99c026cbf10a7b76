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
 * One row of what is known of a provider: how an answer that it made looks, and what that says.
 *
 * @param edge whose answer it is
 * @param clues what all must hold
 * @param verdict what that says
 * @param certainty how sure that is
 * @param evidence the same in words
 * @param source where this was read, and when
 */
record Telltale(Edge edge, List<Clue> clues, Verdict verdict, Certainty certainty, String evidence, Source source) {

    /** One thing to look for. */
    @FunctionalInterface
    interface Clue {
        boolean fits(Look look);

        default Clue and(Clue other) {
            return look -> fits(look) && other.fits(look);
        }

        default Clue or(Clue other) {
            return look -> fits(look) || other.fits(look);
        }
    }

    /** Where a row was read. */
    record Source(String where, String read) {}

    /**
     * An edge that answers may pass.
     *
     * @param names the domains it may be declared as; all are suspected
     * @param onPath headers that show it was passed, and never more than that: an origin's own error has them too
     */
    record Edge(List<FailureDomain> names, Map<String, Pattern> onPath) {
        boolean wasPassed(Look look) {
            return names.stream().anyMatch(name -> name.coversAny(look.endpoint.edges()))
                    || onPath.entrySet().stream()
                            .anyMatch(shown ->
                                    header(shown.getKey(), shown.getValue()).fits(look));
        }
    }

    /** What an answer puts under suspicion beside its own endpoint. */
    private enum Suspected {
        /** The edges that the answer came through. */
        EDGE,
        /** Nothing else: it is the way from this edge to that host. */
        WAY,
        /** Where the host is. */
        HOST
    }

    /** Whose failure an answer is, how far the request came, and what that puts under suspicion. */
    enum Verdict {
        /** The edge failed by itself; how far it had come is not said. */
        EDGE_FAILED(Layer.EDGE, Delivery.MAYBE_PROCESSED, Suspected.EDGE),
        /** The edge does not know where to send it. */
        EDGE_MISROUTED(Layer.EDGE, Delivery.NEVER_REACHED_ORIGIN, Suspected.EDGE),
        /** The edge refused it on purpose. */
        EDGE_REFUSED(Layer.EDGE_POLICY, Delivery.NEVER_REACHED_ORIGIN, Suspected.EDGE),
        /** The edge could not reach the host. */
        ORIGIN_NOT_REACHED(Layer.ORIGIN, Delivery.NEVER_REACHED_ORIGIN, Suspected.WAY),
        /** The edge got no answer of the host, or code of the customer's that runs at the edge failed. */
        ORIGIN_FAILED(Layer.ORIGIN, Delivery.MAYBE_PROCESSED, Suspected.WAY),
        /** The host itself answered so. */
        ORIGIN_ANSWERED(Layer.ORIGIN, Delivery.ANSWERED, Suspected.HOST),
        /** Edge or host: cannot be told. */
        UNCLEAR(Layer.UNKNOWN, Delivery.MAYBE_PROCESSED, Suspected.EDGE);

        final Layer layer;
        private final Delivery delivery;
        private final Suspected suspected;

        Verdict(Layer layer, Delivery delivery, Suspected suspected) {
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
            boolean isDirect = endpoint.edges().isEmpty(); // there is no way between
            return suspected == Suspected.HOST || isDirect
                    ? endpoint.hosting().map(Set::of).orElse(Set.of())
                    : Set.of();
        }
    }

    /** An answer under examination: its body is read once, and only for a clue that asks for it. */
    static final class Look {
        final ResponseHead head;
        final Endpoint endpoint;
        private @Nullable String body;
        private @Nullable Map<String, String> members;

        Look(ResponseHead head, Endpoint endpoint) {
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
    Optional<Fault> read(Look look) {
        for (Clue clue : clues) {
            if (!clue.fits(look)) {
                return Optional.empty();
            }
        }
        return Optional.of(verdict.fault(evidence, certainty, look.endpoint, edge.names));
    }

    /** The status is one of these. */
    static Clue status(Integer... statuses) {
        Set<Integer> any = Set.of(statuses);
        return look -> any.contains(look.head.status());
    }

    /** The status is 500 or more. */
    static Clue serverError() {
        return look -> look.head.status() >= 500;
    }

    /** All of that header's value fits. */
    static Clue header(String name, String value) {
        return header(name, Pattern.compile(value, Pattern.CASE_INSENSITIVE));
    }

    private static Clue header(String name, Pattern value) {
        return look -> look.head
                .header(name)
                .filter(text -> value.matcher(text.trim()).matches())
                .isPresent();
    }

    /** A page of HTML has that in it. */
    static Clue html(String part) {
        return body("html", part);
    }

    /** A plain text has that in it. */
    static Clue text(String part) {
        return body("text/plain", part);
    }

    private static Clue body(String type, String part) {
        Pattern pattern = Pattern.compile(part, Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
        return look -> look.isType(type) && pattern.matcher(look.body()).find();
    }

    /** A JSON object has that member, and all of its value fits. */
    static Clue member(String name, String value) {
        Pattern pattern = Pattern.compile(value);
        return look -> pattern.matcher(look.members().getOrDefault(name, "")).matches();
    }

    /** A member says the same as the start of a header, as far as both are there: a body that was passed on does not. */
    static Clue agrees(String member, String header) {
        return look -> {
            String said = look.members().getOrDefault(member, "");
            return look.head.header(header).orElse(said).startsWith(said);
        };
    }
}

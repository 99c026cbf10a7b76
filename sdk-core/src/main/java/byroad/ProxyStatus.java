package byroad;

import byroad.Fault.Certainty;
import byroad.SignatureRow.Attribution;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the {@code Proxy-Status} header of a failure (RFC 9209): each proxy on the path adds a member, the nearest one
 * last.
 */
final class ProxyStatus {
    private static final int LONGEST = 4 * 1024;

    /**
     * RFC 9209, section 2.3, read 2026-11-23; {@code http_request_error} is missing, because it is the caller's own
     * error.
     */
    private static final Map<String, Attribution> ERRORS = errors();

    private ProxyStatus() {}

    /** The known error types. */
    static Map<String, Attribution> errors() {
        Map<String, Attribution> errors = new LinkedHashMap<>();
        add(
                errors,
                Attribution.ORIGIN_NOT_REACHED,
                "dns_timeout dns_error destination_unavailable destination_ip_unroutable connection_refused"
                        + " connection_timeout connection_limit_reached tls_protocol_error tls_alert_received");
        add(
                errors,
                Attribution.ORIGIN_FAILED,
                "connection_terminated connection_read_timeout connection_write_timeout http_response_incomplete"
                        + " http_response_header_section_size http_response_header_size http_response_body_size"
                        + " http_response_trailer_section_size http_response_trailer_size"
                        + " http_response_transfer_coding http_response_content_coding http_response_timeout"
                        + " http_upgrade_failed http_protocol_error");
        add(errors, Attribution.EDGE_REFUSED, "destination_ip_prohibited tls_certificate_error http_request_denied");
        add(errors, Attribution.EDGE_MISROUTED, "destination_not_found proxy_internal_response");
        add(errors, Attribution.EDGE_FAILED, "proxy_internal_error proxy_configuration_error proxy_loop_detected");
        return Map.copyOf(errors);
    }

    private static void add(Map<String, Attribution> errors, Attribution attribution, String types) {
        for (String type : types.split(" ", -1)) {
            errors.put(type, attribution);
        }
    }

    static Optional<Fault> read(ResponseHead head, Endpoint endpoint) {
        List<Member> members = members(String.join(",", head.headers("proxy-status")));
        for (int i = members.size() - 1; i >= 0; i--) {
            Member member = members.get(i);
            String error = member.parameters.getOrDefault("error", "");
            Attribution attribution = ERRORS.get(error);
            if (!error.isEmpty()) {
                return Optional.ofNullable(attribution).map(known -> member.fault(known, error, endpoint));
            }
            String received = member.parameters.getOrDefault("received-status", "");
            if (head.status() >= 500 && received.equals(String.valueOf(head.status()))) {
                String evidence = "proxy-status of " + member.name + ": received " + received;
                return Optional.of(
                        Attribution.ORIGIN_ANSWERED.fault(evidence, Certainty.CERTAIN, endpoint, endpoint.edges()));
            }
        }
        return Optional.empty();
    }

    private static List<Member> members(String header) {
        List<Member> members = new ArrayList<>();
        for (String member : split(header.length() <= LONGEST ? header : "", ',')) {
            Map<String, String> parameters = new LinkedHashMap<>();
            List<String> parts = split(member, ';');
            for (String part : parts.subList(1, parts.size())) {
                int equals = part.indexOf('=');
                if (equals > 0) {
                    parameters.put(part.substring(0, equals).trim(), bare(part.substring(equals + 1)));
                }
            }
            members.add(new Member(bare(parts.get(0)), parameters));
        }
        return members;
    }

    /** The parts between that separator; a separator within quotes does not count. */
    private static List<String> split(String text, char separator) {
        List<String> parts = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == separator && !quoted) {
                parts.add(text.substring(start, i));
                start = i + 1;
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String bare(String item) {
        return item.replace("\"", "").trim();
    }

    /** The member of one proxy. */
    private record Member(String name, Map<String, String> parameters) {
        /**
         * A proxy that is not a declared edge may be in front of the edges or behind them, so its own failure is
         * unclear.
         */
        Fault fault(Attribution attribution, String error, Endpoint endpoint) {
            String evidence = "proxy-status of " + name + ": " + error;
            boolean ofEdge = attribution.layer != Fault.Layer.ORIGIN;
            if (!ofEdge || endpoint.edges().stream().anyMatch(this::isNamed)) {
                return attribution.fault(evidence, Certainty.CERTAIN, endpoint, endpoint.edges());
            }
            if (attribution == Attribution.EDGE_REFUSED) {
                return attribution.fault(evidence, Certainty.LIKELY, endpoint, endpoint.edges());
            }
            return endpoint.edges().isEmpty()
                    ? Attribution.ORIGIN_FAILED.fault(evidence, Certainty.LIKELY, endpoint, endpoint.edges())
                    : Attribution.UNCLEAR.fault(evidence, Certainty.GUESS, endpoint, endpoint.edges());
        }

        /** Whether the member has the name of that edge, as in {@code ExampleCDN} or {@code pop3.fastly.net}. */
        private boolean isNamed(FailureDomain edge) {
            String last = edge.path().substring(edge.path().lastIndexOf('/') + 1);
            return name.toLowerCase(Locale.ROOT).contains(last);
        }
    }
}

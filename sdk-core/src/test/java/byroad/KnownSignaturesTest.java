package byroad;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Fault.Delivery;
import byroad.SignatureRow.ExaminedAnswer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each row of the built-in signatures recognises an answer as its provider makes it, and none an origin's own. */
class KnownSignaturesTest {
    private static final String HTML = "text/html; charset=UTF-8";
    private static final String PROBLEM = "application/problem+json";

    /** An answer by way of an edge; {@code says} is the fault in words, its delivery and its suspects. */
    record Case(String name, String edge, int status, Map<String, String> headers, String body, String says) {
        Endpoint endpoint() {
            return Endpoint.at("https://api.example.ai").through(edge).hostedBy("aws/us-west-2");
        }

        ResponseHead head() {
            return ResponseHead.of(status, headers, body);
        }

        @Override
        public String toString() {
            return edge + " " + status + " " + name;
        }
    }

    @ParameterizedTest
    @MethodSource("answersOfEdges")
    void anAnswerThatAnEdgeMadeIsRecognised(Case answer) {
        assertThat(Signature.known().read(answer.head(), answer.endpoint()))
                .map(fault -> fault + " " + fault.delivery() + " "
                        + fault.suspects().stream()
                                .map(FailureDomain::path)
                                .sorted()
                                .collect(Collectors.toList()))
                .contains(answer.says);
    }

    @ParameterizedTest
    @MethodSource("answersOfOrigins")
    void anAnswerThatTheOriginMadeIsNotBlamedOnTheEdge(Case answer) {
        assertThat(Signature.known().read(answer.head(), answer.endpoint())).isEmpty();
    }

    @Test
    void everyRowRecognisesOneOfTheseAnswersAndNamesItsSource() {
        Set<SignatureRow> seen = new HashSet<>();
        answersOfEdges().forEach(answer -> firstRow(answer).ifPresent(seen::add));

        assertThat(KnownSignatures.rows())
                .allSatisfy(row -> assertThat(seen)
                        .as(row.evidence() + ", read at " + row.source().where())
                        .contains(row))
                .allSatisfy(row -> assertThat(row.source().read()).matches("20\\d\\d-\\d\\d-\\d\\d"))
                .allSatisfy(row -> assertThat(row.source().where()).contains("."));
    }

    @Test
    void aRowSaysNothingOfAnAnswerThatDidNotPassItsProvider() {
        Endpoint direct = Endpoint.at("https://api.example.ai").hostedBy("aws/us-west-2");

        assertThat(Signature.known().read(ResponseHead.of(521, Map.of(), ""), direct))
                .isEmpty();
        assertThat(Signature.known().read(ResponseHead.of(521, Map.of("cf-ray", "9a0-SJC"), ""), direct))
                .isPresent();
    }

    @Test
    void aFaultOfAnUnknownHostSuspectsOnlyTheEndpoint() {
        Endpoint unknown = Endpoint.at("https://api.example.ai").through("cloudflare");

        assertThat(Signature.known().read(ResponseHead.of(521, Map.of(), ""), unknown))
                .hasValueSatisfying(fault -> assertThat(fault.suspects()).isEmpty());
    }

    @Test
    void anAnswerWithTheMarkOfTheOriginIsItsOwnAndOneWithoutIsTheEdges() {
        Endpoint marked = Endpoint.at("https://api.example.ai")
                .through("acme/edge")
                .hostedBy("aws/us-west-2")
                .originMarker("X-Origin-Id");
        Map<String, String> cloudflarePage = Map.of("content-type", HTML, "cf-ray", "9a0-SJC", "x-origin-id", "7");

        assertThat(Signature.known().read(ResponseHead.of(503, Map.of("x-origin-id", "7"), ""), marked))
                .map(Object::toString)
                .contains("origin fault, certain (marked by the origin as its own)");
        assertThat(Signature.known().read(ResponseHead.of(500, cloudflarePage, "<i>cloudflare</i>"), marked))
                .map(Fault::layer)
                .contains(Fault.Layer.ORIGIN);
        assertThat(Signature.known().read(ResponseHead.of(503, Map.of(), ""), marked))
                .map(fault -> fault + " " + fault.suspects())
                .contains("edge fault, certain (HTTP 503 without the origin's mark) [acme/edge]");
        assertThat(Signature.known().read(ResponseHead.of(521, Map.of("cf-ray", "9a0-SJC"), ""), marked))
                .as("what the edge says for itself tells more")
                .map(Fault::delivery)
                .contains(Delivery.NEVER_REACHED_ORIGIN);
        assertThat(Signature.known().read(ResponseHead.of(404, Map.of(), ""), marked))
                .isEmpty();
        Endpoint direct = Endpoint.at("https://api.example.ai").originMarker("x-origin-id");
        assertThat(Signature.known().read(ResponseHead.of(503, Map.of(), ""), direct))
                .isEmpty();
    }

    @Test
    void noMoreThanTheStartOfABodyIsLookedAt() {
        String late = "<p>" + "x".repeat(ResponseHead.BODY_LIMIT) + "</p><center>cloudflare</center>";
        ResponseHead generous = new ResponseHead() {
            @Override
            public int status() {
                return 500;
            }

            @Override
            public Optional<String> header(String name) {
                return name.equals("content-type") ? Optional.of(HTML) : Optional.empty();
            }

            @Override
            public String bodyStart() {
                return late;
            }
        };

        assertThat(Signature.known()
                        .read(generous, Endpoint.at("https://a.example").through("cloudflare")))
                .isEmpty();
    }

    @Test
    void garbageIsNobodysFaultAndEndsSoon() {
        Random random = new Random(20251118);
        String letters = "{}[]\":,\\ \u0000<>#;= \"cloudflare_error\":true";
        for (int i = 0; i < 2_000; i++) {
            StringBuilder body = new StringBuilder(random.nextBoolean() ? "{" : "");
            for (int length = random.nextInt(200); length > 0; length--) {
                body.append(letters.charAt(random.nextInt(letters.length())));
            }
            String type = random.nextBoolean() ? HTML : PROBLEM;
            Map<String, String> headers = Map.of("content-type", type, "proxy-status", body.toString());
            ResponseHead head = ResponseHead.of(500, headers, body.toString());

            assertThat(Signature.known()
                            .read(head, Endpoint.at("https://a.example").through("cloudflare")))
                    .as(body.toString())
                    .isEmpty();
        }
    }

    @Test
    void aPageThatRepeatsOnePartForeverIsReadLikeAnyOther() {
        for (String endless :
                new String[] {"Reference" + " ".repeat(16_000) + "#18.", "<title>" + " ".repeat(16_000)}) {
            Map<String, String> headers = Map.of("content-type", HTML, "server", "AkamaiGHost");
            ResponseHead head = ResponseHead.of(403, headers, endless);

            assertThat(Signature.known().read(head, Endpoint.at("https://a.example")))
                    .isEmpty();
        }
    }

    private static Optional<SignatureRow> firstRow(Case answer) {
        ExaminedAnswer examined = new ExaminedAnswer(answer.head(), answer.endpoint());
        return KnownSignatures.rows().stream()
                .filter(row ->
                        row.edge().wasPassed(examined) && row.read(examined).isPresent())
                .findFirst();
    }

    static Stream<Case> answersOfEdges() {
        List<Case> all = new ArrayList<>();
        CloudflareAnswers.add(all);
        EdgeAnswers.add(all);
        return all.stream();
    }

    static Stream<Case> answersOfOrigins() {
        List<Case> all = new ArrayList<>();
        OriginAnswers.add(all);
        return all.stream();
    }

    /** Headers by name and value in turn. */
    static Map<String, String> headers(String... namesAndValues) {
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return headers;
    }
}

package byroad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import byroad.Avoidance.Voice;
import java.time.Duration;
import java.util.function.Supplier;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What makes no sense fails where it is said, naming value and expectation. */
class BadInputTest {
    private static final Endpoint API = Endpoint.at("https://api.example.ai");

    @Test
    void anUpstreamWithoutEndpoints() {
        refused(
                () -> Upstream.named("empty").validated(),
                "upstream \"empty\": no endpoints (expected: at least one, as in"
                        + " .endpoint(Endpoint.at(\"https://api.example.ai\")))");
    }

    @Test
    void twoEndpointsOfOneName() {
        refused(
                () -> Upstream.named("assistant").endpoint(API).endpoint(API).validated(),
                "upstream \"assistant\": two endpoints named \"api.example.ai\" (expected: different names, as in"
                        + " .named(\"second\"))");
    }

    @Test
    void anAttemptLimitLongerThanTheDeadline() {
        Upstream contradicting = Upstream.named("assistant")
                .endpoint(API)
                .deadline(Duration.ofSeconds(10))
                .attemptLimit(Duration.ofSeconds(11));

        refused(
                contradicting::validated,
                "upstream \"assistant\": attemptLimit PT11S is longer than deadline PT10S (expected: at most the"
                        + " deadline)");
        assertThatCode(() -> contradicting.deadline(Duration.ofSeconds(11)).validated())
                .doesNotThrowAnyException();
    }

    @Test
    void aFirstEventThatMayComeAfterTheDeadline() {
        EventStreams late = EventStreams.ofAiServices().firstEventWithin(Duration.ofSeconds(11));
        Upstream upstream = Upstream.named("assistant").endpoint(API).deadline(Duration.ofSeconds(10));

        assertThatCode(() -> upstream.eventStreams(late).validated()).doesNotThrowAnyException();
        refused(
                () -> upstream.eventStreams(late.committedAtFirstEvent()).validated(),
                "upstream \"assistant\": firstEventWithin PT11S is longer than deadline PT10S (expected: at most the"
                        + " deadline, which runs until the first event with committedAtFirstEvent)");
    }

    @Test
    void streamsThatMakeNoSense() {
        EventStreams streams = EventStreams.withAnyEnd();

        refused(EventStreams::endingWith, "endingWith: nothing (expected: at least one, as in \"[DONE]\")");
        refused(() -> streams.silenceLimit(Duration.ZERO), "silenceLimit: PT0S (expected: more than zero)");
        refused(() -> streams.firstEventWithin(Duration.ZERO), "firstEventWithin: PT0S (expected: more than zero)");
    }

    @Test
    void aHeaderNameThatIsNone() {
        String expected = " is no header name (expected: letters, digits, dashes)";

        refused(() -> API.header("x y", "1"), "header: \"x y\"" + expected);
        refused(
                () -> API.header("x-key", "secret\n"), // as a key that was read from a file
                "header: the value of \"x-key\" has 0x0a as character 7 of 7 (expected: visible ASCII, blanks and tabs)");
        refused(
                () -> API.header("x-key", () -> "key-1\u00e9").headers().values().stream()
                        .map(Supplier::get)
                        .toList(),
                "header: the value of \"x-key\" has 0xe9 as character 6 of 6 (expected: visible ASCII, blanks and tabs)");
        refused(() -> API.forwards("a", ""), "forwards: \"\"" + expected);
        refused(() -> API.originMarker("x:"), "originMarker: \"x:\"" + expected);
        refused(() -> Upstream.named("a").attemptHeader("x\n"), "attemptHeader: \"x\\u000a\"" + expected);
    }

    @Test
    void durationsThatAreNotPositive() {
        Upstream upstream = Upstream.named("assistant");

        refused(() -> upstream.deadline(Duration.ZERO), "deadline: PT0S (expected: more than zero)");
        refused(() -> upstream.deadline(Duration.ofMillis(-1)), "deadline: PT-0.001S (expected: more than zero)");
        refused(() -> upstream.attemptLimit(Duration.ZERO), "attemptLimit: PT0S (expected: more than zero)");
        Avoidances board = new Avoidances(new FakeTime());
        refused(
                () -> board.avoid(FailureDomain.of("cloudflare"), Duration.ofHours(-1), "x", Voice.OPERATOR),
                "avoid cloudflare: PT-1H (expected: more than zero)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "api.example.ai",
                "ftp://api.example.ai",
                "ws://api.example.ai",
                "https://",
                "https:///v1",
                "https://user:pass@api.example.ai",
                "https://api.example.ai?key=1",
                "https://api.example.ai#x",
                "https://api.example.ai:99999999",
                "https://api example.ai",
                " https://api.example.ai"
            })
    void anAddressThatIsNoHttpUrl(String at) {
        refused(
                () -> Endpoint.at(at),
                "at: \"" + at + "\" (expected: an http or https URL without user info, query or fragment, as in"
                        + " \"https://api.example.ai/v1\")");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Upstream.named("assistant").calledAt(at));
    }

    @Test
    void anEdgeThatIsMisspelt() {
        refused(
                () -> API.through("cloudfare"),
                "through: \"cloudfare\" is no edge known by that name (did you mean \"cloudflare\"?)");
        refused(
                () -> API.through("fastly", "akamay"),
                "through: \"akamay\" is no edge known by that name (did you mean \"akamai\"?)");
        assertThat(API.through("acme/cloudfare", "our-edge").edges()).hasSize(2);
    }

    @Test
    void aDomainThatIsNoPath() {
        String expected = "(expected: segments of letters, digits, '.', '_', '-' or ':', joined by '/', as in"
                + " \"aws/us-east-1\")";

        refused(() -> API.hostedBy("aws us-east-1"), "failure domain: \"aws us-east-1\" " + expected);
        refused(() -> API.hostedBy("aws//x"), "failure domain: \"aws//x\" " + expected);
        String letters = "(expected: letters, digits, '.', '_', '-' or ':', as in \"assistant\")";
        refused(() -> API.named("a b"), "named: \"a b\" " + letters);
        refused(() -> Upstream.named(""), "named: \"\" " + letters);
        refused(() -> CallOptions.NONE.avoiding(""), "failure domain: \"\" " + expected);
    }

    @Test
    void aShareThatIsNone() {
        refused(() -> API.carries(0), "carries: 0.0 (expected: more than 0, at most 1)");
        refused(() -> API.carries(1.5), "carries: 1.5 (expected: more than 0, at most 1)");
        refused(() -> API.carries(Double.NaN), "carries: NaN (expected: more than 0, at most 1)");
    }

    @Test
    void aRoleThatIsNeitherMethodNorPath() {
        refused(
                () -> API.onlyFor("get"),
                "onlyFor: \"get\" (expected: a method such as GET or a path such as /v1/models, which includes all paths"
                        + " below it)");
        refused(
                () -> Upstream.named("assistant").endpoint(API.onlyFor("GET")).validated(),
                "upstream \"assistant\": onlyFor [GET] at the first endpoint (expected: at others only, the first serves"
                        + " every call)");
    }

    @Test
    void aSeedThatWouldHaveToBeLookedUp() {
        refused(() -> API.seeds("origin.example.ai"), "seeds: \"origin.example.ai\" (expected: an IP address)");
        refused(() -> API.seeds("192.0.2.1", "999.0.2.1"), "seeds: \"999.0.2.1\" (expected: an IP address)");
        refused(() -> API.seeds("192.0.2"), "seeds: \"192.0.2\" (expected: an IP address)");
        API.seeds("192.0.2.1", "2001:db8::1", "::ffff:192.0.2.1");
    }

    @Test
    void credentialsOverPlainHttp() {
        refused(
                () -> Endpoint.at("http://api.example.ai").sharesCredentials(),
                "sharesCredentials: http://api.example.ai (expected: https)");
    }

    private static void refused(ThrowingCallable what, String message) {
        assertThatIllegalArgumentException().isThrownBy(what).withMessage(message);
    }
}

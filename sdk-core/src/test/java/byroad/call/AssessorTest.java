package byroad.call;

import static byroad.call.Bench.AZURE;
import static byroad.call.Bench.CDN;
import static byroad.call.Bench.EUROPE;
import static byroad.call.Bench.ORIGIN;
import static byroad.call.Bench.neverSent;
import static byroad.call.Bench.send;
import static byroad.call.Bench.status;
import static byroad.call.Bench.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.FakeTime;
import byroad.Fault;
import byroad.Fault.Certainty;
import byroad.Fault.Delivery;
import byroad.Fault.Layer;
import byroad.Preset;
import byroad.ResponseHead;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose fault it was, whom that binds, and what is told of it. */
class AssessorTest {
    private static final String POLICY = "nothing more is tried: the edge refused on purpose";
    private static final String OFFLINE = "no further retry: the network of this client is down";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Retry-After    | 5                              | 5000",
                "Retry-After    | 0.25                           | 250",
                "Retry-After    | Mon, 20 Oct 2025 06:48:30 GMT  | 30000",
                "Retry-After    | Monday, 20-Oct-25 06:48:30 GMT | 30000",
                "Retry-After    | Mon Oct 20 06:48:30 2025       | 30000",
                "Retry-After    | Mon, 20 Oct 2025 06:47:00 GMT  | -1",
                "Retry-After    | Mon, 20 Oct 2035 06:47:00 GMT  | -1",
                "Retry-After    | soon                           | -1",
                "Retry-After    | -3                             | -1",
                "Retry-After    | NaN                            | -1",
                "Retry-After    | 99999999999                    | 86400000",
                "Retry-After-Ms | 1500                           | 1500",
            })
    void aWishForRestIsReadInAllItsForms(String header, String value, long millis) {
        assertThat(new FakeTime().now()).hasToString("2025-10-20T06:48:00Z");
        Bench bench = Bench.of(CDN, ORIGIN);
        CallPlan plan = bench.post();
        Optional<Fault> fault = plan.took(send(plan), status(503, header, value));

        assertThat(fault.orElseThrow().retryAfter())
                .isEqualTo(millis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(millis)));
    }

    @Test
    void twoSilentDomainsAndNobodyHeardAreTheCallersOwnNetworkWhichEndsRetries() {
        for (IOException silence : List.of(
                new NoRouteToHostException("no route"),
                new UnknownHostException("api.example.ai"),
                new ConnectException("Network is unreachable"),
                new SocketTimeoutException("connect timed out"))) {
            Bench bench = Bench.of(CDN, ORIGIN);
            CallPlan plan = bench.get();
            Outcome silent = Outcome.failed(silence, Delivery.NEVER_SENT);

            assertThat(bench.run(plan, silent, silent))
                    .containsExactly(
                            "cdn", "origin", "throw " + silence.getClass().getSimpleName());
            assertThat(plan.report().notes()).containsExactly(OFFLINE);
            assertThat(plan.report().attempts().get(1).fault()).hasValueSatisfying(fault -> {
                assertThat(fault.layer()).isEqualTo(Layer.CLIENT_NETWORK);
                assertThat(fault.suspects()).isEmpty();
            });
        }
    }

    @Test
    void twoEndpointsThatShareAnEdgeAreOneDomain() {
        Endpoint second = EUROPE.named("second").through("acme/shield");
        Bench both = new Bench(upstream(CDN), byroad.Upstream.named("other").endpoint(second));
        CallPlan plan = both.planner.plan(RequestTraits.of("GET", "https://api.eu.example.ai/"));

        drive(both, both.get(), neverSent());
        drive(both, plan, neverSent());

        assertThat(plan.report().attempts())
                .allMatch(attempt -> attempt.faultName().equals("edge"));
    }

    @Test
    void whatWasSentOrAnsweredIsNoSilence() {
        Bench bench = Bench.of(CDN, ORIGIN);
        Outcome noAnswer = Outcome.failed(new SocketTimeoutException("read"), Delivery.MAYBE_PROCESSED);
        Outcome noTls = Outcome.failed(new SSLHandshakeException("handshake_failure"), Delivery.NEVER_SENT);
        CallPlan sent = bench.get();
        CallPlan connected = bench.get();

        drive(bench, sent, noAnswer);
        bench.time.advance(Duration.ofSeconds(40));
        drive(bench, connected, noTls);

        assertThat(sent.report().attempts())
                .noneMatch(attempt -> attempt.faultName().equals("client_network"));
        assertThat(connected.report().attempts())
                .noneMatch(attempt -> attempt.faultName().equals("client_network"));
    }

    @Test
    void anyAnswerWithinTwoSecondsExcludesTheCallersOwnNetwork() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.post(), status(500));
        bench.time.advance(Duration.ofMillis(1_900));
        CallPlan plan = bench.post();
        drive(bench, plan, neverSent());
        assertThat(plan.report().attempts()).extracting("endpoint").startsWith("cdn", "origin", "cdn");

        bench.time.advance(Duration.ofSeconds(2));
        CallPlan later = bench.post();
        drive(bench, later, neverSent());
        assertThat(later.report().notes()).contains(OFFLINE);
    }

    @Test
    void theCallersOwnNetworkChargesNobodyAndRefusesNoFirstAttempt() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.get(), neverSent(), neverSent());
        for (int i = 0; i < 200; i++) {
            bench.time.advance(Duration.ofMillis(600));
            CallPlan plan = bench.get();
            drive(bench, plan, neverSent());
            assertThat(plan.report().attempts()).hasSizeBetween(1, 4);
        }
        assertThat(bench.events).isEmpty();
        assertThat(bench.run(bench.get(), status(200))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aDomainThatIsSilentLongAfterAnotherIsAskedAroundAndWhoAnswersIsFound() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.run(bench.get(), neverSent(), neverSent());
        bench.time.advance(Duration.ofSeconds(3));
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, neverSent(), status(200))).containsExactly("cdn", "origin", "deliver origin");
        assertThat(plan.report().attempts().get(0).fault()).hasValueSatisfying(fault -> {
            assertThat(fault.layer()).isEqualTo(Layer.CLIENT_NETWORK);
            assertThat(fault.certainty()).isEqualTo(Certainty.GUESS);
        });
    }

    @Test
    void aQuotaMovesNothingToAnotherEndpointOfTheSameTenantNeitherThisCallNorLaterOnes() {
        Bench bench = Bench.of(CDN, ORIGIN, EUROPE.sharesCredentials());
        bench.run(bench.post(), status(429, "Retry-After", "5"));
        CallPlan during = bench.get();

        assertThat(bench.run(during, status(429, "Retry-After", "5"))).containsExactly("cdn", "deliver cdn");
        bench.time.advance(Duration.ofSeconds(6));
        assertThat(bench.run(bench.get(), status(200))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aQuotaMayMoveCallsToAnEndpointWithCredentialsOfItsOwn() {
        Bench bench = Bench.of(CDN, ORIGIN, AZURE);

        assertThat(bench.run(bench.get(), status(429, "Retry-After", "5"), status(200)))
                .containsExactly("cdn", "azure", "deliver azure");
        assertThat(bench.run(bench.get(), status(200))).containsExactly("azure", "deliver azure");
        assertThat(bench.run(bench.get(), status(429, "Retry-After", "60")))
                .as("and its own quota is not the caller's")
                .containsExactly("azure", "deliver azure");
        bench.time.advance(Duration.ofSeconds(6));
        assertThat(bench.run(bench.get(), status(200))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aPolicyOfTheEdgeMovesNothingEvenWhileItWantsRest() {
        Bench bench = Bench.of(CDN, ORIGIN);
        Map<String, String> limited = Map.of("cf-ray", "9a0c", "cf-error-type", "1015", "Retry-After", "30");
        CallPlan plan = bench.get();

        assertThat(bench.run(plan, Outcome.answered(ResponseHead.of(429, limited, ""))))
                .containsExactly("cdn", "deliver cdn");
        assertThat(plan.report().notes()).containsExactly(POLICY);
        assertThat(bench.run(bench.post(), status(200))).containsExactly("cdn", "deliver cdn");
    }

    @Test
    void aHostThatWantsRestGetsItAtItsOtherEndpointAsWell() {
        Bench bench = Bench.of(CDN, ORIGIN, EUROPE);
        Map<String, String> busy = Map.of("proxy-status", "cloudflare;received-status=503", "Retry-After", "30");
        bench.run(bench.get(), Outcome.answered(ResponseHead.of(503, busy, "")), status(200));

        assertThat(bench.run(bench.get(), status(200))).containsExactly("europe", "deliver europe");
    }

    @Test
    void aFallbackThatFailsDoesNotChargeThePreferredEndpointToItsHost() {
        Bench bench = Bench.of(CDN, ORIGIN);
        bench.dice.show(0.99);
        for (int i = 0; i < 5; i++) {
            CallPlan plan = bench.get();
            plan.took(send(plan), Bench.edge500());
            if (plan.next() instanceof Step.Send sending) {
                Attempt second = sending.attempt();
                plan.took(second, status(503));
            }
            bench.run(bench.get(), status(200));
            bench.time.advance(Duration.ofMillis(600));
        }

        assertThat(bench.events).allMatch(event -> event.toString().contains("origin"));
    }

    @Test
    void anAnswerInDoubtIsReplacedByAnotherAtTheSameEndpointAtOnceForFreeAndChargesNobody() {
        SSLHandshakeException foreign = new SSLHandshakeException("no such name");
        foreign.initCause(new CertificateException("no such name"));
        for (IOException why :
                List.of(new ConnectException("refused"), foreign, new SSLPeerUnverifiedException("pin"))) {
            Bench bench = Bench.of(CDN, ORIGIN);
            for (int i = 0; i < 50; i++) {
                CallPlan plan = bench.post();
                assertThat(bench.run(plan, Outcome.unproven(why), status(200)))
                        .containsExactly("cdn", "cdn", "deliver cdn");
                assertThat(plan.report().attempts().get(0).faultName()).isEqualTo("resolver");
                bench.time.advance(Duration.ofMillis(100));
            }
            assertThat(bench.events).isEmpty();
            assertThat(bench.planner.toString()).contains("budget 490/490");
        }
    }

    @Test
    void aSecondAnswerInDoubtIsAFailureLikeAnyOther() {
        Bench bench = Bench.of(CDN, ORIGIN);
        Outcome refused = Outcome.unproven(new ConnectException("refused"));
        Outcome foreign = Outcome.unproven(new SSLPeerUnverifiedException("pin"));

        assertThat(bench.run(bench.post(), refused, refused, status(200)))
                .containsExactly("cdn", "cdn", "origin", "deliver origin");
        assertThat(bench.run(bench.post(), refused, foreign))
                .containsExactly("cdn", "cdn", "throw SSLPeerUnverifiedException");
        assertThat(bench.run(bench.post(), refused, refused, refused, status(200)))
                .as("each endpoint once")
                .containsExactly("cdn", "cdn", "origin", "origin", "deliver origin");
    }

    @Test
    void anAnswerInDoubtAfterTheDeadlineOrWhileWatchingIsNotReplaced() {
        Bench bench = new Bench(upstream(CDN, ORIGIN).deadline(Duration.ofSeconds(1)));
        CallPlan late = bench.get();
        Attempt slow = send(late);
        bench.time.advance(Duration.ofSeconds(1));
        late.took(slow, Outcome.unproven(new ConnectException("refused")));
        assertThat(late.next()).isInstanceOf(Step.GiveUp.class);

        bench.planner.mode(byroad.Mode.WATCH);
        CallPlan watched = bench.get();
        assertThat(bench.run(watched, Outcome.unproven(new ConnectException("refused"))))
                .containsExactly("cdn", "throw ConnectException");
    }

    @Test
    void theLimitOfAFallbackWhoseAnswerIsInDoubtIsNotTightenedAndItsPlaceIsGivenBack() {
        Bench bench = Bench.of(CDN, ORIGIN);
        String before = bench.planner.toString();
        CallPlan plan = bench.get();
        plan.took(send(plan), Bench.edge500());
        plan.took(send(plan), Outcome.unproven(new ConnectException("refused")));
        plan.took(send(plan), new Outcome.Cancelled(new IOException("Canceled")));

        assertThat(bench.planner.toString()).isEqualTo(before);
    }

    @Test
    void noStoryHoldsASecretWhateverServersAndTransportsWrite() {
        Bench bench = Bench.of(CDN, ORIGIN, AZURE);
        String leak = "\u001b[31msecret-in-body " + "z".repeat(300);
        IOException talkative =
                new IOException("unexpected end of stream on https://user:secret@api.example.ai/v1?key=secret"
                        + " via api.example.ai/192.0.2.7:443 or host/[2001:db8::1]:443 or host/2001:db8:0:0:0:0:0:1 \u001b[2J"
                        + "y".repeat(500));
        Map<String, String> headers = Map.of(
                "content-type",
                "text/html",
                "set-cookie",
                "secret",
                "proxy-status",
                "cloudflare;error=dns_error;details=\"secret\"");
        for (int i = 0; i < 30; i++) {
            CallPlan plan = bench.get();
            plan.took(send(plan), Outcome.answered(ResponseHead.of(502, headers, leak)));
            Step next = plan.next();
            if (next instanceof Step.Send sending) {
                Attempt second = sending.attempt();
                plan.took(second, Outcome.failed(talkative, Delivery.MAYBE_PROCESSED));
            }
            bench.time.advance(Duration.ofMillis(300));
            String told = plan.report() + " " + plan.report().attempts()
                    + plan.report().notes() + bench.events;

            assertThat(told)
                    .doesNotContain("secret", "?", "192.0.2.7", "2001:db8", "of its own", "\u001b", "zzz")
                    .contains("/v1");
            assertThat(plan.report().attempts())
                    .allMatch(attempt -> attempt.fault()
                            .filter(fault -> fault.evidence().length() > 200)
                            .isEmpty());
        }
        assertThat(bench.events).isNotEmpty();
    }

    /** Drives a plan to its end; every send has that outcome. */
    private static void drive(Bench bench, CallPlan plan, Outcome outcome) {
        for (Step step = plan.next();
                !(step instanceof Step.GiveUp || step instanceof Step.Deliver);
                step = plan.next()) {
            if (step instanceof Step.Send sending) {
                Attempt send = sending.attempt();
                plan.took(send, outcome);
            } else if (step instanceof Step.Await await) {
                bench.time.advance(await.duration());
            }
        }
    }

    /** An app starts and makes two calls at once; the edge of both is dark, which it knows of one of them only. */
    @Test
    void twoHostsBehindOneDarkEdgeAreNoDeadNetworkWhereTheFallbackWasNotAskedYet() {
        Bench bench = new Bench(
                Preset.SERVER,
                upstream(CDN, ORIGIN).deadline(Duration.ofSeconds(10)).attemptLimit(Duration.ofSeconds(3)));
        CallPlan undeclared = bench.planner.plan(RequestTraits.of("GET", "https://config.example/"));
        Attempt first = send(undeclared);
        CallPlan assistant = bench.get();
        Attempt second = send(assistant);
        bench.time.advance(Duration.ofSeconds(3));
        undeclared.took(first, Outcome.failed(new SocketTimeoutException("connect timed out"), Delivery.NEVER_SENT));
        assistant.took(second, Outcome.failed(new SocketTimeoutException("connect timed out"), Delivery.NEVER_SENT));

        assertThat(assistant.next()).as("%s", assistant.report()).isInstanceOf(Step.Send.class);
    }
}

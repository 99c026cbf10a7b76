package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.CallOptions;
import byroad.ClientRuntime;
import byroad.Endpoint;
import byroad.Event;
import byroad.FakeTime;
import byroad.Fault.Delivery;
import byroad.Mode;
import byroad.Preset;
import byroad.ResponseHead;
import byroad.Signature;
import byroad.Upstream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The engine on a stepped clock with told dice, the upstream that most tests call, and what can come of a send. */
final class Bench {
    private static final String WAIT = "wait ";

    static final String URL = "https://api.example.ai/v1/chat?key=secret";

    static final Endpoint CDN = Endpoint.at("https://api.example.ai")
            .named("cdn")
            .through("cloudflare")
            .hostedBy("aws/us-west-2");
    static final Endpoint ORIGIN = Endpoint.at("https://api.example.ai")
            .named("origin")
            .connectTo("origin.example.ai")
            .hostedBy("aws/us-west-2");
    static final Endpoint EUROPE = Endpoint.at("https://api.eu.example.ai")
            .named("europe")
            .through("cloudflare")
            .hostedBy("aws/eu-west-1");

    /** Another tenant. */
    static final Endpoint AZURE = Endpoint.at("https://acme.openai.azure.com/gpt")
            .named("azure")
            .hostedBy("azure/westeurope")
            .header("api-key", "of its own");

    final FakeTime time = new FakeTime();
    final Dice dice = new Dice();
    final List<Event> events = new ArrayList<>();
    final ClientRuntime runtime;
    final CallPlanner planner;

    Bench(Upstream... upstreams) {
        this(Preset.SERVER, upstreams);
    }

    Bench(Preset preset, Upstream... upstreams) {
        runtime =
                ClientRuntime.standard().time(time).random(dice).preset(preset).events(events::add);
        planner = new CallPlanner(List.of(upstreams), Signature.known(), Mode.ACT, runtime);
    }

    /** An upstream of these endpoints. */
    static Upstream upstream(Endpoint... endpoints) {
        Upstream upstream = Upstream.named("assistant");
        for (Endpoint endpoint : endpoints) {
            upstream = upstream.endpoint(endpoint);
        }
        return upstream;
    }

    /** A bench with one upstream of these endpoints. */
    static Bench of(Endpoint... endpoints) {
        return new Bench(upstream(endpoints));
    }

    CallPlan get() {
        return planner.plan(RequestTraits.of("GET", URL));
    }

    CallPlan post() {
        return planner.plan(request("POST", RequestTraits.Body.REPEATABLE, CallOptions.NONE));
    }

    static RequestTraits request(String method, RequestTraits.Body body, CallOptions options) {
        return new RequestTraits(method, URL, body, false, false, Optional.empty(), Optional.empty(), options);
    }

    static Outcome status(int status) {
        return Outcome.answered(ResponseHead.of(status, Map.of(), ""));
    }

    static Outcome status(int status, String header, String value) {
        return Outcome.answered(ResponseHead.of(status, Map.of(header, value), ""));
    }

    /** What Cloudflare's own proxies said on 18 November 2025. */
    static Outcome edge500() {
        Map<String, String> headers = Map.of("cf-ray", "9a0-SJC", "server", "cloudflare", "content-type", "text/html");
        return Outcome.answered(
                ResponseHead.of(500, headers, "<title>Internal server error</title> ... Cloudflare Ray ID"));
    }

    /** What Cloudflare says of an origin that it cannot reach. */
    static Outcome cloudflare(int status) {
        return status(status, "cf-ray", "9a0-SJC");
    }

    static Outcome neverSent() {
        return Outcome.failed(new ConnectException("refused"), Delivery.NEVER_SENT);
    }

    static Outcome died(String message) {
        return Outcome.failed(new IOException(message), Delivery.MAYBE_PROCESSED);
    }

    /** The next step, which must be a send. */
    static Attempt send(CallPlan plan) {
        Step step = plan.next();
        assertThat(step).isInstanceOf(Step.Send.class);
        return ((Step.Send) step).attempt();
    }

    /** Waits in a row are one wait to the caller. */
    static void addWait(List<String> story, Duration wait) {
        int last = story.size() - 1;
        String before = last < 0 ? "" : story.get(last);
        if (before.startsWith(WAIT)) {
            story.set(last, WAIT + (Long.parseLong(before.replaceAll("\\D", "")) + wait.toMillis()) + "ms");
        } else {
            story.add(WAIT + wait.toMillis() + "ms");
        }
    }

    /**
     * Drives a plan to its end; each send takes 10 ms and has the next of these outcomes.
     *
     * @return names of endpoints, {@code wait 25ms}, and last {@code deliver origin} or {@code throw IOException}
     */
    List<String> run(CallPlan plan, Outcome... outcomes) {
        Iterator<Outcome> left = List.of(outcomes).iterator();
        List<String> story = new ArrayList<>();
        while (true) {
            Step step = plan.next();
            if (step instanceof Step.Send sending) {
                Attempt send = sending.attempt();
                story.add(send.endpoint().name());
                time.advance(Duration.ofMillis(10));
                assertThat(left.hasNext())
                        .as("an outcome for another send after " + story)
                        .isTrue();
                plan.took(send, left.next());
            } else if (step instanceof Step.Await await) {
                addWait(story, await.duration());
                time.advance(await.duration());
            } else {
                story.add(
                        step instanceof Step.Deliver deliver
                                ? "deliver " + deliver.attempt().endpoint().name()
                                : "throw "
                                        + ((Step.GiveUp) step)
                                                .failure()
                                                .getClass()
                                                .getSimpleName());
                assertThat(left.hasNext())
                        .as("outcomes left over after " + story)
                        .isFalse();
                return story;
            }
        }
    }

    static Outcome timedOut() {
        return Outcome.failed(new SocketTimeoutException("timeout"), Delivery.MAYBE_PROCESSED);
    }

    /** Drives a plan to its end; a send that times out takes as long as it may, and any other 10 ms. */
    void drive(CallPlan plan, Function<Attempt, Outcome> met) {
        for (Step step = plan.next(); ; step = plan.next()) {
            if (step instanceof Step.Send sending) {
                Attempt send = sending.attempt();
                Outcome outcome = met.apply(send);
                boolean silent =
                        outcome instanceof Outcome.Failed failed && failed.failure() instanceof SocketTimeoutException;
                time.advance(silent ? send.within().orElseThrow() : Duration.ofMillis(10));
                plan.took(send, outcome);
            } else if (step instanceof Step.Await await) {
                time.advance(await.duration());
            } else {
                return;
            }
        }
    }

    /** One call whose only attempt at the next endpoint fails, not declared repeatable: it leaves a mark and no retry. */
    void failOnce() {
        CallPlan plan = post();
        plan.took(send(plan), status(503));
        plan.next();
    }

    /** Each takes what one retry costs. */
    void spend(int repeats) {
        for (int i = 0; i < repeats; i++) {
            planner.plan(new RequestTraits(
                    "GET",
                    Bench.URL,
                    RequestTraits.Body.NONE,
                    false,
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    CallOptions.NONE));
        }
    }
}

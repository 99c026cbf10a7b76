package byroad.benchmarks.fleet;

import byroad.ClientRuntime;
import byroad.Mode;
import byroad.Preset;
import byroad.Signature;
import byroad.Upstream;
import byroad.call.Attempt;
import byroad.call.CallPlan;
import byroad.call.CallPlanner;
import byroad.call.RequestTraits;
import byroad.call.Step;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A client with the shipped engine: a planner of its own, the clock of the world, dice of its own. */
final class EngineClient implements Client {
    private static final RequestTraits REQUEST = RequestTraits.of("GET", "https://api.example.ai/v1/things");

    private final World world;
    private final Upstream upstream;
    private final Preset preset;
    private final Random random;
    private final Set<Server> connected = new HashSet<>(4);
    private @Nullable CallPlanner planner;

    EngineClient(World world, Upstream upstream, Preset preset, Random random) {
        this.world = world;
        this.upstream = upstream;
        this.preset = preset;
        this.random = random;
    }

    @Override
    public void call(Tally.Call call) {
        if (planner == null) {
            planner = planner();
        }
        go(planner.plan(REQUEST), call);
    }

    private CallPlanner planner() {
        ClientRuntime runtime = ClientRuntime.standard()
                .time(world.time)
                .random(random)
                .preset(preset)
                .events(world.tally::heard);
        return new CallPlanner(List.of(upstream), Signature.known(), Mode.ACT, runtime);
    }

    @Override
    public void forget() {
        planner = null;
        connected.clear();
    }

    private void go(CallPlan plan, Tally.Call call) {
        Step step = plan.next();
        if (step instanceof Step.Send sending) {
            Attempt send = sending.attempt();
            send(plan, send, call);
        } else if (step instanceof Step.Await await) {
            CompletableFuture<Boolean> over = await.over();
            over.thenRun(() -> world.time.schedule(Duration.ZERO, () -> go(plan, call)));
            world.time.schedule(await.duration(), () -> over.complete(false));
        } else if (step instanceof Step.Deliver deliver) {
            call.ended(call.last() == Answer.GOOD, rank(deliver.attempt()) == 0);
        } else {
            call.ended(false, false);
        }
    }

    private void send(CallPlan plan, Attempt send, Tally.Call call) {
        double limit = send.within().map(Duration::toNanos).orElseThrow() / VirtualTime.SECOND;
        double until = world.time.seconds() + limit;
        Server endpoint = world.endpoint(rank(send));
        Consumer<Answer> back = answer -> came(plan, send, call, answer);
        Consumer<Answer> made = answer -> {
            if (answer == Answer.GOOD) {
                send.written();
                endpoint.send(until - world.time.seconds(), back);
            } else {
                back.accept(answer);
            }
        };
        if (connected.contains(endpoint)) {
            made.accept(Answer.GOOD);
        } else {
            endpoint.connect(limit, made);
        }
    }

    private void came(CallPlan plan, Attempt send, Tally.Call call, Answer answer) {
        Server endpoint = world.endpoint(rank(send));
        if (answer.keepsConnection()) {
            connected.add(endpoint);
        } else {
            connected.remove(endpoint);
        }
        call.met(answer);
        plan.took(send, answer.outcome());
        go(plan, call);
    }

    private int rank(Attempt send) {
        return upstream.endpoints().indexOf(send.endpoint());
    }
}

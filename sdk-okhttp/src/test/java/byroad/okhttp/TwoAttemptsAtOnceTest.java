package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import byroad.AttemptReport;
import byroad.CallReport;
import byroad.ClientRuntime;
import byroad.Mode;
import byroad.Signature;
import byroad.Upstream;
import byroad.call.Attempt;
import byroad.call.CallPlan;
import byroad.call.CallPlanner;
import byroad.call.Step;
import byroad.okhttp.TestServers.Got;
import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two attempts of one call under way at the same time, each a call of its own: one is cancelled, and nothing of it is left. */
class TwoAttemptsAtOnceTest {
    /** Asks the second endpoint as well once the first has the request and does not answer. */
    private static final class Hedging implements Interceptor, AutoCloseable {
        private final ClientRuntime runtime = ClientRuntime.standard();
        private final CountDownLatch firstHasIt = new CountDownLatch(1);
        private final CallPlanner planner;
        private final AllNames names;
        private final CallExecution.Parts parts;

        Hedging(Upstream upstream) {
            this.planner = new CallPlanner(List.of(upstream), Signature.known(), Mode.ACT, runtime);
            this.names = new AllNames(
                    List.of(), chain -> chain, settings -> {}, Optional.empty(), List.of(upstream), runtime);
            this.parts = new CallExecution.Parts(
                    new Rewrites(Map.of(), runtime), new OwnCalls(this), Detach.BY_ANOTHER_PORT, runtime.time());
        }

        @Override
        public Response intercept(Chain chain) throws IOException {
            if (CallState.isUnderWay(chain)) {
                return chain.proceed(chain.request());
            }
            CallPlan plan = planner.plan(Requests.traitsOf(chain));
            try (CallExecution execution = new CallExecution(chain, plan, names.of(chain), parts)) {
                Thread first = new Thread(() -> makes(execution, ((Step.Send) plan.next()).attempt()));
                first.start();
                await(firstHasIt);
                execution.attemptAlongside(plan.alongside().orElseThrow());
                Response answer = execution.run();
                join(first);
                return answer;
            }
        }

        private static void makes(CallExecution execution, Attempt attempt) {
            try {
                execution.attemptAlongside(attempt);
            } catch (IOException unexpected) {
                throw new AssertionError(unexpected);
            }
        }

        private static void await(CountDownLatch latch) {
            try {
                latch.await();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        private static void join(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }

        @Override
        public void close() {
            names.close();
            runtime.close();
        }
    }

    @ParameterizedTest
    @EnumSource(Http.class)
    void theCancelledOneGivesBackItsPermitAndItsConnection(Http http) throws Exception {
        try (TestServers servers = TestServers.open(http);
                Hedging hedging = new Hedging(servers.assistant())) {
            Semaphore neverAnswers = new Semaphore(0);
            servers.edge.answers(request -> {
                hedging.firstHasIt.countDown();
                neverAnswers.acquireUninterruptibly();
                return TestServer.answer(200, "too late");
            });
            OkHttpClient client = servers.built(servers.client().addInterceptor(hedging));

            Got got = TestServers.got(client, servers.get("/"));

            assertThat(got.body()).isEqualTo("origin /");
            CallReport report = Byroad.reportOf(got.response());
            assertThat(report.answeredBy()).isEqualTo("origin");
            assertThat(report.attempts())
                    .extracting(AttemptReport::endpoint, AttemptReport::outcome)
                    .containsExactly(tuple("edge", "cancelled"), tuple("origin", "200"));
            assertThat(hedging.planner.toString())
                    .contains("edge through cloudflare closed", "origin direct closed, 0 in flight")
                    .doesNotContain("1 in flight");
            Eventually.holds(() -> assertThat(client.connectionPool().idleConnectionCount())
                    .isEqualTo(client.connectionPool().connectionCount()));
            neverAnswers.release(10);
        }
    }
}

package outsider;

import byroad.Fault.Delivery;
import byroad.ResponseHead;
import byroad.TimeSource;
import byroad.call.Attempt;
import byroad.call.CallPlan;
import byroad.call.Outcome;
import byroad.call.Step;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** A second adapter: acts out the steps of a plan with the client of the JDK, blocking. */
final class JdkDriver {
    private final HttpClient client;
    private final TimeSource time;

    JdkDriver(HttpClient client, TimeSource time) {
        this.client = client;
        this.time = time;
    }

    HttpResponse<String> call(CallPlan plan, Map<String, String> headers) throws IOException, InterruptedException {
        Map<Attempt, HttpResponse<String>> answers = new HashMap<>(); // the latest need not be the one to deliver
        while (true) {
            Step step = plan.next();
            if (step instanceof Step.Send sending) {
                Attempt send = sending.attempt();
                HttpResponse<String> answer = attempt(plan, send, headers);
                if (answer != null) {
                    answers.put(send, answer);
                }
            } else if (step instanceof Step.Await await) {
                CountDownLatch over = new CountDownLatch(1);
                time.schedule(await.duration(), over::countDown);
                over.await();
            } else if (step instanceof Step.GiveUp gaveUp) {
                throw gaveUp.failure();
            } else if (step instanceof Step.Deliver deliver) {
                return Objects.requireNonNull(answers.get(deliver.attempt()));
            }
        }
    }

    /** Sends once; whatever happens, the plan is told exactly once. */
    private @Nullable HttpResponse<String> attempt(CallPlan plan, Attempt send, Map<String, String> headers)
            throws InterruptedException {
        Outcome outcome = new Outcome.Cancelled(new IOException("the attempt was abandoned"));
        try {
            if (!send.endpoint().connectTo().isEmpty()) {
                outcome = Outcome.impossible("java.net.http cannot connect to another address");
                return null;
            }
            HttpResponse<String> response = client.send(request(send, headers), BodyHandlers.ofString());
            outcome = Outcome.answered(headOf(response));
            return response;
        } catch (IOException e) {
            boolean neverSent = e instanceof ConnectException;
            outcome = Outcome.failed(e, neverSent ? Delivery.NEVER_SENT : Delivery.MAYBE_PROCESSED);
            return null;
        } finally {
            plan.took(send, outcome);
        }
    }

    private static HttpRequest request(Attempt send, Map<String, String> headers) {
        Map<String, String> leaving = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.forEach((name, value) -> {
            if (send.keeps(name)) {
                leaving.put(name, value);
            }
        });
        send.addedHeaders().ifPresent(leaving::putAll);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(send.url()));
        leaving.forEach(request::header);
        send.within().ifPresent(request::timeout);
        return request.build();
    }

    private static ResponseHead headOf(HttpResponse<String> response) {
        return new ResponseHead() {
            @Override
            public int status() {
                return response.statusCode();
            }

            @Override
            public Optional<String> header(String name) {
                return response.headers().firstValue(name);
            }

            @Override
            public String bodyStart() {
                return response.body()
                        .substring(0, Math.min(BODY_LIMIT, response.body().length()));
            }
        };
    }
}

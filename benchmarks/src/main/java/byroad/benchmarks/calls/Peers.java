package byroad.benchmarks.calls;

import dev.failsafe.CircuitBreaker;
import dev.failsafe.Failsafe;
import dev.failsafe.FailsafeException;
import dev.failsafe.FailsafeExecutor;
import dev.failsafe.RetryPolicy;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import okhttp3.Interceptor;
import okhttp3.Response;

/** What others put around a call: three attempts with jitter, and a circuit. */
final class Peers {
    private static final int ATTEMPTS = 3;

    private Peers() {}

    static Interceptor resilience4j() {
        Retry retry = Retry.of(
                "items",
                RetryConfig.<Response>custom()
                        .maxAttempts(ATTEMPTS)
                        .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(50, 2))
                        .retryOnResult(response -> response.code() >= 500)
                        .consumeResultBeforeRetryAttempt((attempt, response) -> response.close())
                        .retryExceptions(IOException.class)
                        .build());
        var circuit = io.github.resilience4j.circuitbreaker.CircuitBreaker.of(
                "items",
                CircuitBreakerConfig.custom()
                        .recordResult(result -> result instanceof Response response && response.code() >= 500)
                        .build());
        return chain -> {
            try {
                return retry.executeCallable(() -> circuit.executeCallable(() -> chain.proceed(chain.request())));
            } catch (IOException | RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new IOException(e);
            }
        };
    }

    static Interceptor failsafe() {
        RetryPolicy<Response> retry = RetryPolicy.<Response>builder()
                .handle(IOException.class)
                .handleResultIf(response -> response != null && response.code() >= 500)
                .withMaxAttempts(ATTEMPTS)
                .withBackoff(50, 500, ChronoUnit.MILLIS)
                .withJitter(0.5)
                .build();
        CircuitBreaker<Response> circuit = CircuitBreaker.<Response>builder()
                .handle(IOException.class)
                .handleResultIf(response -> response != null && response.code() >= 500)
                .withFailureRateThreshold(50, 20, Duration.ofSeconds(10))
                .build();
        FailsafeExecutor<Response> both = Failsafe.with(retry, circuit);
        return chain -> {
            try {
                return both.get(() -> chain.proceed(chain.request()));
            } catch (FailsafeException e) {
                throw e.getCause() instanceof IOException io ? io : new IOException(e);
            }
        };
    }
}

package byroad.benchmarks.outages;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.io.IOException;
import java.time.Duration;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * What a good engineer writes with Resilience4j: a circuit for each endpoint; from the edge to the origin on an open circuit,
 * an exception or a 5xx; once more through both, after a jittered wait, where both failed.
 */
final class HandWrittenFallback implements Interceptor {
    private static final CircuitBreakerConfig CIRCUIT = CircuitBreakerConfig.custom()
            .slidingWindowSize(20)
            .minimumNumberOfCalls(10)
            .failureRateThreshold(50)
            .waitDurationInOpenState(Duration.ofSeconds(2))
            .permittedNumberOfCallsInHalfOpenState(3)
            .maxWaitDurationInHalfOpenState(Duration.ofSeconds(2)) // lost permits must not keep it half open for ever
            .recordResult(result -> result instanceof Response response && isServerError(response))
            .writableStackTraceEnabled(false)
            .build();
    private static final RetryConfig TWICE = RetryConfig.<Response>custom()
            .maxAttempts(2)
            .intervalFunction(IntervalFunction.ofExponentialRandomBackoff(50, 2))
            .retryOnResult(HandWrittenFallback::isServerError)
            .consumeResultBeforeRetryAttempt((attempt, response) -> response.close())
            .retryExceptions(IOException.class)
            .build(); // an open circuit is no IOException: it is not waited for

    private final CircuitBreaker edge = CircuitBreaker.of("edge", CIRCUIT);
    private final CircuitBreaker origin = CircuitBreaker.of("origin", CIRCUIT);
    private final Retry retry = Retry.of("items", TWICE);

    @Override
    public Response intercept(Chain chain) throws IOException {
        try {
            return retry.executeCallable(() -> edgeThenOrigin(chain));
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e); // an open circuit among them: OkHttp's callers expect nothing else
        }
    }

    private Response edgeThenOrigin(Chain chain) throws Exception {
        try {
            Response response = edge.executeCallable(() -> chain.proceed(chain.request()));
            if (!isServerError(response)) {
                return response;
            }
            response.close();
        } catch (IOException | CallNotPermittedException e) {
            if (chain.call().isCanceled()) {
                throw e;
            }
        }
        Request direct = chain.request()
                .newBuilder()
                .url(chain.request().url().newBuilder().host(Site.ORIGIN_NAME).build())
                .build();
        return origin.executeCallable(() -> chain.proceed(direct));
    }

    private static boolean isServerError(Response response) {
        return response.code() >= 500;
    }
}

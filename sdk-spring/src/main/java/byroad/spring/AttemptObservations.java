package byroad.spring;

import byroad.AttemptReport;
import byroad.CallReport;
import byroad.Upstream;
import byroad.call.CallPlan;
import byroad.okhttp.Byroad;
import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.RequestReplySenderContext;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * An interceptor that makes an observation, and with a tracer a span, for each attempt of a call, by the semantic
 * conventions of OpenTelemetry for HTTP clients: {@code http.request.resend_count} numbers the attempts of one call.
 * Install it after {@link Byroad}:
 *
 * <pre>{@code
 * attempts.installOn(byroad.installOn(new OkHttpClient.Builder()))
 * }</pre>
 *
 * <p>It records no query, no header and no address.
 */
public final class AttemptObservations implements Interceptor, BelowByroad {
    static final String NAME = "byroad.http.attempt";

    private static final String NONE = KeyValue.NONE_VALUE;

    private final ObservationRegistry registry;
    private final Set<String> declared;

    /** For the attempts of that client. */
    AttemptObservations(Byroad byroad, ObservationRegistry registry) {
        this.registry = registry;
        this.declared = byroad.upstreams().stream().map(Upstream::name).collect(Collectors.toSet());
    }

    /**
     * Installs this on a client on which {@link Byroad} was installed before.
     *
     * @return the same builder
     */
    @Override
    public OkHttpClient.Builder installOn(OkHttpClient.Builder client) {
        return client.addInterceptor(this);
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        boolean isAttempt = chain.request().tag(CallPlan.class) != null; // otherwise it only gives a connection back
        List<AttemptReport> attempts = isAttempt ? Byroad.reportOf(chain.call()).attempts() : List.of();
        if (registry.isNoop() || attempts.isEmpty()) {
            return chain.proceed(chain.request());
        }
        Sent sent = new Sent(chain.request());
        Observation attempt = Observation.createNotStarted(NAME, () -> sent, registry)
                .contextualName(chain.request().method())
                .lowCardinalityKeyValues(whose(chain, attempts))
                .highCardinalityKeyValues(where(chain.request().url(), attempts))
                .start();
        try (Observation.Scope scope = attempt.openScope()) {
            Response response =
                    chain.proceed(Objects.requireNonNull(sent.getCarrier()).build());
            sent.setResponse(response);
            attempt.lowCardinalityKeyValues(ended(
                    String.valueOf(response.code()), response.code() >= 400 ? String.valueOf(response.code()) : NONE));
            return response;
        } catch (IOException | RuntimeException failure) {
            attempt.lowCardinalityKeyValues(ended(NONE, failure.getClass().getSimpleName()));
            attempt.error(failure);
            throw failure;
        } finally {
            attempt.stop();
        }
    }

    private KeyValues whose(Chain chain, List<AttemptReport> attempts) {
        CallReport report = Byroad.reportOf(chain.call());
        boolean isDeclared = declared.contains(report.upstream());
        return KeyValues.of(
                "http.request.method",
                chain.request().method(),
                "byroad.upstream",
                isDeclared ? report.upstream() : CallMeters.UNDECLARED,
                "byroad.endpoint",
                isDeclared ? attempts.get(attempts.size() - 1).endpoint() : CallMeters.UNDECLARED);
    }

    /** The URL without query, which may hold secrets, and without user info. */
    private static KeyValues where(HttpUrl url, List<AttemptReport> attempts) {
        HttpUrl shown = url.newBuilder()
                .username("")
                .password("")
                .query(null)
                .fragment(null)
                .build();
        KeyValues where = KeyValues.of(
                "url.full", shown.toString(), "server.address", url.host(), "server.port", String.valueOf(url.port()));
        long resent = attempts.stream()
                        .filter(attempt -> !attempt.outcome().startsWith("impossible"))
                        .count()
                - 1;
        return resent == 0 ? where : where.and("http.request.resend_count", String.valueOf(resent));
    }

    private static KeyValues ended(String status, String error) {
        return KeyValues.of("http.response.status_code", status, "error.type", error);
    }

    /** The context whose request a tracer adds its headers to. */
    private static final class Sent extends RequestReplySenderContext<Request.Builder, Response> {
        Sent(Request request) {
            super((carrier, key, value) -> Objects.requireNonNull(carrier).header(key, value));
            setCarrier(request.newBuilder());
        }
    }
}

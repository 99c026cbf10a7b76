package byroad.benchmarks.outages;

import byroad.CallReport;
import byroad.samples.drill.Arrivals;
import byroad.samples.drill.Party;
import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.WebClient;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.endpoint.healthcheck.HealthCheckedEndpointGroup;
import com.linecorp.armeria.client.retry.Backoff;
import com.linecorp.armeria.client.retry.RetryRule;
import com.linecorp.armeria.client.retry.RetryingClient;
import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.SessionProtocol;
import java.time.Duration;
import java.util.concurrent.CompletionException;

/**
 * Armeria as its guide has it: edge and origin in one health-checked group, taken in turn, and a retry rule that goes on with
 * the next. So the origin has half of the calls on a normal day, too.
 */
final class ArmeriaContestant implements Contestant {
    private static final Duration HEALTH_CHECK_EVERY = Duration.ofMillis(500);
    private static final int ATTEMPTS = 3;

    private final String name;
    private final String path;
    private final ClientFactory factory;
    private final HealthCheckedEndpointGroup group;
    private final WebClient client;

    ArmeriaContestant(String name, Site site) {
        int port = site.url().port();
        this.name = name;
        this.path = site.url().encodedPath();
        this.factory = ClientFactory.builder()
                .connectTimeout(Limits.ATTEMPT)
                .tlsCustomizer(tls -> tls.trustManager(site.ca.trustManager()))
                .build();
        this.group = HealthCheckedEndpointGroup.builder(
                        EndpointGroup.of(
                                Endpoint.of(Site.NAME, port).withIpAddr(Party.EDGE_A.ip()),
                                Endpoint.of(Site.ORIGIN_NAME, port).withIpAddr(Party.ORIGIN.ip())),
                        "/health")
                .protocol(SessionProtocol.H2)
                .clientFactory(factory)
                .selectionTimeout(Limits.ATTEMPT) // while none is healthy; no other limit ends that wait
                .retryInterval(HEALTH_CHECK_EVERY)
                .withClientOptions(options -> options.responseTimeout(Limits.ATTEMPT))
                .build();
        this.client = WebClient.builder(SessionProtocol.H2, group)
                .factory(factory)
                .responseTimeout(Limits.DEADLINE)
                .decorator(RetryingClient.builder(RetryRule.builder()
                                .onServerErrorStatus()
                                .onException()
                                .thenBackoff(Backoff.exponential(10, 200).withJitter(0.2)))
                        .maxTotalAttempts(ATTEMPTS)
                        .responseTimeoutForEachAttempt(Limits.ATTEMPT)
                        .newDecorator())
                .build();
        group.whenReady().join();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Answer call(int number) {
        try {
            AggregatedHttpResponse response = client.execute(RequestHeaders.builder(HttpMethod.GET, path)
                            .set(Arrivals.CLIENT_HEADER, name)
                            .set(Arrivals.CALL_HEADER, String.valueOf(number))
                            .build())
                    .aggregate()
                    .join();
            return new Answer(response.status().isSuccess(), response.headers().get(Party.HEADER, ""), CallReport.NONE);
        } catch (CompletionException e) {
            return new Answer(false, "", CallReport.NONE);
        }
    }

    @Override
    public void close() {
        group.close();
        factory.close();
    }
}

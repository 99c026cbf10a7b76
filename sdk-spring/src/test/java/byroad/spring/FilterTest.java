package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Endpoint;
import byroad.EndpointStatus;
import byroad.Upstream;
import byroad.okhttp.Byroad;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;

/** What Byroad itself resolves, remembers or is told passes Boot's filter as well. */
class FilterTest {
    private final EdgeAndOrigin servers = EdgeAndOrigin.open();
    private final SslBundle bundle = EdgeAndOrigin.bundle(servers.ca);

    @AfterEach
    void stop() {
        servers.close();
    }

    private void get(OkHttpRequestFactoryBuilder builder, InetAddressFilter filter) throws IOException {
        HttpClientSettings settings = HttpClientSettings.ofSslBundle(bundle).withInetAddressFilter(filter);
        try (ClientHttpResponse response = builder.build(settings)
                .createRequest(URI.create(servers.url() + "/"), HttpMethod.GET)
                .execute()) {
            assertThat(response.getStatusCode().value()).isEqualTo(200);
        }
    }

    @Test
    void neitherAnotherResolverNorADeclaredAddressGetsPastIt() throws IOException {
        Upstream upstream =
                Upstream.named("assistant").endpoint(Endpoint.at(servers.url()).connectTo(EdgeAndOrigin.ORIGIN_IP));
        try (Byroad byroad = Byroad.builder()
                        .resolver(servers.names())
                        .upstream(upstream)
                        .build();
                CommonClient common = new CommonClient(byroad, List.of(), List.of(), CommonClient.dispatcher())) {
            OkHttpRequestFactoryBuilder builder =
                    new OkHttpRequestFactoryBuilder(common.client(), new Bundles(List.of()));
            get(builder, InetAddressFilter.all()); // the connection stays open, and the address is proven

            assertThatThrownBy(() -> get(builder, InetAddressFilter.externalAddresses()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("does not pass the filter");
            assertThat(servers.origin.getRequestCount()).isEqualTo(1);
        }
    }

    /** Boot makes a client for each group of HTTP services; those with one filter look up once and use one connection. */
    @Test
    void clientsWithOneFilterShareWhatTheyKnow() throws Exception {
        Upstream upstream =
                Upstream.named("assistant").endpoint(Endpoint.at(servers.url()).connectTo(EdgeAndOrigin.ORIGIN_IP));
        InetAddressFilter one = InetAddressFilter.all();
        try (Byroad byroad = Byroad.builder().upstream(upstream).build();
                CommonClient common = new CommonClient(byroad, List.of(), List.of(), CommonClient.dispatcher())) {
            OkHttpRequestFactoryBuilder builder =
                    new OkHttpRequestFactoryBuilder(common.client(), new Bundles(List.of()));
            get(builder, one);
            get(builder, one);

            assertThat(servers.origin.takeRequest().getConnectionIndex())
                    .isEqualTo(servers.origin.takeRequest().getConnectionIndex());
        }
    }

    @Test
    void whatOneClientMayNotReachIsNoFaultOfTheEndpoint() throws IOException {
        Upstream upstream =
                Upstream.named("assistant").endpoint(Endpoint.at(servers.url()).connectTo(EdgeAndOrigin.ORIGIN_IP));
        try (Byroad byroad = Byroad.builder().upstream(upstream).build();
                CommonClient common = new CommonClient(byroad, List.of(), List.of(), CommonClient.dispatcher())) {
            OkHttpRequestFactoryBuilder builder =
                    new OkHttpRequestFactoryBuilder(common.client(), new Bundles(List.of()));
            for (int i = 0; i < 25; i++) {
                assertThatThrownBy(() -> get(builder, InetAddressFilter.externalAddresses()))
                        .isInstanceOf(IOException.class);
            }

            assertThat(byroad.status()).extracting(EndpointStatus::circuit).containsOnly(EndpointStatus.Circuit.CLOSED);
        }
    }
}

package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.dns.Resolver;
import byroad.dns.Resolvers;
import byroad.okhttp.Byroad;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.http.client.HttpClientSettings;
import org.springframework.boot.http.client.InetAddressFilter;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpResponse;

/** Boot's filter sees what Byroad's own resolvers answer for a host that nobody declared. */
class FilteredNamesTest {
    private final EdgeAndOrigin servers = EdgeAndOrigin.open();
    private final Resolver both =
            Resolvers.fixed("both", "test", Map.of(EdgeAndOrigin.HOST, List.of("127.0.0.2", EdgeAndOrigin.ORIGIN_IP)));
    private final Byroad byroad = Byroad.builder().resolver(both).build();
    private final CommonClient common = new CommonClient(byroad, List.of(), List.of(), CommonClient.dispatcher());
    private final OkHttpRequestFactoryBuilder builder =
            new OkHttpRequestFactoryBuilder(common.client(), new Bundles(List.of()));

    @AfterEach
    void stop() {
        common.close();
        byroad.close();
        servers.close();
    }

    private int post(InetAddressFilter filter) throws IOException {
        HttpClientSettings settings =
                HttpClientSettings.ofSslBundle(EdgeAndOrigin.bundle(servers.ca)).withInetAddressFilter(filter);
        try (ClientHttpResponse response = builder.build(settings)
                .createRequest(URI.create(servers.url() + "/"), HttpMethod.POST)
                .execute()) {
            return response.getStatusCode().value();
        }
    }

    @Test
    void onlyAddressesThatPassAreConnectedTo() throws IOException {
        InetAddress origin = InetAddress.getByName(EdgeAndOrigin.ORIGIN_IP);

        assertThat(post(address -> address.equals(origin))).isEqualTo(200);
        assertThat(servers.edge.getRequestCount()).isZero();
    }

    @Test
    void whatAnotherClientProvedDoesNotPassOneWithAFilter() throws IOException {
        assertThat(post(InetAddressFilter.all())).isEqualTo(500);

        assertThatThrownBy(() -> post(InetAddressFilter.externalAddresses())).isInstanceOf(UnknownHostException.class);
        assertThat(servers.edge.getRequestCount() + servers.origin.getRequestCount())
                .isEqualTo(1);
    }
}

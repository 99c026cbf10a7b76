package byroad.okhttp;

import static byroad.okhttp.TestServers.got;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.okhttp.TestServers.Http;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

/** OkHttp races connections on threads of its own: the loser of an attempt's race may be told of in the next attempt. */
class LateLoserTest {
    @Test
    void anAddressOfAnEarlierAttemptSaysNothingAboutThisOne() throws Exception {
        try (TestServers servers = TestServers.open(Http.H2)) {
            servers.edge.answers(TestServer.edgePage(500));
            List<Collection<InetAddress>> failed = new ArrayList<>();
            Interceptor late = chain -> {
                String at = peer(chain);
                if (at.equals(TestServers.ORIGIN_IP)) {
                    failed.add(loses(chain, TestServers.EDGE_IP));
                    failed.add(loses(chain, TestServers.ORIGIN_IP));
                }
                return chain.proceed(chain.request());
            };
            OkHttpClient client = servers.built(servers.byroad(servers.assistant())
                    .installOn(servers.client())
                    .addNetworkInterceptor(late));

            assertThat(got(client, servers.get("/")).by()).isEqualTo("origin");
            assertThat(failed).containsExactly(List.of(), List.of(InetAddress.getByName(TestServers.ORIGIN_IP)));
        }
    }

    private static String peer(Interceptor.Chain chain) {
        return chain.connection().route().socketAddress().getAddress().getHostAddress();
    }

    private static Collection<InetAddress> loses(Interceptor.Chain chain, String ip) throws IOException {
        OkHttpAttempt attempt = Objects.requireNonNull(
                Objects.requireNonNull(CallState.of(chain.call())).attempt());
        InetSocketAddress to = new InetSocketAddress(
                InetAddress.getByName(ip), chain.request().url().port());
        attempt.connectFailed(chain.call(), to, Proxy.NO_PROXY, null, new ConnectException("refused"));
        return List.copyOf(attempt.failedAddresses());
    }
}

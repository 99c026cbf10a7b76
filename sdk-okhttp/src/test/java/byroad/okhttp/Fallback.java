package byroad.okhttp;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.TestServers.Http;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import mockwebserver3.RecordedRequest;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.junit.jupiter.params.provider.Arguments;

/** Where the fallback endpoint is: always the second server, under the name of the first or under a name of its own. */
enum Fallback {
    SAME_AUTHORITY(TestServers.HOST) {
        @Override
        Endpoint endpoint(TestServers servers) {
            return Endpoint.at(servers.url("")).connectTo(TestServers.ORIGIN).named("fallback");
        }
    },
    OTHER_AUTHORITY(TestServers.OTHER) {
        @Override
        Endpoint endpoint(TestServers servers) {
            servers.name(TestServers.OTHER, TestServers.ORIGIN_IP);
            return Endpoint.at(servers.url(TestServers.OTHER, "")).named("fallback");
        }
    };

    final String host;

    Fallback(String host) {
        this.host = host;
    }

    abstract Endpoint endpoint(TestServers servers);

    /** Each protocol with each place. */
    static Stream<Arguments> overBoth() {
        return Stream.of(Http.values())
                .flatMap(http -> Stream.of(values()).map(place -> Arguments.arguments(http, place)));
    }

    /** TestServers whose edge answers every request with an error page of its own. */
    static TestServers servers(Http http) {
        TestServers servers = TestServers.open(http);
        servers.edge.answers(TestServer.edgePage(500));
        return servers;
    }

    /** The edge, then the fallback. */
    Upstream upstream(TestServers servers) {
        return upstream(servers, endpoint(servers));
    }

    Upstream upstream(TestServers servers, Endpoint fallback) {
        return Upstream.named("assistant")
                .endpoint(servers.atEdge())
                .endpoint(fallback)
                .repeatable();
    }

    /** An upstream whose fallback may get the credentials of callers. */
    Upstream sharing(TestServers servers) {
        return upstream(servers, endpoint(servers).sharesCredentials());
    }

    HttpUrl url(TestServers servers, String path) {
        return HttpUrl.get(servers.url(host, path));
    }

    /** A client without Byroad for which every name is the fallback's server. */
    static OkHttpClient.Builder plain(TestServers servers) {
        return servers.client().dns(name -> servers.lookup(TestServers.ORIGIN));
    }

    /** What a plain client asks the fallback for. */
    Request get(TestServers servers, String path) {
        return new Request.Builder().url(url(servers, path)).build();
    }

    /** The values of all headers that arrived: {@code Headers.toString} hides those that carry credentials. */
    static List<String> values(RecordedRequest request) {
        List<String> values = new ArrayList<>();
        request.getHeaders().forEach(header -> values.add(header.getSecond()));
        return values;
    }

    /** How many connections are in use. */
    static int inUse(OkHttpClient client) {
        return client.connectionPool().connectionCount()
                - client.connectionPool().idleConnectionCount();
    }
}

package byroad.okhttp;

import byroad.Endpoint;
import byroad.Upstream;
import byroad.okhttp.Doors.Http;
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
    SAME_AUTHORITY(Doors.HOST) {
        @Override
        Endpoint endpoint(Doors doors) {
            return Endpoint.at(doors.url("")).connectTo(Doors.ORIGIN).named("fallback");
        }
    },
    OTHER_AUTHORITY(Doors.OTHER) {
        @Override
        Endpoint endpoint(Doors doors) {
            doors.name(Doors.OTHER, Doors.ORIGIN_IP);
            return Endpoint.at(doors.url(Doors.OTHER, "")).named("fallback");
        }
    };

    final String host;

    Fallback(String host) {
        this.host = host;
    }

    abstract Endpoint endpoint(Doors doors);

    /** Each protocol with each place. */
    static Stream<Arguments> overBoth() {
        return Stream.of(Http.values())
                .flatMap(http -> Stream.of(values()).map(place -> Arguments.arguments(http, place)));
    }

    /** Doors whose edge answers every request with an error page of its own. */
    static Doors doors(Http http) {
        Doors doors = Doors.open(http);
        doors.edge.answers(Door.edgePage(500));
        return doors;
    }

    /** The edge, then the fallback. */
    Upstream upstream(Doors doors) {
        return upstream(doors, endpoint(doors));
    }

    Upstream upstream(Doors doors, Endpoint fallback) {
        return Upstream.named("assistant")
                .endpoint(doors.atEdge())
                .endpoint(fallback)
                .repeatable();
    }

    /** An upstream whose fallback may get the credentials of callers. */
    Upstream sharing(Doors doors) {
        return upstream(doors, endpoint(doors).sharesCredentials());
    }

    HttpUrl url(Doors doors, String path) {
        return HttpUrl.get(doors.url(host, path));
    }

    /** A client without Byroad for which every name is the fallback's server. */
    static OkHttpClient.Builder plain(Doors doors) {
        return doors.client().dns(name -> doors.lookup(Doors.ORIGIN));
    }

    /** What a plain client asks the fallback for. */
    Request get(Doors doors, String path) {
        return new Request.Builder().url(url(doors, path)).build();
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

package byroad.samples.drill;

import byroad.CallOptions;
import byroad.Endpoint;
import byroad.Upstream;
import byroad.dns.Resolvers;
import byroad.okhttp.Byroad;
import java.io.IOException;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** OkHttp with Byroad, told of every route of the scenario and of both resolver operators. */
final class ByroadClient implements DrillClient {
    static final String NAME = "Byroad";

    private final String name;
    private final Upstream upstream;
    private final Byroad byroad;
    private final OkHttpClient http;
    private final HttpUrl url;

    /** Makes one that remembers as that builder says. */
    ByroadClient(String name, Scenario scenario, Parties parties, Byroad.Builder builder) {
        this.name = name;
        this.upstream = upstream(scenario.endpoints(), parties.port());
        this.url = Clients.url(scenario, parties);
        this.byroad = builder.resolver(Resolvers.udp(
                        "first", "first-operator", parties.resolvers().get(0)))
                .resolver(Resolvers.udp(
                        "second", "second-operator", parties.resolvers().get(1)))
                .chain(chain -> chain.independent(2))
                .upstream(upstream)
                .build();
        this.http = byroad.installOn(Clients.base(name)).build();
    }

    private static Upstream upstream(List<Route> routes, int port) {
        Upstream upstream = Upstream.named("items")
                .deadline(Clients.DEADLINE)
                .attemptLimit(Clients.ATTEMPT_LIMIT)
                .repeatable();
        for (Route route : routes) {
            Endpoint endpoint =
                    Endpoint.at("https://" + route.host() + ":" + port).hostedBy(route.hostedBy());
            if (!route.isDirect()) {
                endpoint = endpoint.through(route.through());
            }
            if (route.isRerouted()) {
                endpoint = endpoint.connectTo(route.connectTo());
            }
            if (route.isMarked()) {
                endpoint = endpoint.originMarker(route.mark());
            }
            boolean isOtherAuthority = !route.host().equals(routes.get(0).host());
            upstream = upstream.endpoint(isOtherAuthority ? endpoint.sharesCredentials() : endpoint);
        }
        return upstream;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public OkHttpClient http() {
        return http;
    }

    /** Goes through each route in turn, by avoiding those before it. */
    @Override
    public void warmUp() throws IOException {
        CallOptions options = CallOptions.NONE;
        for (Endpoint endpoint : upstream.endpoints()) {
            Clients.callOnce(
                    http,
                    new Request.Builder()
                            .url(url)
                            .tag(CallOptions.class, options)
                            .build());
            options = options.avoiding(endpoint.domainIn(upstream.name()).path());
        }
    }

    @Override
    public void close() {
        byroad.close();
        Clients.close(http);
    }
}

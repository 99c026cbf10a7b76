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

/** OkHttp with Byroad, told of every door of the scenario and of both resolver operators. */
final class ByroadClient implements DrillClient {
    static final String NAME = "Byroad";

    private final String name;
    private final List<Door> doors;
    private final Byroad byroad;
    private final OkHttpClient http;
    private final HttpUrl url;

    /** Makes one that remembers as that builder says. */
    ByroadClient(String name, Scenario scenario, Parties parties, Byroad.Builder builder) {
        this.name = name;
        this.doors = scenario.doors();
        this.url = Clients.url(scenario, parties);
        this.byroad = builder.resolver(Resolvers.udp(
                        "first", "first-operator", parties.resolvers().get(0)))
                .resolver(Resolvers.udp(
                        "second", "second-operator", parties.resolvers().get(1)))
                .chain(chain -> chain.independent(2))
                .upstream(upstream(parties.port()))
                .build();
        this.http = byroad.installOn(Clients.base(name)).build();
    }

    private Upstream upstream(int port) {
        Upstream upstream = Upstream.named("items")
                .deadline(Clients.DEADLINE)
                .attemptLimit(Clients.ATTEMPT_LIMIT)
                .repeatable();
        for (Door door : doors) {
            Endpoint endpoint =
                    Endpoint.at("https://" + door.host() + ":" + port).hostedBy(door.hostedBy());
            if (!door.isDirect()) {
                endpoint = endpoint.through(door.through());
            }
            upstream = upstream.endpoint(door.isRerouted() ? endpoint.connectTo(door.connectTo()) : endpoint);
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

    /** Goes through each door in turn, by avoiding the edges of those before it. */
    @Override
    public void warmUp() throws IOException {
        CallOptions options = CallOptions.NONE;
        for (Door door : doors) {
            Clients.callOnce(
                    http,
                    new Request.Builder()
                            .url(url)
                            .tag(CallOptions.class, options)
                            .build());
            options = door.isDirect() ? options : options.avoiding(door.through());
        }
    }

    @Override
    public void close() {
        byroad.close();
        Clients.close(http);
    }
}

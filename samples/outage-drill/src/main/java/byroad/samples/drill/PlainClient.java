package byroad.samples.drill;

import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** OkHttp as it comes, with timeouts. */
final class PlainClient implements DrillClient {
    static final String NAME = "plain OkHttp";

    private final OkHttpClient http;
    private final HttpUrl url;

    PlainClient(Scenario scenario, Parties parties) {
        this.http =
                Clients.base(NAME).dns(new GetaddrinfoDns(parties.resolvers())).build();
        this.url = Clients.url(scenario, parties);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public OkHttpClient http() {
        return http;
    }

    @Override
    public void warmUp() throws IOException {
        Clients.callOnce(http, new Request.Builder().url(url).build());
    }

    @Override
    public void close() {
        Clients.close(http);
    }
}

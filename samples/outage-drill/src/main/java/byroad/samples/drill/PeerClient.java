package byroad.samples.drill;

import java.io.IOException;
import java.util.List;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/**
 * OkHttp as people use it.
 *
 * @param endpoints a client for each endpoint that it knows; the first makes the calls
 */
record PeerClient(String name, HttpUrl url, List<OkHttpClient> endpoints) implements DrillClient {
    static final String PLAIN = "plain OkHttp";
    static final String RETRYING = "OkHttp + 3 retries";

    /** OkHttp as it comes, with timeouts. */
    static PeerClient plain(Scenario scenario, Parties parties) {
        OkHttpClient http = Clients.base(PLAIN).dns(dns(parties)).build();
        return new PeerClient(PLAIN, Clients.url(scenario, parties), List.of(http));
    }

    /** OkHttp with the retry loop that most teams have written once. */
    static PeerClient retrying(Scenario scenario, Parties parties) {
        OkHttpClient http = Clients.base(RETRYING)
                .addInterceptor(new NaiveRetries(NaiveRetries.SAME_PAUSE))
                .dns(dns(parties))
                .build();
        return new PeerClient(RETRYING, Clients.url(scenario, parties), List.of(http));
    }

    /** OkHttp with the retry loop that sends each retry to the second endpoint: failover as it is written on the day. */
    static PeerClient failover(Scenario scenario, Parties parties) {
        String name = Guest.NAIVE_FAILOVER.client();
        String endpoint = scenario.endpoints().get(1).connectTo();
        Dns dns = dns(parties);
        OkHttpClient second =
                Clients.base(name).dns(host -> dns.lookup(endpoint)).build();
        OkHttpClient first = Clients.base(name)
                .addInterceptor(new NaiveRetries(
                        NaiveRetries.SAME_PAUSE,
                        chain -> second.newCall(chain.request()).execute()))
                .dns(dns)
                .build();
        return new PeerClient(name, Clients.url(scenario, parties), List.of(first, second));
    }

    private static Dns dns(Parties parties) {
        return new GetaddrinfoDns(parties.resolvers());
    }

    @Override
    public OkHttpClient http() {
        return endpoints.get(0);
    }

    @Override
    public void warmUp() throws IOException {
        for (OkHttpClient endpoint : endpoints) {
            Clients.callOnce(endpoint, new Request.Builder().url(url).build());
        }
    }

    @Override
    public void close() {
        endpoints.forEach(Clients::close);
    }
}

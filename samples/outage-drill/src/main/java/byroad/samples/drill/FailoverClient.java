package byroad.samples.drill;

import java.io.IOException;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/** OkHttp with the retry loop that sends each retry to the second door: failover as it is written on the day. */
final class FailoverClient implements DrillClient {
    private final OkHttpClient http;
    private final OkHttpClient second;
    private final HttpUrl url;

    FailoverClient(Scenario scenario, Parties parties) {
        String name = scenario.doors().get(1).connectTo();
        Dns dns = new GetaddrinfoDns(parties.resolvers());
        this.second = Clients.base(name()).dns(host -> dns.lookup(name)).build();
        this.http = Clients.base(name())
                .addInterceptor(new NaiveRetries(
                        chain -> second.newCall(chain.request()).execute()))
                .dns(dns)
                .build();
        this.url = Clients.url(scenario, parties);
    }

    @Override
    public String name() {
        return Guest.NAIVE_FAILOVER.client();
    }

    @Override
    public OkHttpClient http() {
        return http;
    }

    @Override
    public void warmUp() throws IOException {
        Request request = new Request.Builder().url(url).build();
        Clients.callOnce(http, request);
        Clients.callOnce(second, request);
    }

    @Override
    public void close() {
        Clients.close(http);
        Clients.close(second);
    }
}

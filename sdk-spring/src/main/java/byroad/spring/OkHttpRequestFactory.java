package byroad.spring;

import java.net.URI;
import okhttp3.OkHttpClient;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/** Spring's requests by OkHttp, with Byroad in it. */
public final class OkHttpRequestFactory implements ClientHttpRequestFactory {
    private volatile OkHttpClient client;

    /** With that client, on which Byroad is installed. */
    public OkHttpRequestFactory(OkHttpClient client) {
        this.client = client;
    }

    @Override
    public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
        return new OkHttpRequest(client, uri, method);
    }

    /** Requests made from now on go by a client with that trust. */
    void trust(BundleTrust trust) {
        OkHttpClient.Builder trusting = client.newBuilder();
        trust.applyTo(trusting);
        this.client = trusting.build();
    }

    /** The client of requests that are made now. */
    public OkHttpClient client() {
        return client;
    }
}

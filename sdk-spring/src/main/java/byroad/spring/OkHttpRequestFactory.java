package byroad.spring;

import java.net.URI;
import okhttp3.OkHttpClient;
import org.springframework.http.HttpMethod;
import org.springframework.http.client.ClientHttpRequest;
import org.springframework.http.client.ClientHttpRequestFactory;

/** A request factory of Spring over OkHttp with Byroad. */
public final class OkHttpRequestFactory implements ClientHttpRequestFactory {
    private volatile OkHttpClient client;

    /** A factory with that client, on which Byroad is installed. */
    public OkHttpRequestFactory(OkHttpClient client) {
        this.client = client;
    }

    @Override
    public ClientHttpRequest createRequest(URI uri, HttpMethod method) {
        return new OkHttpRequest(client, uri, method);
    }

    /** Requests from now on use a client with that trust. */
    void trust(BundleTrust trust) {
        OkHttpClient.Builder trusting = client.newBuilder();
        trust.applyTo(trusting);
        this.client = trusting.build();
    }

    /** The client of new requests. */
    public OkHttpClient client() {
        return client;
    }
}

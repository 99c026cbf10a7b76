package byroad.spring;

import java.net.URI;
import java.util.function.UnaryOperator;
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

    /** Requests made from now on go by a changed client. */
    void change(UnaryOperator<OkHttpClient> change) {
        this.client = change.apply(client);
    }

    /** The client of requests that are made now. */
    public OkHttpClient client() {
        return client;
    }
}

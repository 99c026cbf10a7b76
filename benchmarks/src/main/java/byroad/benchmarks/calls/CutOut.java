package byroad.benchmarks.calls;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import okhttp3.Address;
import okhttp3.Call;
import okhttp3.CipherSuite;
import okhttp3.Connection;
import okhttp3.ConnectionSpec;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okhttp3.Route;
import okhttp3.TlsVersion;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * The network cut out of a client: everything above OkHttp's own interceptors runs, and what OkHttp itself would do below
 * them does not.
 *
 * <p>What a layer above sees of an exchange over a pooled HTTP/2 connection is acted out: the events of the call, from the
 * connection that it gets to the one that it gives back, and the interceptors of the network. A first call looks its host up
 * and gets the connection that all later ones get, as from a pool. Not acted out are look-ups, connecting, and bytes.
 */
final class CutOut implements Interceptor {
    private static final Response OF_NETWORK = new Response.Builder()
            .request(new Request.Builder().url("https://" + GoodCall.HOST).build())
            .protocol(Protocol.HTTP_2)
            .code(200)
            .message("")
            .build();

    private volatile @Nullable Connection pooled;

    private CutOut() {}

    /** Cuts the network out of the client that is built; nothing must be installed on it afterwards. */
    static OkHttpClient.Builder of(OkHttpClient.Builder client) {
        List<Interceptor> ofNetwork = List.copyOf(client.networkInterceptors());
        client.networkInterceptors().clear();
        CutOut cutOut = new CutOut();
        client.addInterceptor(cutOut);
        ofNetwork.forEach(client::addInterceptor);
        return client.addInterceptor(cutOut::answer);
    }

    /** Where OkHttp finds a connection for the call. */
    @Override
    public Response intercept(Chain chain) throws IOException {
        Connection connection = pooled;
        if (connection == null) {
            connection = connect(chain);
            pooled = connection;
        }
        chain.getEventListener().connectionAcquired(chain.call(), connection);
        return chain.proceed(chain.request());
    }

    /** Where OkHttp writes the request and reads the headers of the answer. */
    private Response answer(Chain chain) {
        EventListener events = chain.getEventListener();
        Call call = chain.call();
        Request request = chain.request();
        events.requestHeadersStart(call);
        events.requestHeadersEnd(call, request);
        events.responseHeadersStart(call);
        Response response = new Response.Builder()
                .request(request)
                .protocol(Protocol.HTTP_2)
                .code(200)
                .message("")
                .header("content-type", "application/json")
                .header("server", "byroad.test")
                .networkResponse(OF_NETWORK)
                .body(new Body(events, call, Objects.requireNonNull(pooled)))
                .build();
        events.responseHeadersEnd(call, response);
        return response;
    }

    private static Connection connect(Chain chain) throws UnknownHostException {
        HttpUrl url = chain.request().url();
        InetAddress peer = chain.getDns().lookup(url.host()).get(0);
        Address address = new Address(
                url.host(),
                url.port(),
                chain.getDns(),
                chain.getSocketFactory(),
                chain.getSslSocketFactoryOrNull(),
                chain.getHostnameVerifier(),
                chain.getCertificatePinner(),
                chain.getProxyAuthenticator(),
                chain.getProxy(),
                List.of(Protocol.HTTP_2, Protocol.HTTP_1_1),
                List.of(ConnectionSpec.MODERN_TLS),
                chain.getProxySelector());
        return new Pooled(new Route(address, Proxy.NO_PROXY, new InetSocketAddress(peer, url.port())));
    }

    /** A connection of HTTP/2 over TLS that nothing goes over. */
    private static final class Pooled implements Connection {
        private final Route route;
        private final Socket socket = new Socket();
        private final Handshake handshake = Handshake.get(
                TlsVersion.TLS_1_3, CipherSuite.TLS_AES_128_GCM_SHA256, new ArrayList<>(), new ArrayList<>());

        Pooled(Route route) {
            this.route = route;
        }

        @Override
        public Route route() {
            return route;
        }

        @Override
        public Socket socket() {
            return socket;
        }

        @Override
        public Handshake handshake() {
            return handshake;
        }

        @Override
        public Protocol protocol() {
            return Protocol.HTTP_2;
        }
    }

    /** An empty body, at whose end the connection goes back. */
    private static final class Body extends ResponseBody {
        private static final MediaType JSON = MediaType.get("application/json");

        private final EventListener events;
        private final Call call;
        private final Connection connection;

        Body(EventListener events, Call call, Connection connection) {
            this.events = events;
            this.call = call;
            this.connection = connection;
        }

        @Override
        public MediaType contentType() {
            return JSON;
        }

        @Override
        public long contentLength() {
            return 0;
        }

        @Override
        public BufferedSource source() {
            return new Buffer();
        }

        @Override
        public void close() {
            events.responseBodyStart(call);
            events.responseBodyEnd(call, 0);
            events.connectionReleased(call, connection);
        }
    }
}

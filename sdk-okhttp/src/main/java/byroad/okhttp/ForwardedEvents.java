package byroad.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * Tells the listeners of the caller's call what happens in an attempt that is a call of its own, as if it happened in the caller's:
 * all but how the call starts and ends, which they hear of the caller's call itself.
 */
final class ForwardedEvents extends EventListener {
    private final EventListener listener;
    private final Call caller;

    ForwardedEvents(EventListener listener, Call caller) {
        this.listener = listener;
        this.caller = caller;
    }

    @Override
    public void proxySelectStart(Call own, HttpUrl url) {
        listener.proxySelectStart(caller, url);
    }

    @Override
    public void proxySelectEnd(Call own, HttpUrl url, List<Proxy> proxies) {
        listener.proxySelectEnd(caller, url, proxies);
    }

    @Override
    public void dnsStart(Call own, String name) {
        listener.dnsStart(caller, name);
    }

    @Override
    public void dnsEnd(Call own, String name, List<InetAddress> addresses) {
        listener.dnsEnd(caller, name, addresses);
    }

    @Override
    public void connectStart(Call own, InetSocketAddress address, Proxy proxy) {
        listener.connectStart(caller, address, proxy);
    }

    @Override
    public void secureConnectStart(Call own) {
        listener.secureConnectStart(caller);
    }

    @Override
    public void secureConnectEnd(Call own, @Nullable Handshake handshake) {
        listener.secureConnectEnd(caller, handshake);
    }

    @Override
    public void connectEnd(Call own, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        listener.connectEnd(caller, address, proxy, protocol);
    }

    @Override
    public void connectFailed(
            Call own, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException why) {
        listener.connectFailed(caller, address, proxy, protocol, why);
    }

    @Override
    public void connectionAcquired(Call own, Connection connection) {
        listener.connectionAcquired(caller, connection);
    }

    @Override
    public void connectionReleased(Call own, Connection connection) {
        listener.connectionReleased(caller, connection);
    }

    @Override
    public void requestHeadersStart(Call own) {
        listener.requestHeadersStart(caller);
    }

    @Override
    public void requestHeadersEnd(Call own, Request request) {
        listener.requestHeadersEnd(caller, request);
    }

    @Override
    public void requestBodyStart(Call own) {
        listener.requestBodyStart(caller);
    }

    @Override
    public void requestBodyEnd(Call own, long byteCount) {
        listener.requestBodyEnd(caller, byteCount);
    }

    @Override
    public void requestFailed(Call own, IOException why) {
        listener.requestFailed(caller, why);
    }

    @Override
    public void responseHeadersStart(Call own) {
        listener.responseHeadersStart(caller);
    }

    @Override
    public void responseHeadersEnd(Call own, Response response) {
        listener.responseHeadersEnd(caller, response);
    }

    @Override
    public void responseBodyStart(Call own) {
        listener.responseBodyStart(caller);
    }

    @Override
    public void responseBodyEnd(Call own, long byteCount) {
        listener.responseBodyEnd(caller, byteCount);
    }

    @Override
    public void responseFailed(Call own, IOException why) {
        listener.responseFailed(caller, why);
    }

    @Override
    public void satisfactionFailure(Call own, Response response) {
        listener.satisfactionFailure(caller, response);
    }

    @Override
    public void cacheHit(Call own, Response response) {
        listener.cacheHit(caller, response);
    }

    @Override
    public void cacheMiss(Call own) {
        listener.cacheMiss(caller);
    }

    @Override
    public void cacheConditionalHit(Call own, Response cached) {
        listener.cacheConditionalHit(caller, cached);
    }

    @Override
    public void retryDecision(Call own, IOException why, boolean retry) {
        listener.retryDecision(caller, why, retry);
    }

    @Override
    public void followUpDecision(Call own, Response response, @Nullable Request next) {
        listener.followUpDecision(caller, response, next);
    }
}

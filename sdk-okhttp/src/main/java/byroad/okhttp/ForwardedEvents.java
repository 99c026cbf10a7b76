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
 * Forwards events to the listeners of the caller's call, as events of that call; all but the start, the end and the
 * cancel of a call.
 */
abstract class ForwardedEvents extends EventListener {
    private final EventListener listener;
    private final Call caller;

    ForwardedEvents(EventListener listener, Call caller) {
        this.listener = listener;
        this.caller = caller;
    }

    @Override
    public void proxySelectStart(Call call, HttpUrl url) {
        listener.proxySelectStart(caller, url);
    }

    @Override
    public void proxySelectEnd(Call call, HttpUrl url, List<Proxy> proxies) {
        listener.proxySelectEnd(caller, url, proxies);
    }

    @Override
    public void dnsStart(Call call, String name) {
        listener.dnsStart(caller, name);
    }

    @Override
    public void dnsEnd(Call call, String name, List<InetAddress> addresses) {
        listener.dnsEnd(caller, name, addresses);
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        listener.connectStart(caller, address, proxy);
    }

    @Override
    public void secureConnectStart(Call call) {
        listener.secureConnectStart(caller);
    }

    @Override
    public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
        listener.secureConnectEnd(caller, handshake);
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        listener.connectEnd(caller, address, proxy, protocol);
    }

    @Override
    public void connectFailed(
            Call own, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException why) {
        listener.connectFailed(caller, address, proxy, protocol, why);
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        listener.connectionAcquired(caller, connection);
    }

    @Override
    public void connectionReleased(Call call, Connection connection) {
        listener.connectionReleased(caller, connection);
    }

    @Override
    public void requestHeadersStart(Call call) {
        listener.requestHeadersStart(caller);
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        listener.requestHeadersEnd(caller, request);
    }

    @Override
    public void requestBodyStart(Call call) {
        listener.requestBodyStart(caller);
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        listener.requestBodyEnd(caller, byteCount);
    }

    @Override
    public void requestFailed(Call call, IOException why) {
        listener.requestFailed(caller, why);
    }

    @Override
    public void responseHeadersStart(Call call) {
        listener.responseHeadersStart(caller);
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        listener.responseHeadersEnd(caller, response);
    }

    @Override
    public void responseBodyStart(Call call) {
        listener.responseBodyStart(caller);
    }

    @Override
    public void responseBodyEnd(Call call, long byteCount) {
        listener.responseBodyEnd(caller, byteCount);
    }

    @Override
    public void responseFailed(Call call, IOException why) {
        listener.responseFailed(caller, why);
    }

    @Override
    public void satisfactionFailure(Call call, Response response) {
        listener.satisfactionFailure(caller, response);
    }

    @Override
    public void cacheHit(Call call, Response response) {
        listener.cacheHit(caller, response);
    }

    @Override
    public void cacheMiss(Call call) {
        listener.cacheMiss(caller);
    }

    @Override
    public void cacheConditionalHit(Call call, Response cached) {
        listener.cacheConditionalHit(caller, cached);
    }

    @Override
    public void retryDecision(Call call, IOException why, boolean retry) {
        listener.retryDecision(caller, why, retry);
    }

    @Override
    public void followUpDecision(Call call, Response response, @Nullable Request next) {
        listener.followUpDecision(caller, response, next);
    }
}

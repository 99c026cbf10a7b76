package byroad.okhttp;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.HttpUrl;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A user's listener that keeps what it heard, with the address of the server where the event has one, and of which calls. */
class Heard extends EventListener {
    final List<String> lines = new CopyOnWriteArrayList<>();
    final Set<Call> calls = ConcurrentHashMap.newKeySet();
    private final Consumer<String> then;

    Heard() {
        this(name -> {});
    }

    /** That is done in each event, after it was kept. */
    Heard(Consumer<String> then) {
        this.then = then;
    }

    /** The names of the events. */
    List<String> names() {
        return lines.stream().map(line -> line.split(" ", 2)[0]).toList();
    }

    /** How often that event came. */
    long count(String name) {
        return names().stream().filter(name::equals).count();
    }

    /** The events of the last request, without those of the call and of the connection of an earlier one. */
    List<String> lastRequest(String ipOfAnEarlierOne) {
        int from = names().lastIndexOf("proxySelectStart");
        return lines.subList(Math.max(0, from), lines.size()).stream()
                .filter(line -> !line.endsWith(ipOfAnEarlierOne))
                .filter(line -> !line.startsWith("call") && !line.startsWith("dispatcher"))
                .toList();
    }

    private void heard(Call call, String name, String... more) {
        calls.add(call);
        lines.add(more.length == 0 ? name : name + " " + more[0]);
        then.accept(name);
    }

    private static String ip(InetSocketAddress address) {
        return address.getAddress() == null ? "?" : address.getAddress().getHostAddress();
    }

    private static String ip(Connection connection) {
        return ip(connection.route().socketAddress());
    }

    @Override
    public void callStart(Call call) {
        heard(call, "callStart");
    }

    @Override
    public void proxySelectStart(Call call, HttpUrl url) {
        heard(call, "proxySelectStart");
    }

    @Override
    public void proxySelectEnd(Call call, HttpUrl url, List<Proxy> proxies) {
        heard(call, "proxySelectEnd");
    }

    @Override
    public void dnsStart(Call call, String name) {
        heard(call, "dnsStart");
    }

    @Override
    public void dnsEnd(Call call, String name, List<InetAddress> addresses) {
        heard(call, "dnsEnd");
    }

    @Override
    public void connectStart(Call call, InetSocketAddress address, Proxy proxy) {
        heard(call, "connectStart", ip(address));
    }

    @Override
    public void secureConnectStart(Call call) {
        heard(call, "secureConnectStart");
    }

    @Override
    public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
        heard(call, "secureConnectEnd");
    }

    @Override
    public void connectEnd(Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol) {
        heard(call, "connectEnd", ip(address));
    }

    @Override
    public void connectFailed(
            Call call, InetSocketAddress address, Proxy proxy, @Nullable Protocol protocol, IOException why) {
        heard(call, "connectFailed", ip(address));
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        heard(call, "connectionAcquired", ip(connection));
    }

    @Override
    public void connectionReleased(Call call, Connection connection) {
        heard(call, "connectionReleased", ip(connection));
    }

    @Override
    public void requestHeadersStart(Call call) {
        heard(call, "requestHeadersStart");
    }

    @Override
    public void requestHeadersEnd(Call call, Request request) {
        heard(call, "requestHeadersEnd");
    }

    @Override
    public void requestBodyStart(Call call) {
        heard(call, "requestBodyStart");
    }

    @Override
    public void requestBodyEnd(Call call, long byteCount) {
        heard(call, "requestBodyEnd");
    }

    @Override
    public void requestFailed(Call call, IOException why) {
        heard(call, "requestFailed");
    }

    @Override
    public void responseHeadersStart(Call call) {
        heard(call, "responseHeadersStart");
    }

    @Override
    public void responseHeadersEnd(Call call, Response response) {
        heard(call, "responseHeadersEnd", String.valueOf(response.code()));
    }

    @Override
    public void responseBodyStart(Call call) {
        heard(call, "responseBodyStart");
    }

    @Override
    public void responseBodyEnd(Call call, long byteCount) {
        heard(call, "responseBodyEnd");
    }

    @Override
    public void responseFailed(Call call, IOException why) {
        heard(call, "responseFailed");
    }

    @Override
    public void callEnd(Call call) {
        heard(call, "callEnd");
    }

    @Override
    public void callFailed(Call call, IOException why) {
        heard(call, "callFailed");
    }

    @Override
    public void canceled(Call call) {
        heard(call, "canceled");
    }

    @Override
    public void followUpDecision(Call call, Response response, @Nullable Request next) {
        heard(call, "followUpDecision", next == null ? "none" : "one");
    }

    @Override
    public void retryDecision(Call call, IOException why, boolean retry) {
        heard(call, "retryDecision", String.valueOf(retry));
    }

    @Override
    public void cacheMiss(Call call) {
        heard(call, "cacheMiss");
    }

    @Override
    public void satisfactionFailure(Call call, Response response) {
        heard(call, "satisfactionFailure");
    }
}

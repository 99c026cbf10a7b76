package byroad.okhttp;

import java.net.Proxy;
import java.util.List;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;

/** Finds out whether a proxy is between the client and the host: a proxy resolves names by itself. */
final class Proxies {
    private Proxies() {}

    static boolean inTheWay(Interceptor.Chain chain, String url) {
        Proxy fixed = chain.getProxy();
        if (fixed != null) {
            return fixed.type() != Proxy.Type.DIRECT;
        }
        List<Proxy> selected = chain.getProxySelector().select(HttpUrl.get(url).uri());
        return selected != null && !selected.isEmpty() && selected.get(0).type() != Proxy.Type.DIRECT;
    }
}

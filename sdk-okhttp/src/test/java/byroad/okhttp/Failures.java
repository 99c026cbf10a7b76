package byroad.okhttp;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Protocol;
import org.jspecify.annotations.Nullable;

/** A user's listener that keeps which addresses failed and which were used. */
final class Failures extends EventListener {
    final List<String> addresses = new CopyOnWriteArrayList<>();
    final List<String> acquired = new CopyOnWriteArrayList<>();

    @Override
    public void connectFailed(
            Call call, InetSocketAddress to, Proxy proxy, @Nullable Protocol protocol, IOException why) {
        addresses.add(to.getAddress().getHostAddress());
    }

    @Override
    public void connectionAcquired(Call call, Connection connection) {
        acquired.add(connection.route().socketAddress().getAddress().getHostAddress());
    }
}

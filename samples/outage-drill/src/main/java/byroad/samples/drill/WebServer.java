package byroad.samples.drill;

import java.time.Duration;
import javax.net.ssl.SSLContext;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * A party's web server: HTTPS with HTTP/2 or HTTP/1.1, a {@link ServerMode} that can change while it runs, and a short
 * life for each connection.
 */
final class WebServer implements AutoCloseable {
    /** How old a connection gets before the server asks the client to leave it. */
    static final Duration CONNECTION_LIFE = Duration.ofSeconds(2);

    // Long: a connection closed for idleness may take a request with it that is just on its way.
    private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(30);
    private static final int ANY_FREE_PORT = 0;

    private final Party party;
    private final Server server;
    private final FreezableConnector connector;
    private final PartyHandler handler;
    private final ConnectionLife connectionLife = new ConnectionLife(CONNECTION_LIFE);

    private WebServer(Party party, int port, SSLContext tls, Arrivals arrivals) {
        QueuedThreadPool threads = new QueuedThreadPool(32, 4);
        threads.setName(party.id());
        threads.setDaemon(true);
        this.party = party;
        this.server = new Server(threads);
        this.handler = new PartyHandler(party, arrivals, connectionLife);
        this.connector = connector(server, tls);
        connector.setHost(party.ip());
        connector.setPort(port);
        connector.setIdleTimeout(IDLE_TIMEOUT.toMillis());
        connector.addBean(connectionLife);
        server.addConnector(connector);
        server.setHandler(handler);
    }

    /**
     * Starts the server of this party.
     *
     * @param port the port, or 0 for a free one
     * @throws IllegalStateException if it cannot listen there
     */
    static WebServer start(Party party, int port, SSLContext tls, Arrivals arrivals) {
        WebServer server = new WebServer(party, port, tls, arrivals);
        try {
            server.server.start();
            return server;
        } catch (Exception e) {
            server.close();
            throw new IllegalStateException(
                    party.title() + ": cannot listen on " + party.ip() + ":" + (port == ANY_FREE_PORT ? "any" : port)
                            + ": " + e.getMessage(),
                    e);
        }
    }

    private static FreezableConnector connector(Server server, SSLContext tls) {
        HttpConfiguration http = new HttpConfiguration();
        http.setSendServerVersion(false);
        http.addCustomizer(new SecureRequestCustomizer(false));
        HttpConnectionFactory http1 = new HttpConnectionFactory(http);
        ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
        alpn.setDefaultProtocol(http1.getProtocol());
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setSslContext(tls);
        SslConnectionFactory ssl = new SslConnectionFactory(context, alpn.getProtocol());
        return new FreezableConnector(server, ssl, alpn, new HTTP2ServerConnectionFactory(http), http1);
    }

    int port() {
        return connector.getLocalPort();
    }

    /** Changes what the server does, at once. */
    void mode(ServerMode mode) {
        handler.mode(mode);
        if (mode == ServerMode.FROZEN) {
            connector.freeze();
        } else {
            connector.thaw();
        }
        try {
            if (mode == ServerMode.REFUSING) {
                connector.setPort(connector.getLocalPort() > 0 ? connector.getLocalPort() : connector.getPort());
                connector.close(); // the listening socket only; the connections end in peace
                connectionLife.endAll();
            } else if (!connector.isOpen()) {
                connector.stop();
                connector.start();
            }
        } catch (Exception e) {
            throw new IllegalStateException(party.title() + ": cannot change to " + mode.words(), e);
        }
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(party.title() + ": cannot stop", e);
        }
    }
}

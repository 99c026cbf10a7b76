package byroad.samples.drill;

import byroad.samples.drill.Arrivals.Arrival;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** What a party's server says to a request: it counts it, waits for the service time, and answers as its mode wants. */
final class PartyHandler extends Handler.Abstract.NonBlocking {
    /** How long a healthy answer takes. */
    static final Duration SERVICE_TIME = Duration.ofMillis(20);
    /** How long an edge needs to say that it is broken. */
    static final Duration EDGE_ERROR_TIME = Duration.ofMillis(5);

    private static final String EDGE_PAGE = resource("edge-error.html");

    private final Party party;
    private final Arrivals arrivals;
    private final ConnectionLife connectionLife;
    private volatile ServerMode mode = ServerMode.WELL;

    PartyHandler(Party party, Arrivals arrivals, ConnectionLife connectionLife) {
        this.party = party;
        this.arrivals = arrivals;
        this.connectionLife = connectionLife;
    }

    void mode(ServerMode next) {
        mode = next;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        arrivals.add(arrivalOf(request));
        connectionLife.requestArrived(request.getConnectionMetaData().getConnection());
        ServerMode now = mode;
        if (now == ServerMode.SILENT) {
            return true; // the idle timeout of the connection lets go of it
        }
        Duration wait = now == ServerMode.EDGE_ERROR ? EDGE_ERROR_TIME : SERVICE_TIME;
        Content.Source.consumeAll(
                request,
                Callback.from(
                        () -> request.getComponents()
                                .getScheduler()
                                .schedule(
                                        () -> answer(now, request, response, callback),
                                        wait.toMillis(),
                                        TimeUnit.MILLISECONDS),
                        callback::failed));
        return true;
    }

    private void answer(ServerMode now, Request request, Response response, Callback callback) {
        response.getHeaders().put(Party.HEADER, party.id());
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        if (now == ServerMode.EDGE_ERROR) {
            response.setStatus(500);
            response.getHeaders().put(HttpHeader.SERVER, "cloudflare");
            response.getHeaders().put("cf-ray", "8f2d6b1c0a9e4d37-TST");
            response.getHeaders().put(HttpHeader.CONTENT_TYPE, "text/html; charset=UTF-8");
            Content.Sink.write(response, true, EDGE_PAGE, callback);
            return;
        }
        response.setStatus(now == ServerMode.UNAVAILABLE ? 503 : 200);
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
        String body = now == ServerMode.UNAVAILABLE ? "{\"error\":\"no capacity\"}" : "{\"status\":\"ok\"}";
        Content.Sink.write(response, true, body, callback);
    }

    private Arrival arrivalOf(Request request) {
        String client = request.getHeaders().get(Arrivals.CLIENT_HEADER);
        String call = request.getHeaders().get(Arrivals.CALL_HEADER);
        return new Arrival(
                System.nanoTime(),
                party,
                client == null ? "unknown" : client,
                call == null ? Arrivals.NO_CALL : Integer.parseInt(call));
    }

    private static String resource(String name) {
        try (InputStream in = PartyHandler.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + ": not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

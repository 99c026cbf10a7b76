package byroad.samples.drill;

import byroad.samples.drill.Arrivals.Arrival;
import byroad.samples.drill.BoundedService.Service;
import java.time.Duration;
import java.util.Random;
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

    static final int BROWN_OUT_PERCENT = 30;

    private final Party party;
    private final Arrivals arrivals;
    private final ConnectionLife connectionLife;
    private final BoundedService bounded = new BoundedService();
    private final Random lot = new Random(1);
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
        Arrival arrival = arrivalOf(request);
        arrivals.add(arrival);
        connectionLife.requestArrived(request.getConnectionMetaData().getConnection());
        Service service = service(mode, arrival);
        Content.Source.consumeAll(
                request,
                Callback.from(
                        () -> request.getComponents()
                                .getScheduler()
                                .schedule(
                                        () -> answer(Reply.of(party, service.like()), request, response, callback),
                                        service.after().toNanos(),
                                        TimeUnit.NANOSECONDS),
                        callback::failed));
        return true;
    }

    private Service service(ServerMode now, Arrival arrival) {
        return switch (now) {
            case EDGE_ERROR, CHALLENGE -> new Service(now, EDGE_ERROR_TIME);
            case BROWN_OUT ->
                service(lot.nextInt(100) < BROWN_OUT_PERCENT ? ServerMode.EDGE_ERROR : ServerMode.WELL, arrival);
            case BOUNDED -> bounded.take(arrival.client(), arrival.nanoTime());
            case WELL, UNAVAILABLE, REFUSING, FROZEN -> new Service(now, SERVICE_TIME);
        };
    }

    private void answer(Reply reply, Request request, Response response, Callback callback) {
        response.setStatus(reply.status());
        response.getHeaders().put(Party.HEADER, party.id());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, reply.type());
        reply.headers().forEach((name, value) -> response.getHeaders().put(name, value));
        if (request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_1_1) {
            response.getHeaders().put(HttpHeader.CONNECTION, "close");
        }
        Content.Sink.write(response, true, reply.body(), callback);
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
}

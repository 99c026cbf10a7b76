package byroad.benchmarks.outages;

import byroad.samples.drill.Arrivals;
import byroad.samples.drill.Arrivals.Arrival;
import byroad.samples.drill.Party;
import byroad.samples.drill.Reply;
import byroad.samples.drill.ServerMode;
import byroad.test.TestCa;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.server.Server;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import okhttp3.tls.HeldCertificate;

/** One endpoint to the service: a server of HTTPS and HTTP/2 behind a {@link Relay}, which fails as it is told to. */
final class OutageServer implements AutoCloseable {
    private static final Duration ERROR_TIME = Duration.ofMillis(5);

    private final Party party;
    private final Arrivals arrivals;
    private final Duration serviceTime;
    private final Server server;
    private final Relay relay;
    private volatile double failing;

    private OutageServer(Party party, int port, TestCa ca, Arrivals arrivals, Duration serviceTime) throws IOException {
        this.party = party;
        this.arrivals = arrivals;
        this.serviceTime = serviceTime;
        HeldCertificate certificate = ca.certificateFor(Site.NAME, Site.ORIGIN_NAME);
        this.server = Server.builder()
                .https(new InetSocketAddress("127.0.0.1", 0))
                .tls(TlsKeyPair.of(certificate.keyPair().getPrivate(), certificate.certificate()))
                .service("prefix:/", this::serve)
                .build();
        server.start().join();
        this.relay = Relay.start(
                new InetSocketAddress(party.ip(), port), new InetSocketAddress("127.0.0.1", server.activeLocalPort()));
    }

    /** Opens the endpoint of that party at that port, 0 for a free one. */
    static OutageServer open(Party party, int port, TestCa ca, Arrivals arrivals, Duration serviceTime)
            throws IOException {
        return new OutageServer(party, port, ca, arrivals, serviceTime);
    }

    int port() {
        return relay.address().getPort();
    }

    /** Answers that share of requests with an error from now on. */
    void fail(double share) {
        failing = share;
    }

    Relay wire() {
        return relay;
    }

    void heal() {
        failing = 0;
        relay.heal();
    }

    private HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
        String client = request.headers().get(Arrivals.CLIENT_HEADER);
        String call = request.headers().get(Arrivals.CALL_HEADER);
        if (client != null && call != null) {
            arrivals.add(new Arrival(System.nanoTime(), party, client, Integer.parseInt(call)));
        }
        boolean fails = ThreadLocalRandom.current().nextDouble() < failing;
        return HttpResponse.delayed(
                answer(
                        !fails
                                ? ServerMode.WELL
                                : party == Party.ORIGIN ? ServerMode.UNAVAILABLE : ServerMode.EDGE_ERROR),
                fails ? ERROR_TIME : serviceTime);
    }

    private HttpResponse answer(ServerMode like) {
        Reply reply = Reply.of(party, like);
        ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.valueOf(reply.status()))
                .contentType(MediaType.parse(reply.type()))
                .add(Party.HEADER, party.id());
        reply.headers().forEach(headers::add);
        return HttpResponse.of(headers.build(), HttpData.ofUtf8(reply.body()));
    }

    @Override
    public void close() {
        relay.close();
        server.stop().join();
    }
}

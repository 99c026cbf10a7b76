package byroad.benchmarks.outages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The wire between a client and its server, breaking and healing. */
class RelayTest {
    private ServerSocket server;
    private Relay relay;
    private Socket client;
    private Socket accepted;

    @BeforeEach
    void connect() throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        server = new ServerSocket(0, 5, loopback);
        relay = Relay.start(new InetSocketAddress(loopback, 0), new InetSocketAddress(loopback, server.getLocalPort()));
        client = dial();
        accepted = server.accept();
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        accepted.close();
        relay.close();
        server.close();
    }

    private Socket dial() throws IOException {
        Socket socket = new Socket();
        socket.setSoTimeout(5_000);
        socket.connect(relay.address());
        return socket;
    }

    @Test
    void itPassesBytesOnBothWays() throws IOException {
        client.getOutputStream().write(1);
        assertThat(accepted.getInputStream().read()).isEqualTo(1);
        accepted.getOutputStream().write(2);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    @Test
    void whileSilentTheServerHearsAndTheClientHearsNothingUntilItHeals() throws IOException {
        relay.fallSilent();
        client.getOutputStream().write(1);
        assertThat(accepted.getInputStream().read()).isEqualTo(1);
        accepted.getOutputStream().write(2);
        client.setSoTimeout(50);
        assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);

        relay.heal();
        client.setSoTimeout(5_000);
        assertThat(client.getInputStream().read()).isEqualTo(2);
    }

    @Test
    void whileSilentItAcceptsConnections() throws IOException {
        relay.fallSilent();
        try (Socket another = dial()) {
            assertThat(another.isConnected()).isTrue();
        }
    }

    @Test
    void refusingClosesWhatIsOpenAndListensAgainWhenHealed() throws IOException {
        relay.refuse();
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(this::dial).isInstanceOf(ConnectException.class);

        relay.heal();
        try (Socket another = dial()) {
            another.getOutputStream().write(3);
            assertThat(server.accept().getInputStream().read()).isEqualTo(3);
        }
    }
}

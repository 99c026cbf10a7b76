package byroad.test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class SilentHostTest {
    @Test
    void acceptsAndSaysNothingUntilItIsClosed() throws IOException {
        SilentHost host = SilentHost.start("127.0.0.4");
        try (Socket socket = Asker.tcpSocket(host.address())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.setSoTimeout(50);
            assertThatThrownBy(() -> socket.getInputStream().read()).isInstanceOf(SocketTimeoutException.class);
            Asker.until(() -> host.connections() == 1);

            host.close();
            host.close();

            assertThatThrownBy(() -> Asker.tcpSocket(host.address())).isInstanceOf(ConnectException.class);
        }
    }

    @Test
    void takesTheOldestConnectionDownForOneTooMany() throws IOException {
        try (SilentHost host = SilentHost.start("127.0.0.4");
                Socket oldest = Asker.tcpSocket(host.address())) {
            for (int i = 0; i < 1_024; i++) {
                Asker.tcpSocket(host.address()).close();
            }
            assertThat(oldest.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void saysWhyItCannotListen() {
        try (SilentHost host = SilentHost.start("127.0.0.4")) {
            int port = host.address().getPort();
            assertThatThrownBy(() -> SilentHost.start("127.0.0.4", port))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageStartingWith("127.0.0.4: cannot listen on port " + port);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SilentHost.start("127.0.0.4", 65_536))
                .withMessage("port: 65536 (expected: 0 to 65535)");
    }
}

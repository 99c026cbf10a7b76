package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RefusalTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            BUDGET          | no further retry: budget empty (6/490 tokens, 14 needed)
            ATTEMPTS        | no further retry: 3 attempts to edge
            WAITING         | no further retry: 100 calls wait already
            DEADLINE        | no further retry: a wait of 80ms ends after the deadline of 100ms
            DEADLINE        | nothing more is tried: the deadline of 100ms is reached
            GATE            | no further retry: the call was refused by a gate
            GATE            | origin not tried: its gate is full (2 in flight, 2.00 allowed)
            CIRCUIT         | no further retry: the circuit of edge is open
            CIRCUIT         | no further retry: the circuit of edge opened meanwhile
            CIRCUIT         | edge not tried: its circuit is open
            SUSPICION       | europe not tried: cloudflare is under suspicion
            AVOIDED         | edge not tried: avoid cloudflare until 2026-01-01T00:00:00Z: status page
            AVOIDED         | edge not tried: the call avoids cloudflare
            REST            | edge not tried: it asked to be left alone for another 500ms
            ROLE            | replica not tried: it is only for GET
            ROLE            | origin not tried: bulk calls are not diverted to a direct origin
            NOT_REPEATABLE  | not sent again: POST may have been processed and is not declared repeatable
            ONE_SHOT        | not sent again: its body can be written only once
            FORBIDDEN       | not sent again: the answer forbids it (x-should-retry: false)
            EDGE_POLICY     | nothing more is tried: the edge refused on purpose
            CLIENT_NETWORK  | nothing more is tried: the network of this client is down
            IDENTITY        | nothing more is tried: the peer could not prove who it is
            LAST_RESORT     | no endpoint may be used: edge is tried once all the same
            """)
    void aNoteIsSortedByItsReason(Refusal expected, String note) {
        assertThat(Refusal.in(note)).contains(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "the body failed: cut",
        "watching only: would have gone on to origin",
        "sent twice by the client below: stale connection"
    })
    void whatRefusesNothingIsNone(String note) {
        assertThat(Refusal.in(note)).isEmpty();
    }
}

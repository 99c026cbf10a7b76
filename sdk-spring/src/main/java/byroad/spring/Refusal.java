package byroad.spring;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Why something was not done for a call: the notes of a report, sorted into few kinds. The first that fits counts. */
enum Refusal {
    BUDGET("^no further retry: budget empty"),
    ATTEMPTS("^no further retry: \\d+ attempts to "),
    WAITING("^no further retry: \\d+ calls wait already"),
    DEADLINE("^no further retry: a wait of |^nothing more is tried: the deadline"),
    GATE("^no further retry: the call was refused by a gate| not tried: its gate is full"),
    CIRCUIT("^no further retry: the circuit of | not tried: its circuit is open"),
    SUSPICION(" not tried: \\S+ is under suspicion$"),
    AVOIDED(" not tried: avoid | not tried: the call avoids "),
    REST(" not tried: it asked to be left alone"),
    ROLE(" not tried: it is only for | not tried: bulk calls are not diverted"),
    NOT_REPEATABLE("^not sent again: \\S+ may have been processed"),
    ONE_SHOT("^not sent again: its body can be written only once"),
    FORBIDDEN("^not sent again: the answer forbids it"),
    EDGE_POLICY("^nothing more is tried: the edge refused on purpose"),
    CLIENT_NETWORK("^nothing more is tried: the network of this client is down"),
    IDENTITY("^nothing more is tried: the peer could not prove who it is"),
    LAST_RESORT("^no endpoint may be used: ");

    private final Pattern note;

    Refusal(String note) {
        this.note = Pattern.compile(note);
    }

    /** What that note says was not done; empty where it says something else. */
    static Optional<Refusal> in(String note) {
        return Arrays.stream(values())
                .filter(one -> one.note.matcher(note).find())
                .findFirst();
    }

    /** As in {@code not-repeatable}. */
    String tag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

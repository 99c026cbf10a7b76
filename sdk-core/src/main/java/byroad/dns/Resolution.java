package byroad.dns;

import byroad.Provenance;
import java.net.InetAddress;
import java.util.List;

/**
 * The result of a look-up by {@link LastGood}: an answer and its provenance.
 *
 * @param answer addresses, or why there are none
 * @param from the resolver that gave it, its age, and whether it is past its TTL
 */
public record Resolution(Answer answer, Provenance from) {
    /** The addresses; empty if the answer has none. */
    public List<InetAddress> addresses() {
        return answer instanceof Answer.Addresses found ? found.addresses() : List.of();
    }
}

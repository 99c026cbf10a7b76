package byroad.dns;

import byroad.Provenance;
import java.net.InetAddress;
import java.util.List;

/**
 * What {@link LastGood} says of a name: an answer, and where it is from.
 *
 * @param answer addresses, or why there are none
 * @param from who said so, how long ago, and whether it outlived its time
 */
public record Resolution(Answer answer, Provenance from) {
    /** The addresses; none where the answer has none. */
    public List<InetAddress> addresses() {
        return answer instanceof Answer.Addresses found ? found.addresses() : List.of();
    }
}

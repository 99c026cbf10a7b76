package byroad.dns;

import byroad.Provenance;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of a look-up by {@link LastGood}: an answer and its provenance.
 *
 * @param answer addresses, or why there are none
 * @param from the resolver that gave it, its age, and whether it is past its TTL
 * @param thrown the exception of the client's own look-up, if that is why there are no addresses; it belongs to the
 *     caller
 * @param askAgain after a failure, the time for which no resolver is asked again (RFC 9520, 3.2); else zero, because the
 *     answer would be the same
 */
public record Resolution(
        Answer answer, Provenance from, @Nullable Throwable thrown, Duration askAgain) {
    /** One that is no failure. */
    public Resolution(Answer answer, Provenance from) {
        this(answer, from, null, Duration.ZERO);
    }

    /** The same for another caller than the one that began the look-up: each has an exception of its own. */
    Resolution forAnother() {
        if (thrown == null || thrown.getClass() != UnknownHostException.class) {
            return this;
        }
        UnknownHostException own = new UnknownHostException(thrown.getMessage());
        own.initCause(thrown);
        return new Resolution(answer, from, own, askAgain);
    }

    /** Without the exception, whose text nothing has shortened. */
    @Override
    public String toString() {
        return "Resolution[answer=" + answer + ", from=" + from + "]";
    }

    /** The addresses; empty if the answer has none. */
    public List<InetAddress> addresses() {
        return answer instanceof Answer.Addresses found ? found.addresses() : List.of();
    }
}

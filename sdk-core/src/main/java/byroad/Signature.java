package byroad;

import java.util.Optional;

/**
 * Recognises the failures of a provider in an answer.
 *
 * <p>Must be quick, must not block and must be safe for use by any thread. Signatures are asked in order; the first
 * that recognises the answer decides.
 */
@FunctionalInterface
public interface Signature {
    /** The fault that this answer shows; empty if this signature does not recognise it. */
    Optional<Fault> read(ResponseHead head, Endpoint endpoint);

    /** The built-in signatures of known providers. */
    static Signature known() {
        return KnownSignatures::read;
    }

    /** This signature, and if it does not recognise the answer, the other one. */
    default Signature orElse(Signature other) {
        return (head, endpoint) -> {
            Optional<Fault> mine = read(head, endpoint);
            return mine.isPresent() ? mine : other.read(head, endpoint);
        };
    }
}

package byroad;

import java.util.Optional;

/**
 * What recognises one provider's failures in an answer.
 *
 * <p>Must be quick, must not block and must be safe for use by any thread. Signatures are asked in order; the first that
 * recognises the answer decides.
 */
@FunctionalInterface
public interface Signature {
    /** The fault this answer is, or empty where it says nothing to this signature. */
    Optional<Fault> read(ResponseHead head, Endpoint endpoint);

    /** The built-in signatures of known providers. */
    static Signature known() {
        return KnownSignatures::read;
    }

    /** This signature, and where it says nothing, that one. */
    default Signature orElse(Signature other) {
        return (head, endpoint) -> {
            Optional<Fault> mine = read(head, endpoint);
            return mine.isPresent() ? mine : other.read(head, endpoint);
        };
    }
}

package byroad.call;

import byroad.Fault.Delivery;
import byroad.Provenance;
import byroad.ResponseHead;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** The outcome of an {@link Attempt}: an answer, a failure, or a reason why nothing was sent. */
public sealed interface Outcome {
    /** The provenance of the addresses, if a name was looked up. */
    default Optional<Provenance> address() {
        return Optional.empty();
    }

    /** The status of the answer that can be delivered; 0 if there is none. */
    default int status() {
        return 0;
    }

    /** The exception of the transport, if it threw one. */
    default Optional<IOException> thrown() {
        return Optional.empty();
    }

    /** Whether there is an answer that can be delivered. */
    default boolean isAnswer() {
        return status() != 0;
    }

    /** Response headers arrived. */
    record Answered(ResponseHead head, Optional<Provenance> address) implements Outcome {
        @Override
        public int status() {
            return head.status();
        }
    }

    /**
     * Response headers arrived, and then the event stream failed before its first event, before anything was delivered:
     * it reported an error, or it ended. The answer can still be delivered.
     *
     * @param error the kind of error that it reported, such as {@code overloaded_error}; empty if it ended
     */
    record FalseStart(ResponseHead head, Optional<String> error, Optional<Provenance> address) implements Outcome {
        @Override
        public int status() {
            return head.status();
        }
    }

    /** The HTTP client answered by itself, for example from its cache: no endpoint was asked. */
    record Local(ResponseHead head) implements Outcome {
        @Override
        public int status() {
            return head.status();
        }
    }

    /** The transport failed; {@code delivery} says whether the request may have been processed. */
    record Failed(IOException failure, Delivery delivery, Optional<Provenance> address) implements Outcome {
        @Override
        public Optional<IOException> thrown() {
            return Optional.of(failure);
        }
    }

    /**
     * The look-up of the endpoint's name failed; nothing was sent.
     *
     * @param askAgain the time after which a retry asks the resolvers again; zero if they would say the same
     */
    record Unresolved(IOException failure, Duration askAgain, Optional<Provenance> address) implements Outcome {
        @Override
        public Optional<IOException> thrown() {
            return Optional.of(failure);
        }
    }

    /**
     * No address of the DNS answer accepted a connection with a valid certificate, and none ever had before: the DNS
     * answer may be wrong. Nothing was sent. The endpoint is tried once more, with another DNS answer.
     */
    record Unproven(IOException failure, Optional<Provenance> address) implements Outcome {
        @Override
        public Optional<IOException> thrown() {
            return Optional.of(failure);
        }
    }

    /**
     * The transport cannot make this attempt, for example because it cannot connect to another address; nothing was
     * sent.
     */
    record Impossible(String why) implements Outcome {}

    /**
     * The transport reports the failure as final: another request would fail in the same way, and no endpoint is at
     * fault. Examples are a redirect or a challenge that fails, and an answer that violates the protocol.
     */
    record Final(IOException failure) implements Outcome {
        @Override
        public Optional<IOException> thrown() {
            return Optional.of(failure);
        }
    }

    /** The caller cancelled the call, or the attempt is not needed any more. */
    record Cancelled(IOException failure) implements Outcome {
        @Override
        public Optional<IOException> thrown() {
            return Optional.of(failure);
        }
    }

    /** An answer without the provenance of its addresses. */
    static Outcome answered(ResponseHead head) {
        return new Answered(head, Optional.empty());
    }

    /** A failure without the provenance of its addresses. */
    static Outcome failed(IOException failure, Delivery delivery) {
        return new Failed(failure, delivery, Optional.empty());
    }

    /** A failure of all addresses of a DNS answer that was never proven. */
    static Outcome unproven(IOException failure) {
        return new Unproven(failure, Optional.empty());
    }

    /** An attempt that the transport cannot make. */
    static Outcome impossible(String why) {
        return new Impossible(why);
    }
}

package byroad.call;

import byroad.Fault.Delivery;
import byroad.Provenance;
import byroad.ResponseHead;
import java.io.IOException;
import java.util.Optional;

/** What came of an {@link Attempt}. */
public sealed interface Outcome {
    /** Where the addresses came from, where a name was looked up for it. */
    default Optional<Provenance> address() {
        return Optional.empty();
    }

    /** The status of the answer that there is to hand over; 0 where there is none. */
    default int status() {
        return 0;
    }

    /** What the transport threw, if it did. */
    default Optional<IOException> thrown() {
        return Optional.empty();
    }

    /** Whether there is an answer to hand over. */
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
     * Response headers arrived, and then the stream that they announce failed before its first event, while nothing of it was
     * handed over: it told of an error, or ended. As an answer it can still be handed over.
     *
     * @param error the kind of error that it told of, such as {@code overloaded_error}; empty if it ended
     */
    record FalseStart(ResponseHead head, Optional<String> error, Optional<Provenance> address) implements Outcome {
        @Override
        public int status() {
            return head.status();
        }
    }

    /** The client answered by itself, as out of its cache: nobody was asked, and nobody failed or did well. */
    record Local(ResponseHead head) implements Outcome {
        @Override
        public int status() {
            return head.status();
        }
    }

    /** The transport failed; {@code delivery} says whether any of the request can have been processed. */
    record Failed(IOException failure, Delivery delivery, Optional<Provenance> address) implements Outcome {
        @Override
        public Optional<IOException> thrown() {
            return Optional.of(failure);
        }
    }

    /**
     * No address that the name was resolved to could be connected to or prove who it is, and none ever had: it is the
     * answer that is in doubt. Nothing was sent. The endpoint is tried once more, which must be by another answer.
     */
    record Unproven(IOException failure, Optional<Provenance> address) implements Outcome {
        @Override
        public Optional<IOException> thrown() {
            return Optional.of(failure);
        }
    }

    /** The transport cannot do what was asked, such as connecting to another address; nothing was sent. */
    record Impossible(String why) implements Outcome {}

    /**
     * The transport failed in a way that it calls final: another request would end alike, and no endpoint is at fault. So does a
     * redirect or a challenge that fails, or an answer that breaks the protocol.
     */
    record Final(IOException failure) implements Outcome {
        @Override
        public Optional<IOException> thrown() {
            return Optional.of(failure);
        }
    }

    /** The caller gave the call up, or the attempt is not needed any more. */
    record Cancelled(IOException failure) implements Outcome {
        @Override
        public Optional<IOException> thrown() {
            return Optional.of(failure);
        }
    }

    /** An answer, its addresses unknown. */
    static Outcome answered(ResponseHead head) {
        return new Answered(head, Optional.empty());
    }

    /** A failure, its addresses unknown. */
    static Outcome failed(IOException failure, Delivery delivery) {
        return new Failed(failure, delivery, Optional.empty());
    }

    /** A failure of all addresses of an answer that was never proven. */
    static Outcome unproven(IOException failure) {
        return new Unproven(failure, Optional.empty());
    }

    /** What the transport cannot do. */
    static Outcome impossible(String why) {
        return new Impossible(why);
    }
}

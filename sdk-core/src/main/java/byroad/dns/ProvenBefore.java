package byroad.dns;

/** Proven addresses that are kept beside a newer answer until an address of the newer answer is proven too. */
sealed interface ProvenBefore {
    /** The proven addresses. */
    LearnedAddresses proven();

    /** The newer answer is used, and its addresses have not all failed. */
    record Unused(LearnedAddresses proven) implements ProvenBefore {}

    /**
     * All addresses of the newer answer failed and no other resolver gave other ones: the proven addresses are used.
     */
    record InUse(LearnedAddresses proven, Moment since) implements ProvenBefore {}

    /** The newer answer was given once more after that, and is used again. */
    record UsedBefore(LearnedAddresses proven, Moment since) implements ProvenBefore {}

    /** The time when all addresses of the newer answer had failed; {@code otherwise} if they had not. */
    default Moment failingSince(Moment otherwise) {
        return this instanceof InUse used ? used.since : this instanceof UsedBefore before ? before.since : otherwise;
    }

    /** The state after the newer answer was given once more. */
    default ProvenBefore unused() {
        return this instanceof InUse used ? new UsedBefore(used.proven, used.since) : this;
    }
}

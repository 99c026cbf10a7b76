package byroad.dns;

/** A proven answer that is kept beside a newer one until an address of the newer one is proven, too. */
sealed interface ProvenBefore {
    /** The proven answer. */
    Good proven();

    /** The newer answer is used, and nothing speaks against it. */
    record Unused(Good proven) implements ProvenBefore {}

    /** All addresses of the newer answer failed and no other resolver knows better: the proven answer is used. */
    record InUse(Good proven, long since) implements ProvenBefore {}

    /** The newer answer was named once more after that, and is used again. */
    record UsedBefore(Good proven, long since) implements ProvenBefore {}

    /** When all addresses of the newer answer were first found to fail; that time if they were not. */
    default long uselessSince(long otherwise) {
        return this instanceof InUse used ? used.since : this instanceof UsedBefore before ? before.since : otherwise;
    }

    /** The same, after the newer answer was named once more. */
    default ProvenBefore unused() {
        return this instanceof InUse used ? new UsedBefore(used.proven, used.since) : this;
    }
}

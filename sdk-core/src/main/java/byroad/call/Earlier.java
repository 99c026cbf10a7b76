package byroad.call;

/** What the earlier attempts of a call came to, as far as it changes what the next outcome means. */
enum Earlier {
    /** There were none, or none can have changed anything. */
    NOTHING,
    /** The request may have been processed, or may be just now. */
    MAYBE_PROCESSED
}

package byroad.call;

/**
 * What the earlier attempts of a call came to, as far as it changes what the next outcome means.
 *
 * @param isAnswered whether there is an answer that can be delivered
 * @param isMaybeProcessed whether the request may have been processed, or may be just now
 */
record Earlier(boolean isAnswered, boolean isMaybeProcessed) {
    /** There were none. */
    static final Earlier NOTHING = new Earlier(false, false);
}

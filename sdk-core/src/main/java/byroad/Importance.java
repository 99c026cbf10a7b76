package byroad;

/** How important one call is when a fallback endpoint has little capacity. */
public enum Importance {
    /** A call that a user waits for. */
    NORMAL,
    /** A call that may fail during an outage: it is never diverted to a direct origin. */
    BULK
}

package byroad;

/** How much one call matters when a fallback endpoint has little to give. */
public enum Importance {
    /** A call somebody waits for. */
    NORMAL,
    /** A call that can fail today: never diverted to a direct origin. */
    BULK
}

package byroad;

/** How much one call matters when a stand-in has little to give. */
public enum Importance {
    /** A call somebody waits for. */
    NORMAL,
    /** A call that can fail today: never diverted to a direct origin. */
    BULK
}

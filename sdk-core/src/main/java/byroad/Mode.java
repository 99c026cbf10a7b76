package byroad;

/** Whether the client acts, only watches, or is off; can be changed while running, for calls that start afterwards. */
public enum Mode {
    /** Decide and act. */
    ACT,
    /** Decide and report, but change nothing: the request is sent unchanged, with the client's own {@code Dns}. */
    WATCH,
    /** Do nothing: plain OkHttp. */
    OFF
}

package byroad;

/** How much the client does of what it decides; can be changed while running, for calls that start afterwards. */
public enum Mode {
    /** Decide and act. */
    ACT,
    /** Decide and report, and change nothing: the request goes out as it came in, by the client's own {@code Dns}. */
    WATCH,
    /** Do nothing at all: OkHttp as it was. */
    OFF
}

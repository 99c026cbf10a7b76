package byroad;

/** Which defaults fit: a process with steady traffic, or one of a million phones. */
public enum Preset {
    /** A server: traffic of its own to measure by. */
    SERVER,
    /** A phone: few calls, much company. */
    MOBILE;

    /** {@link #MOBILE} on Android, else {@link #SERVER}. */
    public static Preset detected() {
        String vendor = System.getProperty("java.vendor", "");
        return vendor.contains("Android") ? MOBILE : SERVER;
    }
}

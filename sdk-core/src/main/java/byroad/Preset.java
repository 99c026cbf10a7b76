package byroad;

/** A set of defaults: for a server with steady traffic, or for one of many phones. */
public enum Preset {
    /** A server: it has enough traffic to measure. */
    SERVER,
    /** A phone: few calls, and many other phones that do the same at the same time. */
    MOBILE;

    /** {@link #MOBILE} on Android, else {@link #SERVER}. */
    public static Preset detected() {
        String vendor = System.getProperty("java.vendor", "");
        return vendor.contains("Android") ? MOBILE : SERVER;
    }
}

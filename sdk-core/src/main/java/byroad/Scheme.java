package byroad;

/** The scheme of a URL, as far as trust in an old address depends on it: only https proves who answers. */
public enum Scheme {
    /** Cleartext: an address that is not fresh is never used against a negative answer. */
    HTTP,
    /** TLS: whoever answers must hold the certificate of the host. */
    HTTPS
}

package byroad;

/** The scheme of a URL. Only https proves that the server at an old address is the right one. */
public enum Scheme {
    /** Cleartext: an old address is never used against a negative answer. */
    HTTP,
    /** TLS: the server must have the certificate of the host. */
    HTTPS
}

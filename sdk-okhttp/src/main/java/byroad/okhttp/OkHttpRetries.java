package byroad.okhttp;

/** The answers after which OkHttp may send a request once more by itself, redirects and challenges aside. */
final class OkHttpRetries {
    private OkHttpRetries() {}

    /** Request timeout, misdirected request, and unavailable with {@code Retry-After: 0}. */
    static boolean after(int status) {
        return status == 408 || status == 421 || status == 503;
    }
}

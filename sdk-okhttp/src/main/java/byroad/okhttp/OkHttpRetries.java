package byroad.okhttp;

/** The responses after which OkHttp may retry a request by itself, apart from redirects and challenges. */
final class OkHttpRetries {
    private OkHttpRetries() {}

    /** Request timeout, misdirected request, and unavailable with {@code Retry-After: 0}. */
    static boolean after(int status) {
        return status == 408 || status == 421 || status == 503;
    }
}

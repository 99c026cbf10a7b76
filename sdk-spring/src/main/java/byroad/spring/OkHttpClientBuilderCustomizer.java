package byroad.spring;

import okhttp3.OkHttpClient;

/**
 * A bean that changes every OkHttp client that the starter makes, the bean and those behind Boot's HTTP clients, before Byroad
 * is installed on it: application interceptors added here see a call once, network interceptors each attempt.
 */
@FunctionalInterface
public interface OkHttpClientBuilderCustomizer {
    /** Changes the builder. */
    void customize(OkHttpClient.Builder client);
}

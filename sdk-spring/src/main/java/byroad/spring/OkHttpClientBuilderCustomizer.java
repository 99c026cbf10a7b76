package byroad.spring;

import okhttp3.OkHttpClient;

/**
 * A bean that changes every OkHttp client that the starter makes, the bean and those for Boot's HTTP clients, before
 * Byroad is installed on it. Application interceptors that are added here see each call once, network interceptors each
 * attempt.
 */
@FunctionalInterface
public interface OkHttpClientBuilderCustomizer {
    /** Changes the builder. */
    void customize(OkHttpClient.Builder client);
}

package byroad.spring;

import byroad.okhttp.Byroad;

/** A bean that changes the builder of the application's {@link Byroad}, after properties and other beans. */
@FunctionalInterface
public interface ByroadBuilderCustomizer {
    /** Changes the builder. */
    void customize(Byroad.Builder byroad);
}

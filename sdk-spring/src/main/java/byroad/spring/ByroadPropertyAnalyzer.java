package byroad.spring;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/** Explains which property is invalid, with its value and its place, and what is expected. */
final class ByroadPropertyAnalyzer extends AbstractFailureAnalyzer<ByroadPropertyException> {
    private final Environment environment;

    ByroadPropertyAnalyzer(Environment environment) {
        this.environment = environment;
    }

    @Override
    protected FailureAnalysis analyze(Throwable root, ByroadPropertyException cause) {
        return new FailureAnalysis(
                "The property \"" + cause.property() + "\"" + value(cause) + place(cause) + " is invalid: "
                        + cause.because(),
                "Change \"" + cause.property() + "\" to an expected value, or remove it.",
                cause);
    }

    /** The value if it is short; never that of a header, which may be a key. */
    private static String value(ByroadPropertyException cause) {
        Object value = cause.value();
        boolean isShort = value instanceof CharSequence
                || value instanceof Number
                || value instanceof Boolean
                || value instanceof Iterable<?>
                || value instanceof Duration
                || value instanceof Path;
        return isShort && !cause.property().contains(".headers.") ? " = " + value : "";
    }

    /** File and line, if Boot knows them; for a missing property, those of its parent. */
    private String place(ByroadPropertyException cause) {
        ConfigurationPropertyName name = ConfigurationPropertyName.adapt(cause.property(), '.');
        for (; name.getNumberOfElements() > 1; name = name.getParent()) {
            ConfigurationProperty found = firstAtOrBelow(name);
            if (found != null) {
                return found.getOrigin() == null ? "" : " (" + found.getOrigin() + ")";
            }
        }
        return ""; // all properties together have no single place
    }

    /** The property itself, else the first one below it, such as an entry of a list. */
    private @Nullable ConfigurationProperty firstAtOrBelow(ConfigurationPropertyName name) {
        return StreamSupport.stream(
                        ConfigurationPropertySources.get(environment).spliterator(), false)
                .flatMap(source -> Stream.concat(Stream.of(name), below(name, source))
                        .map(source::getConfigurationProperty)
                        .filter(Objects::nonNull))
                .findFirst()
                .orElse(null);
    }

    private static Stream<ConfigurationPropertyName> below(
            ConfigurationPropertyName name, ConfigurationPropertySource source) {
        return source instanceof IterableConfigurationPropertySource iterable
                ? iterable.stream().filter(name::isAncestorOf)
                : Stream.empty();
    }
}

package byroad.spring;

import java.lang.reflect.Parameter;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.handler.NoUnboundElementsBindHandler;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.context.properties.source.UnboundElementsSourceFilter;
import org.springframework.core.env.Environment;

/**
 * Makes a misspelt key an error where all keys are known; Boot itself ignores it, and an endpoint would lack its edge.
 */
final class KnownKeys {
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("byroad");

    /** Keys that no class binds, or several. */
    private static final List<ConfigurationPropertyName> OTHERS = Stream.of(
                    "http-clients.enabled",
                    "spring-ai.enabled",
                    "store.directory",
                    "store.redis.enabled",
                    "store.redis.key-prefix",
                    "store.redis.ttl")
            .map(ROOT::append)
            .toList();

    private KnownKeys() {}

    /** Throws an exception if there is an unknown key below {@code byroad}, or a duration without a unit. */
    static void require(Environment environment) {
        requireFirst(environment);
        Binder binder = Binder.get(environment);
        BindHandler strict = new DurationsWithUnit(
                new NoUnboundElementsBindHandler(BindHandler.DEFAULT, new UnboundElementsSourceFilter()));
        binder.bind("byroad.avoid-suspected-for", Bindable.of(Duration.class), strict);
        binder.bind("byroad.upstreams", Bindable.mapOf(String.class, UpstreamProperties.class), strict);
        binder.bind("byroad.chain", Bindable.of(ByroadProperties.Chain.class), strict);
        binder.bind("byroad.last-good", Bindable.of(ByroadProperties.LastGood.class), strict);
    }

    private static void requireFirst(Environment environment) {
        UnboundElementsSourceFilter declared = new UnboundElementsSourceFilter();
        ConfigurationPropertySources.get(environment).forEach(source -> {
            if (declared.apply(source) && source instanceof IterableConfigurationPropertySource iterable) {
                iterable.stream().filter(ROOT::isAncestorOf).forEach(KnownKeys::requireKnown);
            }
        });
    }

    private static void requireKnown(ConfigurationPropertyName name) {
        String first = name.getElement(1, Form.UNIFORM);
        List<ConfigurationPropertyName> others = OTHERS.stream()
                .filter(one -> one.getElement(1, Form.UNIFORM).equals(first))
                .toList();
        if (!others.isEmpty() && !others.contains(name)) {
            throw new ByroadPropertyException(name.toString(), null, "no property (expected: " + joined(others) + ")");
        }
        if (others.isEmpty() && properties().map(KnownKeys::uniform).noneMatch(first::equals)) {
            throw new ByroadPropertyException(name.toString(), null, "no property (expected: one of " + known() + ")");
        }
    }

    private static String joined(List<ConfigurationPropertyName> names) {
        return names.stream().map(ConfigurationPropertyName::toString).collect(Collectors.joining(" or "));
    }

    /** The properties as Boot's binder finds them, so that this also works in a native image. */
    private static Stream<String> properties() {
        return Arrays.stream(ByroadProperties.class.getDeclaredConstructors()[0].getParameters())
                .map(Parameter::getName);
    }

    private static Collection<String> known() {
        Stream<String> dashed =
                properties().map(name -> name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT));
        return Stream.concat(dashed, OTHERS.stream().map(one -> one.getElement(1, Form.DASHED)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String uniform(String key) {
        return key.replace("-", "").toLowerCase(Locale.ROOT);
    }
}

package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.Endpoint;
import byroad.EventStreams;
import byroad.Upstream;
import byroad.dns.LastGood;
import byroad.dns.ResolverChain;
import byroad.okhttp.Byroad;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An option that the core gets one day fails here until it has a property, or a reason to have none. */
class EveryOptionIsAPropertyTest {
    /** Options that a property says in another word. */
    private static final Map<String, String> IN_OTHER_WORDS = Map.of(
            "Endpoint.header", "headers",
            "EventStreams.withAnyEnd", "anyEnd",
            "EventStreams.endingWith", "endsWith",
            "EventStreams.committedAtFirstEvent", "commitAtFirstEvent",
            "Upstream.endpoint", "endpoints",
            "Byroad.resolver", "resolvers",
            "Byroad.upstream", "upstreams");

    /** Java only, because. */
    private static final Map<String, String> JAVA_ONLY = Map.of(
            "Byroad.rewrite", "code: a ByroadRewrite bean",
            "Byroad.signature", "code: a Signature bean",
            "Byroad.onEvent", "code: a Consumer<Event> bean",
            "Byroad.circuits", "an object: a CircuitBreakerRegistry bean",
            "Byroad.runtime", "for tests",
            "LastGood.store", "said of all of Byroad, as byroad.store",
            "LastGood.withoutStore", "for adapters: a client with its own trust cannot use the store",
            "Upstream.named", "the key of the map",
            "Upstream.validated", "a check, no option",
            "ResolverChain.of", "byroad.resolvers");

    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of("Upstream", Upstream.class, UpstreamProperties.class),
                Arguments.of("Endpoint", Endpoint.class, UpstreamProperties.EndpointProperties.class),
                Arguments.of("EventStreams", EventStreams.class, UpstreamProperties.Streams.class),
                Arguments.of("Byroad", Byroad.Builder.class, ByroadProperties.class),
                Arguments.of("ResolverChain", ResolverChain.class, ByroadProperties.Chain.class),
                Arguments.of("LastGood", LastGood.Builder.class, ByroadProperties.LastGood.class));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("types")
    void everyOptionOf(String name, Class<?> options, Class<?> properties) {
        Set<String> known = Arrays.stream(properties.getRecordComponents())
                .map(RecordComponent::getName)
                .collect(Collectors.toSet());

        Set<String> missing = optionsOf(options)
                .filter(option -> !JAVA_ONLY.containsKey(name + "." + option))
                .filter(option -> !known.contains(IN_OTHER_WORDS.getOrDefault(name + "." + option, option)))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(optionsOf(options)).isNotEmpty();
        assertThat(missing).isEmpty();
    }

    /** What returns its own type, whether a changed copy or itself. */
    private static Stream<String> optionsOf(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()))
                .filter(method -> method.getReturnType() == type)
                .map(Method::getName)
                .distinct();
    }
}

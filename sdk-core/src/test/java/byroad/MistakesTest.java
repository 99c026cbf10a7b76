package byroad;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.lang.reflect.Array;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A mistake in a declaration is told when it is made, with the value and the expectation. */
class MistakesTest {
    private static final Endpoint HTTPS = Endpoint.at("https://api.example.ai");
    private static final Endpoint HTTP = Endpoint.at("http://api.example.ai");

    private static Arguments mistake(Runnable made, String... told) {
        return arguments(made, List.of(told));
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake(
                        () -> Endpoint.at("api.example.ai"),
                        "at: \"api.example.ai\"",
                        "expected: an http or https URL"),
                mistake(() -> Endpoint.at("https://user:key@api.example.ai"), "without user info"),
                mistake(() -> HTTPS.connectTo("host:8443"), "connectTo: \"host:8443\"", "without port"),
                mistake(() -> HTTPS.connectTo("https://origin.example.ai"), "connectTo:", "without port and scheme"),
                mistake(() -> HTTPS.connectTo(""), "connectTo: \"\""),
                mistake(() -> HTTPS.connectTo(" origin.example.ai"), "connectTo: \" origin"),
                mistake(() -> HTTPS.connectTo("bücher.example"), "connectTo: \"bücher.example\""),
                mistake(() -> HTTPS.connectTo("origin.example.ai/v1"), "connectTo:"),
                mistake(() -> HTTPS.connectTo(new String[0]), "connectTo: nothing"),
                mistake(() -> HTTPS.onlyFor("/v1/*"), "onlyFor: \"/v1/*\"", "all paths below it"),
                mistake(() -> HTTPS.onlyFor("v1"), "onlyFor: \"v1\""),
                mistake(() -> HTTPS.named("my api"), "named: \"my api\"", "letters, digits"),
                mistake(() -> HTTPS.named(""), "named: \"\""),
                mistake(() -> Upstream.named("my api"), "named: \"my api\"", "letters, digits"),
                mistake(() -> Upstream.named(" "), "named: \" \""),
                mistake(() -> HTTPS.through("cloudfare"), "through: \"cloudfare\"", "did you mean \"cloudflare\""),
                mistake(() -> CallOptions.NONE.avoiding("cloudfare"), "avoiding:", "did you mean \"cloudflare\""),
                mistake(() -> HTTPS.header("api-key", "${GATEWAY_KEY}"), "\"api-key\"", "unresolved placeholder"),
                mistake(() -> HTTPS.header("api key", "x"), "\"api key\"", "no header name"),
                mistake(() -> HTTP.sharesCredentials(), "sharesCredentials", "expected: https"),
                mistake(() -> HTTP.forwards("Authorization"), "forwards: \"Authorization\"", "expected: https"),
                mistake(() -> HTTP.forwards("X-Api-Key"), "forwards: \"X-Api-Key\""),
                mistake(() -> HTTPS.carries(0), "carries: 0.0"),
                mistake(() -> HTTPS.carries(Double.NaN), "carries: NaN"),
                mistake(() -> HTTPS.seeds("origin.example.ai"), "seeds: \"origin.example.ai\""),
                mistake(() -> HTTPS.healthRequest("healthz"), "healthRequest: \"healthz\""),
                mistake(() -> Upstream.named("a").deadline(Duration.ZERO), "deadline: PT0S", "more than zero"),
                mistake(() -> Upstream.named("a").attemptLimit(Duration.ofSeconds(-1)), "attemptLimit: PT-1S"),
                mistake(() -> Upstream.named("a").validated(), "no endpoints"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeIsToldWithValueAndExpectation(Runnable made, List<String> told) {
        assertThatThrownBy(made::run)
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(e -> assertThat(e.getMessage()).contains(told));
    }

    @Test
    void whatIsNotAMistakeIsAccepted() {
        assertThat(HTTP.forwards("Content-Type", "Accept").forwards()).contains("accept");
        assertThat(HTTPS.connectTo("origin.example.ai", "192.0.2.1", "2001:db8::1", "a_b.example.ai")
                        .connectTo())
                .hasSize(4);
        assertThat(HTTPS.header("note", "100 $ {fine}").headers()).containsKey("note");
        assertThat(CallOptions.NONE.avoiding("aws/us-east-1").avoided()).hasSize(1);
    }

    /** What a value of that type may be, for the other parameters. */
    private static Object sample(Class<?> type) {
        if (type.isArray()) {
            Object array = Array.newInstance(type.getComponentType(), 1);
            Array.set(array, 0, sample(type.getComponentType()));
            return array;
        }
        return type == String.class
                ? "/a"
                : type == Duration.class
                        ? Duration.ofSeconds(1)
                        : type == double.class
                                ? (Object) 0.5
                                : type == Supplier.class
                                        ? (Supplier<String>) () -> "a"
                                        : type == Endpoint.class
                                                ? HTTPS
                                                : type == EventStreams.class
                                                        ? EventStreams.ofAiServices()
                                                        : type == Importance.class ? Importance.BULK : "";
    }

    @Test
    void aNullIsRefusedWhenItIsGiven() throws Exception {
        List<String> accepted = new ArrayList<>();
        List<Object> targets = List.of(HTTPS, Upstream.named("a"), CallOptions.NONE, EventStreams.ofAiServices());
        for (Object target : targets) {
            for (Method method : target.getClass().getMethods()) {
                boolean isOption = method.getReturnType() == target.getClass() && method.getParameterCount() > 0;
                for (int i = 0; isOption && i < method.getParameterCount(); i++) {
                    if (!method.getParameterTypes()[i].isPrimitive() && acceptsNull(target, method, i)) {
                        accepted.add(method + " parameter " + i);
                    }
                }
            }
        }
        assertThat(accepted).isEmpty();
    }

    private static boolean acceptsNull(Object target, Method method, int nullAt) throws IllegalAccessException {
        Object[] values =
                Stream.of(method.getParameterTypes()).map(MistakesTest::sample).toArray();
        values[nullAt] = null;
        try {
            method.invoke(Modifier.isStatic(method.getModifiers()) ? null : target, values);
            return true;
        } catch (InvocationTargetException e) {
            return !(e.getCause() instanceof NullPointerException || e.getCause() instanceof IllegalArgumentException);
        }
    }
}

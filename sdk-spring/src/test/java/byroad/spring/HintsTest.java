package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import okhttp3.Dns;
import okhttp3.Interceptor;
import org.junit.jupiter.api.Test;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;

class HintsTest {
    @Test
    void aNativeImageKeepsWhatTheCheckOfTheClassPathLooksAt() throws NoSuchMethodException {
        RuntimeHints hints = new RuntimeHints();
        new ByroadHints().registerHints(hints, null);

        assertThat(RuntimeHintsPredicates.reflection()
                        .onMethodInvocation(Interceptor.Chain.class.getMethod("withDns", Dns.class)))
                .accepts(hints);
        assertThat(RuntimeHintsPredicates.reflection().onType(Dns.class)).accepts(hints);
    }
}

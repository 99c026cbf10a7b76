package outsider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.FakeTime;
import byroad.Provenance.Source;
import byroad.Scheme;
import byroad.dns.Answer;
import byroad.dns.LastGood;
import byroad.dns.Question;
import byroad.dns.Resolution;
import byroad.dns.Resolver;
import byroad.dns.ResolverChain;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whole stories as tables, told from outside: at a time, what the resolver would answer, what is asked or shown by a
 * connection, and what must come back: the addresses, their time to live in seconds, and how current they are.
 */
class ScenarioTableTest {
    private static final String THE_EMPTY_RECORD = """
               0 | A 192.0.2.1 60 | https        | 192.0.2.1  60 fresh
               1 |                | proven .1    |
              30 |                | https        | 192.0.2.1  60 fresh
              61 | EMPTY 5        | https        | 192.0.2.1   0 retained
              61 |                | http         | empty
              80 | SERVFAIL       | https        | 192.0.2.1   0 retained
            3600 | EMPTY 5        | https        | 192.0.2.1   0 retained
            3700 |                | https        | empty
            3800 | A 192.0.2.2 60 | https        | 192.0.2.2  60 fresh
            """;

    private static final String A_SILENT_RESOLVER = """
               0 | A 192.0.2.1 60 | http         | 192.0.2.1  60 fresh
              60 | SILENCE        | http +500ms  | 192.0.2.1   0 stale
              62 |                | http         | 192.0.2.1   0 stale
              70 | A 192.0.2.2 60 | http         | 192.0.2.2  60 fresh
            """;

    private static final String ONE_DAY_OF_FAILURES = """
               0 | A 192.0.2.1 60 | https        | 192.0.2.1  60 fresh
              60 | SERVFAIL       | https        | 192.0.2.1   0 stale
            86000 |                | https        | 192.0.2.1   0 stale
            86460 |                | https        | failed
            """;

    private static final String A_POLICY = """
               0 | A 192.0.2.1 60 | https        | 192.0.2.1  60 fresh
               1 |                | proven .1    |
              61 | BLOCKED        | https        | blocked
             100 | EMPTY 5        | https        | empty
            """;

    private static final String A_STRANGER_AT_THE_OLD_ADDRESS = """
               0 | A 192.0.2.1 60 | https        | 192.0.2.1  60 fresh
               1 |                | proven .1    |
              61 | EMPTY 5        | https        | 192.0.2.1   0 retained
              62 |                | disproven .1 |
              63 |                | https        | empty
            """;

    private static final String TIME_TO_LIVE_OF_ZERO = """
               0 | A 192.0.2.1 0  | https        | 192.0.2.1   0 fresh
               1 | A 192.0.2.2 0  | https        | 192.0.2.2   0 fresh
               2 | SERVFAIL       | https        | 192.0.2.2   0 stale
            """;

    private final FakeTime time = new FakeTime();
    private final Told told = new Told();
    private final LastGood names = LastGood.builder(
                    ResolverChain.of(told), ClientRuntime.standard().time(time).random(new Random(1)))
            .build();
    private long seconds;

    @ParameterizedTest
    @ValueSource(
            strings = {
                THE_EMPTY_RECORD,
                A_SILENT_RESOLVER,
                ONE_DAY_OF_FAILURES,
                A_POLICY,
                A_STRANGER_AT_THE_OLD_ADDRESS,
                TIME_TO_LIVE_OF_ZERO
            })
    void isAsTold(String story) throws Exception {
        for (String line : story.lines().toList()) {
            String[] cells = line.split("\\|", -1);
            until(Long.parseLong(cells[0].trim()));
            if (!cells[1].isBlank()) {
                told.next = answer(cells[1].trim().split(" +"));
            }
            String said = act(cells[2].trim().split(" +"));
            assertThat(said).as(line).isEqualTo(cells[3].trim().replaceAll(" +", " "));
        }
    }

    @Test
    void aStoryThatIsNotSoIsFoundOut() {
        assertThatThrownBy(() -> isAsTold(THE_EMPTY_RECORD.replace("retained", "stale")))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("61 | EMPTY 5");
    }

    private void until(long second) {
        time.advance(Duration.ofSeconds(second - seconds));
        seconds = second;
    }

    private static @Nullable Answer answer(String[] words) throws UnknownHostException {
        return switch (words[0]) {
            case "A" ->
                new Answer.Addresses(
                        List.of(InetAddress.getByName(words[1])), Duration.ofSeconds(Long.parseLong(words[2])));
            case "EMPTY" -> new Answer.Empty(Duration.ofSeconds(Long.parseLong(words[1])));
            case "BLOCKED" -> new Answer.Blocked("EDE 15");
            case "SILENCE" -> null;
            default -> new Answer.Failed(words[0]);
        };
    }

    private String act(String[] words) throws Exception {
        if (words[0].endsWith("proven")) {
            InetAddress address = InetAddress.getByName("192.0.2" + words[1]);
            if (words[0].equals("proven")) {
                names.proven("db.example", address);
            } else {
                names.disproven("db.example", address);
            }
            return "";
        }
        CompletableFuture<Resolution> found =
                names.lookup("db.example", words[0].equals("https") ? Scheme.HTTPS : Scheme.HTTP);
        if (words.length > 1) {
            assertThat(found).isNotDone();
            time.advance(Duration.ofMillis(Long.parseLong(words[1].replaceAll("\\D", ""))));
        }
        assertThat(found).isDone();
        return inWords(found.get());
    }

    private static String inWords(Resolution found) {
        if (found.answer() instanceof Answer.Addresses addresses) {
            List<String> words = new ArrayList<>();
            found.addresses().forEach(address -> words.add(address.getHostAddress()));
            words.add(String.valueOf(addresses.ttl().toSeconds()));
            words.add(found.from().source().name().toLowerCase(Locale.ROOT));
            return String.join(" ", words);
        }
        assertThat(found.from().source()).isEqualTo(Source.FRESH);
        return found.answer().getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** A resolver that says what it was told. */
    private static final class Told implements Resolver {
        @Nullable
        Answer next;

        @Override
        public String name() {
            return "told";
        }

        @Override
        public FailureDomain domain() {
            return FailureDomain.of("told");
        }

        @Override
        public CompletableFuture<Answer> resolve(Question question) {
            return next == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(next);
        }
    }
}

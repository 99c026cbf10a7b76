package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Main code and pages use the words of the glossary, and no word that they replaced. */
class WordsTest {
    private static final Path ROOT = Path.of(".."); // tests run in the folder of their module

    /** Each retired word as a pattern, with the word to use. Names such as {@code GateTest} and {@code a_gate} count, too. */
    private static final Map<String, String> RETIRED = new LinkedHashMap<>();

    static {
        RETIRED.put("stand-ins?|standins?", "fallback endpoint");
        RETIRED.put("(?<!front[- _])doors?", "endpoint"); // but Azure Front Door is a product
        RETIRED.put("gates?", "concurrency limit");
        RETIRED.put("shunned", "skipped");
        RETIRED.put("luggage", "headers");
        RETIRED.put("curtains?", "redaction");
        RETIRED.put("parked", "buffered");
        RETIRED.put("accus\\w*", "suspected");
        RETIRED.put("convict\\w*", "suspected");
        RETIRED.put("whom", "a name for the thing");
        RETIRED.put("by himself|without him", "a name for the thing");
        RETIRED.put("trips?", "call execution");
        RETIRED.put("ledgers?", "permit");
        RETIRED.put("epochs?", "a number that is named for what it counts");
        RETIRED.put("story|stories", "report");
        RETIRED.put("seams?", "runtime");
        RETIRED.put("breakages?", "fault injection");
        RETIRED.put("symptoms?", "injected fault");
        RETIRED.put("lanes?", "bulkhead");
        RETIRED.put("probing", "half-open");
    }

    /** Where such a word is English or a term of its own after all: the end of the path, and the words. */
    private static final Map<String, Set<String>> EXCEPTIONS = Map.of(
            "byroad/call/Circuit.java", Set.of("epoch"), // the number of the circuit's state
            "byroad/call/CircuitBridge.java", Set.of("epoch"), // Instant.EPOCH
            "docs/decisions/006-dnsjava-is-the-codec.md", Set.of("trip"), // a round trip
            "docs/decisions/031-bursts-at-the-limit.md", Set.of("trip")); // a round trip

    /** A word ends at what is no letter, or where the next word of a name in camel case begins. */
    private static final Pattern WORD = Pattern.compile(
            "(?<![A-Za-z])(?i:" + String.join("|", RETIRED.keySet()) + ")(?![a-z]|(?<=[A-Z])[A-Z])"
                    + "|(?<=[a-z])(?:Gate|(?<!Front)Door|Lane|Trip|Seam|Curtain|Ledger|Story|Symptom|Breakage|Accus\\w*|Shunned|Parked)s?(?![a-z])");

    private static List<Path> files() throws IOException {
        List<Path> found = new ArrayList<>(List.of(ROOT.resolve("README.md")));
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path main : modules.filter(
                            module -> module.getFileName().toString().startsWith("sdk-"))
                    .map(module -> module.resolve("src/main"))
                    .filter(Files::isDirectory)
                    .toList()) {
                found.addAll(under(main, ".java"));
            }
        }
        found.addAll(under(ROOT.resolve("docs"), ".md"));
        return found;
    }

    private static List<Path> under(Path folder, String end) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(file -> file.toString().endsWith(end)).sorted().toList();
        }
    }

    /** The retired words of that text, in lower case. */
    static Set<String> retiredIn(String text) {
        Set<String> words = new TreeSet<>();
        WORD.matcher(text).results().map(MatchResult::group).forEach(word -> words.add(word.toLowerCase(Locale.ROOT)));
        return words;
    }

    private static Set<String> allowedIn(Path file) {
        String path = file.toString().replace('\\', '/');
        Set<String> allowed = new TreeSet<>();
        EXCEPTIONS.forEach((end, words) -> {
            if (path.endsWith(end)) {
                allowed.addAll(words);
            }
        });
        return allowed;
    }

    @Test
    void noRetiredWordIsInMainCodeOrPages() throws IOException {
        Map<String, Set<String>> found = new LinkedHashMap<>();
        for (Path file : files()) {
            Set<String> words = retiredIn(file.getFileName() + "\n" + Files.readString(file));
            words.removeAll(allowedIn(file));
            if (!words.isEmpty()) {
                found.put(ROOT.relativize(file).toString(), words);
            }
        }

        assertThat(found)
                .as("retired words; use instead, or list an exception: %s", RETIRED)
                .isEmpty();
    }

    @Test
    void theTestSeesWordsInTextAndInNames() {
        assertThat(retiredIn("The call stands at a Gate; ask whom? newDoor(), LANE_SIZE, by himself, accusation"))
                .containsExactly("accusation", "by himself", "door", "gate", "lane", "whom");
        assertThat(
                        retiredIn(
                                "history delegates aggregate propagate planes indoors gateway GATEWAY_KEY azure/front-door FRONT_DOOR"))
                .isEmpty();
    }

    @Test
    void everyExceptionIsNeeded() throws IOException {
        List<Path> files = files();
        EXCEPTIONS.forEach((end, words) -> assertThat(files)
                .as("%s has %s", end, words)
                .anySatisfy(file -> {
                    assertThat(file.toString().replace('\\', '/')).endsWith(end);
                    assertThat(retiredIn(Files.readString(file))).containsAll(words);
                }));
    }

    @Test
    void theGlossaryHasASourceForEachWord() throws IOException {
        List<List<String>> rows = Files.readAllLines(ROOT.resolve("docs/glossary.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| word "))
                .map(line -> List.of(line.split(" \\| ", -1)))
                .toList();

        assertThat(rows)
                .hasSizeGreaterThan(40)
                .allSatisfy(row -> assertThat(row).hasSize(3).noneMatch(String::isBlank));
        assertThat(rows.stream().map(row -> row.get(0))).isSorted();
    }

    /** A reader who pastes a snippet finds the imports on its page, or for the pages on AI libraries on the first of them. */
    @Test
    void everyPageWithJavaNamesItsImports() throws IOException {
        for (Path page : files()) {
            String text = page.toString().endsWith(".md") ? Files.readString(page) : "";
            if (text.contains("```java")) {
                assertThat(text).as(page.toString()).containsPattern("`import [\\w.*]+;`|README.md#which-okhttp");
            }
        }
    }
}

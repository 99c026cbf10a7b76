package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** All Java of the README and of the pages under docs compiles. */
class PagesTest {
    private static final Path ROOT = Path.of(".."); // tests run in the folder of their module
    private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
    private static final JavaFileManager FILES =
            COMPILER.getStandardFileManager(null, null, null); // opens each jar once

    /** A fence, which may say from which Java on it compiles, as in {@code java 21}. */
    private static final Pattern FENCE = Pattern.compile("(?ms)^ *```(\\w+)(?: (\\d+))?$\n(.*?)^ *```$");

    /** What snippets may name without more ado. Explicit where two libraries have a type of that name. */
    private static final String IMPORTS = """
            import byroad.*; import byroad.ai.*; import byroad.call.*; import byroad.dns.*; import byroad.okhttp.*;
            import byroad.spring.*; import okhttp3.*; import java.io.*; import java.net.http.*; import java.net.http.HttpResponse.*;
            import java.util.HashMap; import java.util.Map; import java.nio.file.*; import java.time.*; import java.util.concurrent.*;
            import com.anthropic.client.*; import com.anthropic.client.okhttp.AnthropicOkHttpClient;
            import com.google.genai.*; import com.google.genai.types.ClientOptions; import com.google.genai.types.HttpOptions;
            import com.google.genai.types.HttpRetryOptions;
            import com.openai.client.*; import com.openai.client.okhttp.OpenAIOkHttpClient; import com.openai.core.Timeout;
            import dev.langchain4j.model.openai.*; import feign.Feign; import feign.Retryer; import retrofit2.Retrofit;
            """;

    /** What the text around a snippet has introduced. The methods are those that a reader writes, of whatever type is wanted. */
    private static final String GIVEN = """
            Call call; Request request; Response response; String key; OkHttpClient client; Byroad byroad;
            AttemptObservations attempts; interface Api {}
            native void pause(Duration time); native <T> T requestFor(Object... given);
            native <T> T headOf(Object... given); native <T> T deliveryOf(Object... given);
            """;

    @TempDir
    Path classes;

    static Stream<Arguments> snippets() throws IOException {
        List<Arguments> snippets = new ArrayList<>();
        for (String page : pages()) {
            for (MatchResult fence : fences(page, "java")) {
                String release = fence.group(2);
                if (release == null
                        || Integer.parseInt(release) <= Runtime.version().feature()) {
                    snippets.add(arguments(page, fence.group(3)));
                }
            }
        }
        return snippets.stream();
    }

    private static List<String> pages() throws IOException {
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
                    .map(page -> ROOT.relativize(page).toString())
                    .filter(page -> page.endsWith(".md"))
                    .sorted()
                    .toList();
        }
    }

    private static List<MatchResult> fences(String page, String language) throws IOException {
        return FENCE.matcher(Files.readString(ROOT.resolve(page)))
                .results()
                .filter(fence -> fence.group(1).equals(language))
                .toList();
    }

    /** Statements, or members of a class: whichever it is. */
    @ParameterizedTest(name = "{0} [{index}]")
    @MethodSource("snippets")
    void everySnippetCompiles(String page, String snippet) {
        List<String> asStatements = errors("void run() throws Exception {\n" + snippet + "\n}");
        List<String> asMembers = asStatements.isEmpty() ? asStatements : errors(snippet);

        assertThat(asMembers.size() < asStatements.size() ? asMembers : asStatements)
                .as("%s%n%s", page, snippet)
                .isEmpty();
    }

    private List<String> errors(String members) {
        String source = IMPORTS + "class Snippet {\n" + GIVEN + members + "\n}";
        JavaFileObject file =
                new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
                    @Override
                    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                        return source;
                    }
                };
        List<String> options =
                List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
        DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
        COMPILER.getTask(null, FILES, said, options, null, List.of(file)).call();
        return said.getDiagnostics().stream()
                .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
                .map(Diagnostic::toString)
                .toList();
    }

    @Test
    void noJavaIsCalledText() throws IOException {
        for (String page : pages()) {
            for (MatchResult fence : fences(page, "text")) {
                assertThat(fence.group(3)).as(page).doesNotContain(";\n");
            }
        }
    }

    @Test
    void quickStartIsTwoCommands() throws IOException {
        assertThat(fences("README.md", "sh"))
                .singleElement()
                .satisfies(block -> assertThat(block.group(3).lines()).hasSize(2));
    }
}

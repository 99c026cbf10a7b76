package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadmeTest {
    private static final Pattern JAVA = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern SHELL = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);

    @TempDir
    Path classes;

    static Stream<String> snippets() throws IOException {
        return JAVA.matcher(readme()).results().map(found -> found.group(1));
    }

    private static String readme() throws IOException {
        return Files.readString(Path.of("..", "README.md")); // tests run in the folder of their module
    }

    @ParameterizedTest
    @MethodSource("snippets")
    void everySnippetCompiles(String snippet) {
        StringWriter said = new StringWriter();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> options =
                List.of("-d", classes.toString(), "-cp", System.getProperty("java.class.path"), "-proc:none");
        boolean compiled = compiler.getTask(said, null, null, options, null, List.of(program(snippet)))
                .call();
        assertThat(compiled).as("%s%n%s", snippet, said).isTrue();
    }

    private static JavaFileObject program(String snippet) {
        String source =
                "import byroad.*; import byroad.dns.*; import byroad.okhttp.*; import okhttp3.*; import java.time.*; import java.nio.file.*;\n"
                        + "class Snippet { void run(Call call, Request request, Response response, String key) throws Exception {\n"
                        + snippet + "\n} }";
        return new SimpleJavaFileObject(URI.create("string:///Snippet.java"), JavaFileObject.Kind.SOURCE) {
            @Override
            public CharSequence getCharContent(boolean ignoreEncodingErrors) {
                return source;
            }
        };
    }

    @Test
    void quickStartIsTwoCommands() throws IOException {
        List<String> blocks = SHELL.matcher(readme())
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
        assertThat(blocks)
                .singleElement()
                .satisfies(block -> assertThat(block.lines()).hasSize(2));
    }
}

package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.Preset;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClassPathTest {
    @TempDir
    Path directory;

    @Test
    void theOneOfTheseTestsWillDo() {
        assertThatCode(() -> ClassPath.requireOneOkHttp(Preset.SERVER)).doesNotThrowAnyException();
    }

    @Test
    void aSecondOneIsToldWithBothPlacesAndTheCure() throws IOException {
        Path copy = directory.resolve("okhttp3/OkHttpClient.class");
        Files.createDirectories(copy.getParent());
        Files.write(copy, new byte[] {0});

        try (URLClassLoader both = new URLClassLoader(urls(), OkHttpClient.class.getClassLoader())) {
            assertThatThrownBy(() -> ClassPath.requireOneOkHttp(both))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("2 times")
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("import byroad-bom first");
        }
    }

    @Test
    void anOldOneIsToldWithItsPlaceAndTheCure() throws IOException {
        compile("Dns", "public interface Dns {}");
        compile("OkHttpClient", "public class OkHttpClient {}");
        compile("Interceptor", "public interface Interceptor { interface Chain {} }");

        try (URLClassLoader old = new URLClassLoader(urls(), ClassLoader.getPlatformClassLoader())) {
            assertThatThrownBy(() -> ClassPath.requireOneOkHttp(old))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("too old")
                    .hasMessageContaining(directory.toString())
                    .hasMessageContaining("import byroad-bom first");
        }
    }

    private URL[] urls() throws IOException {
        return new URL[] {directory.toUri().toURL()};
    }

    private void compile(String name, String text) throws IOException {
        Path source = directory.resolve(name + ".java");
        Files.writeString(source, "package okhttp3; " + text);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            boolean compiled = compiler.getTask(
                            said,
                            files,
                            null,
                            java.util.List.of("-proc:none", "-d", directory.toString()),
                            null,
                            files.getJavaFileObjects(source))
                    .call();
            if (!compiled) {
                throw new IllegalStateException(said.toString());
            }
        }
    }
}

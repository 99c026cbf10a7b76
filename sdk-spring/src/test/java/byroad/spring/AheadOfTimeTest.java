package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplicationAotProcessor;
import org.springframework.context.aot.AbstractAotProcessor.Settings;

/**
 * What Spring does at build time for a native image, or for a faster start: an application is processed, what came of that is
 * compiled, and a JVM starts it. Only the native image itself is not built.
 */
class AheadOfTimeTest {
    @TempDir
    Path directory;

    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES) // two compilers and two applications
    void anApplicationThatWasProcessedAheadOfTimeStarts() throws Exception {
        process();
        compile();

        String told = run();

        assertThat(told).contains("assistant", "api.example.ai", "OkHttpRequestFactoryBuilder");
    }

    private Path sources() {
        return directory.resolve("sources");
    }

    private Path classes() {
        return directory.resolve("classes");
    }

    private void process() throws IOException {
        Files.createDirectories(classes());
        Settings settings = Settings.builder()
                .sourceOutput(sources())
                .resourceOutput(directory.resolve("resources"))
                .classOutput(classes())
                .groupId("byroad")
                .artifactId("app")
                .build();
        new SpringApplicationAotProcessor(
                        AheadOfTimeApp.class, settings, AheadOfTimeApp.PROPERTIES.toArray(String[]::new))
                .process();
        String hints = Files.readString(
                directory.resolve("resources/META-INF/native-image/byroad/app/reachability-metadata.json"));
        assertThat(hints)
                .contains(
                        "com.github.benmanes.caffeine.cache.SSMS",
                        "okhttp3.Interceptor$Chain",
                        "byroad.spring.ByroadProperties",
                        "byroad.spring.UpstreamProperties$EndpointProperties",
                        "byroad.spring.ByroadDescription");
    }

    private void compile() throws IOException {
        JavaCompiler javac = Objects.requireNonNull(ToolProvider.getSystemJavaCompiler());
        try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null);
                Stream<Path> generated = Files.walk(sources())) {
            List<Path> java =
                    generated.filter(one -> one.toString().endsWith(".java")).toList();
            List<String> options = List.of(
                    "-proc:none", "-nowarn", "-cp", classPath(), "-d", classes().toString());
            assertThat(javac.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(java))
                            .call())
                    .isTrue();
        }
    }

    private String classPath() {
        return classes() + File.pathSeparator + System.getProperty("java.class.path");
    }

    private String run() throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dspring.aot.enabled=true",
                "-cp",
                classPath(),
                AheadOfTimeApp.class.getName()));
        command.addAll(AheadOfTimeApp.PROPERTIES);
        Path said = directory.resolve("said.txt");
        Process app = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            boolean ended = app.waitFor(4, TimeUnit.MINUTES);
            assertThat(ended).as(Files.readString(said)).isTrue();
        } finally {
            app.destroyForcibly();
        }
        assertThat(app.exitValue()).as(Files.readString(said)).isZero();
        return Files.readString(said);
    }
}

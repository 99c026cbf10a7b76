package byroad.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.EnumSource;

/** What is documented of AI libraries is what their tests show. */
class AiTableTest {
    /** The table of the documentation is made of the tests above: a row each, a mark for each library that it runs with. */
    @Test
    void theTableInTheDocumentationIsThatOfTheTests() throws IOException {
        StringBuilder table = new StringBuilder("| trouble | what the caller gets |");
        StringBuilder line = new StringBuilder("|---|---|");
        for (AiLibrary library : AiLibrary.values()) {
            table.append(' ').append(library.spelling).append(" |");
            line.append("---|");
        }
        table.append('\n').append(line).append('\n');
        List<Method> rows = Stream.of(AiLibrariesTest.class.getDeclaredMethods())
                .filter(method -> method.isAnnotationPresent(Row.class))
                .sorted(Comparator.comparing(
                        method -> method.getAnnotation(Row.class).trouble()))
                .toList();
        for (Method method : rows) {
            Row row = method.getAnnotation(Row.class);
            EnumSource runs = method.getAnnotation(EnumSource.class);
            table.append("| ")
                    .append(row.trouble())
                    .append(" | ")
                    .append(row.result())
                    .append(" |");
            for (AiLibrary library : AiLibrary.values()) {
                boolean named = List.of(runs.names()).contains(library.name());
                boolean with = runs.names().length == 0 || named == (runs.mode() == EnumSource.Mode.INCLUDE);
                table.append(with ? " yes |" : " – |");
            }
            table.append('\n');
        }
        Path page = Path.of("..", "docs", "ai", "README.md"); // tests run in the folder of their module
        assertThat(Files.readString(page)).as("expected:%n%s", table).contains(table);
    }
}

package byroad.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SuffixesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "corp.example",
                ".corp.example",
                "*.corp.example",
                "Corp.Example.",
                " corp.example ",
                "*.CORP.example."
            })
    void allSpellingsOfADomainAreTheSame(String given) {
        Suffixes suffixes = Suffixes.of("localOnly", given);
        assertThat(List.of("corp.example", "db.corp.example", "a.b.corp.example"))
                .allMatch(suffixes::cover);
        assertThat(List.of("notcorp.example", "example", "corp.example.com")).noneMatch(suffixes::cover);
    }

    @Test
    void aNameInAnotherScriptIsComparedAsOkHttpWritesIt() {
        assertThat(Suffixes.of("localOnly", "*.bücher.example").cover("db.xn--bcher-kva.example"))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                ".",
                "*",
                "*.",
                "..",
                "a..b",
                "a.*.b",
                "https://corp.example",
                "corp.example/x",
                "a b",
                "10.0.0.0/8"
            })
    void whatIsNoDomainIsRefused(String given) {
        assertThatThrownBy(() -> Suffixes.of("localOnly", "corp.example", given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("localOnly: \"" + given + "\" (expected: a domain such as \"corp.example\")");
    }
}

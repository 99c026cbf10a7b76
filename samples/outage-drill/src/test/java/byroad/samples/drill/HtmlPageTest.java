package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlPageTest {
    private final ScenarioRun run =
            Runs.run(Runs.everythingDown(), Runs.calls(Runs.everythingDown().length(), at -> Party.EDGE_A));

    @Test
    void thePageIsWholeAndLoadsNothing() {
        String page = HtmlPage.render(new Findings(Runs.defaults(), List.of(run)));

        assertThat(page).contains("uPlot", "MIT licence", "everything-down").doesNotContain("{{");
        assertThat(page).doesNotContain("src=\"http").doesNotContain("<link").doesNotContain("@import");
    }

    @Test
    void textIsEscaped() {
        assertThat(HtmlPage.escape("<a href=\"x\">&")).isEqualTo("&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}

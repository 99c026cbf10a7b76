package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.samples.drill.ScenarioRun.ClientRun;
import java.time.Duration;
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
    void whereAFallbackCarriesAPartItsChartIsOnThePage() {
        Scenario overloaded = Runs.scenario("origin-overloaded-by-diversion");
        List<CallRecord> calls = Runs.calls(overloaded.length(), at -> Party.ORIGIN);
        ScenarioRun run = new ScenarioRun(
                overloaded,
                List.of(new ClientRun(Guest.NAIVE_FAILOVER.client(), calls), new ClientRun(ByroadClient.NAME, calls)),
                List.of(Runs.seen(Runs.OUTAGE_START, Party.ORIGIN, 30)),
                Duration.ZERO);

        List<PageData.Burden> fallback = PageData.of(new Findings(Runs.defaults(), List.of(run)))
                .scenarios()
                .get(0)
                .fallback();

        assertThat(fallback).extracting(PageData.Burden::name).containsExactly("OkHttp + naive failover", "Byroad");
        assertThat(fallback.get(1).asked()).contains(2.0, 0.0); // one request in half a second
        assertThat(fallback.get(1).usefulInOutage()).isEqualTo(10);
    }

    @Test
    void textIsEscaped() {
        assertThat(Page.escape("<a href=\"x\">&")).isEqualTo("&lt;a href=&quot;x&quot;&gt;&amp;");
    }
}

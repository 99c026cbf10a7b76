package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.AttemptReport;
import byroad.CallReport;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What is told of a call before it ends. */
class ReportTest {
    @Test
    void theAttemptUnderWayIsTold() {
        Bench bench = Bench.of(Bench.CDN, Bench.ORIGIN);
        CallPlan plan = bench.get();
        assertThat(plan.report().attempts()).isEmpty();
        bench.time.advance(Duration.ofMillis(5));
        Attempt send = ((Step.Send) plan.next()).attempt();
        bench.time.advance(Duration.ofMillis(20));

        CallReport report = plan.report();

        assertThat(report.outcome()).isEqualTo("under way");
        assertThat(report.answeredBy()).isEmpty();
        AttemptReport attempt = report.attempts().get(0);
        assertThat(attempt).hasToString("+5ms cdn through cloudflare under way after 20ms");

        plan.took(send, Bench.status(200));
        plan.next();
        assertThat(plan.report().attempts())
                .singleElement()
                .extracting(AttemptReport::outcome)
                .isEqualTo("200");
    }
}

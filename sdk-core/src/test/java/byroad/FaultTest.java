package byroad;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a fault tells of itself. */
class FaultTest {
    @Test
    void textOfServersIsCutAtTwoHundredCharactersAndWhatATerminalObeysIsEscaped() {
        Fault fault = Fault.of(
                Fault.Layer.EDGE, "a\u001b[31mb\r\nc\u009bd\u202ee\u2028f\ud83d\ude00\ud800" + "x".repeat(500));

        assertThat(fault.evidence())
                .startsWith("a\\u001b[31mb\\u000d\\u000ac\\u009bd\\u202ee\\u2028f\ud83d\ude00\\ud800xxx")
                .hasSize(200)
                .endsWith("...");
        assertThat(Fault.quoted(fault.evidence())).isEqualTo(fault.evidence());
        assertThat(Fault.quoted("y".repeat(200))).isEqualTo("y".repeat(200));
    }

    @Test
    void itReadsAsASentence() {
        assertThat(Fault.of(Fault.Layer.EDGE_POLICY, "a challenge").certain())
                .hasToString("edge policy fault, certain (a challenge)");
        assertThat(Fault.of(Fault.Layer.UNKNOWN, "HTTP 502")).hasToString("unknown fault (HTTP 502)");
    }
}

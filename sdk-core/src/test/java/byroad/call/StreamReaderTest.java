package byroad.call;

import static org.assertj.core.api.Assertions.assertThat;

import byroad.EventStreams;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read out of event streams. */
class StreamReaderTest {
    private static final EventStreams AI = EventStreams.ofAiServices();

    @Test
    void aStreamOfOpenAiEndsWithDone() {
        StreamReader reader = new StreamReader(AI);
        read(reader, "data: {\"id\":\"1\",\"choices\":[{\"delta\":{\"content\":\"hi\"}}]}\n\n");
        assertThat(reader.hasBegun()).isTrue();
        assertThat(reader.mayEnd()).isFalse();
        read(reader, "data: [DONE]\n\n");
        assertThat(reader.mayEnd()).isTrue();
        assertThat(reader.error()).isEmpty();
    }

    @Test
    void aStreamOfAnthropicBeginsAfterItsPingAndEndsWithMessageStop() {
        StreamReader reader = new StreamReader(AI);
        read(reader, ": hello\n\nevent: ping\ndata: {\"type\":\"ping\"}\n\n");
        assertThat(reader.hasBegun()).isFalse();
        read(reader, "event: message_start\ndata: {\"type\":\"message_start\"}\n\n");
        assertThat(reader.hasBegun()).isTrue();
        read(reader, "event: message_stop\ndata: {\"type\":\"message_stop\"}\n");
        assertThat(reader.mayEnd()).as("before its empty line").isFalse();
        read(reader, "\n");
        assertThat(reader.mayEnd()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}",
                "data: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\"}}",
                "data: {\"error\":{\"message\":\"x\",\"type\":\"overloaded_error\",\"code\":null}}",
                "data:{ \"error\" : {\"code\": \"overloaded_error\"}}",
                "data: {\ndata:   \"error\": {\ndata:     \"type\": \"overloaded_error\"\ndata:   }\ndata: }"
            })
    void anErrorInsideIsToldByItsKind(String event) {
        StreamReader reader = new StreamReader(AI);
        read(reader, event + "\n\n");
        assertThat(reader.error()).contains("overloaded_error");
        assertThat(reader.mayEnd()).as("nothing has to follow").isTrue();
        read(reader, "data: {\"error\":{\"type\":\"second\"}}\n\n");
        assertThat(reader.error()).as("the first counts").contains("overloaded_error");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "data: {\"id\":\"1\",\"error\":null}",
                "data: {\"error\":null,\"id\":\"1\"}",
                "data: {\"text\":\"\\\"error\\\": {\"}",
                "data: \"error\"",
                "data: {\"type\":\"error_report\"}",
                "event: content_block_delta\ndata: {\"delta\":{\"text\":\"{\\\"error\\\":1}\"}}"
            })
    void whatOnlySpeaksOfErrorsIsNone(String event) {
        StreamReader reader = new StreamReader(AI);
        read(reader, event + "\n\n");
        assertThat(reader.error()).isEmpty();
        assertThat(reader.hasBegun()).isTrue();
    }

    @Test
    void onlyAnErrorThatIsTheFirstEventIsABeginning() {
        String error = "data: {\"error\":{\"type\":\"server_error\"}}\n\n";
        StreamReader first = new StreamReader(AI);
        read(first, ": hello\n\nevent: ping\ndata: {}\n\n" + error);
        assertThat(first.beganWithError()).isTrue();

        StreamReader later = new StreamReader(AI);
        read(later, "data: {\"choices\":[]}\n\n" + error); // in one read, as a packet brings them
        assertThat(later.beganWithError()).isFalse();
        assertThat(later.error()).contains("server_error");
    }

    @Test
    void anErrorThatIsTheCallersIsNoneOfTheService() {
        StreamReader reader = new StreamReader(AI);
        read(reader, "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\"}}\n\n");
        assertThat(reader.error()).isEmpty();
        assertThat(reader.hasBegun()).isTrue();
        assertThat(reader.mayEnd()).isTrue();
    }

    @Test
    void anErrorWithoutAKindIsAnError() {
        StreamReader reader = new StreamReader(AI);
        read(reader, "event: error\ndata: sorry\n\n");
        assertThat(reader.error()).contains("error");
    }

    @Test
    void everyEndIsAcceptedIfAnyEndIsDeclared() {
        assertThat(new StreamReader(EventStreams.withAnyEnd()).mayEnd()).isTrue();
    }

    @Test
    void aTerminatorInTheMiddleOfALineIsNone() {
        StreamReader reader = new StreamReader(AI);
        read(reader, "data: say [DONE]\n\ndata: [DONE] or not\n\nid: [DONE]\n\ndata: say\ndata: [DONE]\n\n");
        assertThat(reader.mayEnd()).isFalse();
    }

    @Test
    void aLineWithoutEndTakesNoMemoryAndEndsNothing() {
        StreamReader reader = new StreamReader(AI);
        byte[] block = "x".repeat(1_000).getBytes(StandardCharsets.UTF_8);
        read(reader, "data: ");
        for (int i = 0; i < 1_000; i++) {
            reader.read(block, 0, block.length);
        }
        read(reader, "\n\ndata: [DONE]\n\n");
        assertThat(reader.mayEnd()).isTrue();
    }

    @Test
    void ofAnEventOfManyLinesOnlyTheFirstAreKept() {
        StreamReader reader = new StreamReader(AI);
        read(reader, "data: {\"error\": {\n" + "data: \n".repeat(1_024) + "data: \"type\": \"late_error\"}}\n\n");
        assertThat(reader.error()).contains("error");
    }

    /** However the bytes are cut into reads, and lines are ended, what is read is the same. */
    @Test
    void cutsAndLineEndsChangeNothing() {
        String stream = """
                event: ping
                data: {}

                event: message_start
                data: {"a":1}
                data: more

                : comment
                event: error
                data: {"error":{"type":"overloaded_error"}}

                """;
        Random random = new Random(7);
        for (int round = 0; round < 500; round++) {
            StringBuilder ended = new StringBuilder();
            for (String line : stream.split("\n", -1)) {
                ended.append(line).append(round % 3 == 0 ? "\n" : round % 3 == 1 ? "\r" : "\r\n");
            }
            byte[] bytes = ended.toString().getBytes(StandardCharsets.UTF_8);
            StreamReader reader = new StreamReader(AI);
            for (int at = 0; at < bytes.length; ) {
                int count = Math.min(bytes.length - at, 1 + random.nextInt(9));
                reader.read(bytes, at, count);
                at += count;
            }
            assertThat(reader.hasBegun()).isTrue();
            assertThat(reader.error()).as("round " + round).contains("overloaded_error");
        }
    }

    private static void read(StreamReader reader, String text) {
        byte[] bytes = ("-" + text).getBytes(StandardCharsets.UTF_8);
        reader.read(bytes, 1, bytes.length - 1);
    }

    @Test
    void aLastLineThatIsNotEndedIsReadAtTheEnd() {
        StreamReader reader = new StreamReader(AI);
        read(reader, "data: one\n\ndata: [DONE]");
        assertThat(reader.mayEnd()).isFalse();

        reader.end();

        assertThat(reader.mayEnd()).isTrue();
    }

    /** As Google and Azure have it, with a status for a code. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"code\":429,\"message\":\"Resource exhausted\",\"status\":\"RESOURCE_EXHAUSTED\"}}",
                "{\"error\":{\"code\":\"429\",\"message\":\"Rate limit is exceeded\"}}",
                "{\"error\":{\"code\":400,\"message\":\"bad\",\"status\":\"INVALID_ARGUMENT\"}}",
                "{\"error\":{\"code\":null,\"type\":\"invalid_request_error\"}}",
            })
    void anErrorOfTheCallersIsKnownByItsStatusAsWell(String data) {
        StreamReader reader = new StreamReader(AI);
        read(reader, "data: " + data + "\n\n");
        assertThat(reader.error()).isEmpty();
        assertThat(reader.mayEnd()).isTrue();
    }
}

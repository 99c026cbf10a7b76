package byroad.okhttp;

import java.util.List;
import java.util.stream.Collectors;
import mockwebserver3.MockResponse;
import mockwebserver3.RecordedRequest;

/** What the APIs of OpenAI and Anthropic answer: completions and messages, at once or as a stream of events. */
final class AiApi {
    private AiApi() {}

    /** An answer of one word, in the form that the request asks for. */
    static MockResponse says(RecordedRequest request, String word) {
        return isStream(request) ? stream(request, List.of(word)).build() : json(whole(request, word));
    }

    static boolean isStream(RecordedRequest request) {
        return request.getUrl().encodedPath().endsWith(":streamGenerateContent")
                || request.getBody() != null
                        && request.getBody().utf8().replace(" ", "").contains("\"stream\":true");
    }

    /** A stream of these words with the last event of its API. */
    static MockResponse.Builder stream(RecordedRequest request, List<String> words) {
        String end = isAnthropic(request) ? event("message_stop", "{\"type\":\"message_stop\"}") : "data: [DONE]\n\n";
        return events(begun(request, words) + (isGoogle(request) ? "" : end)); // Google's streams just end
    }

    /** A stream that stops in the middle, without an error. */
    static MockResponse.Builder unfinished(RecordedRequest request, List<String> words) {
        return events(begun(request, words));
    }

    /** A stream that begins with the error that Anthropic documents for an overload. */
    static MockResponse overloaded() {
        return events(event(
                        "error",
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"))
                .build();
    }

    private static MockResponse.Builder events(String body) {
        return new MockResponse.Builder()
                .setHeader("Content-Type", "text/event-stream")
                .body(body);
    }

    private static String begun(RecordedRequest request, List<String> words) {
        if (!isAnthropic(request)) {
            String chunk = isGoogle(request) ? CANDIDATE : CHUNK;
            return words.stream()
                    .map(word -> "data: " + chunk.formatted(word) + "\n\n")
                    .collect(Collectors.joining());
        }
        return event("message_start", "{\"type\":\"message_start\",\"message\":" + MESSAGE.formatted("") + "}")
                + event(
                        "content_block_start",
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}")
                + event("ping", "{\"type\":\"ping\"}")
                + words.stream()
                        .map(word -> event(
                                "content_block_delta",
                                "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\""
                                        + word + "\"}}"))
                        .collect(Collectors.joining());
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    private static boolean isAnthropic(RecordedRequest request) {
        return request.getUrl().encodedPath().endsWith("/messages");
    }

    private static boolean isGoogle(RecordedRequest request) {
        return request.getUrl().encodedPath().contains("enerateContent");
    }

    private static String whole(RecordedRequest request, String word) {
        return isAnthropic(request)
                ? MESSAGE.formatted("{\"type\":\"text\",\"text\":\"" + word + "\"}")
                : (isGoogle(request) ? CANDIDATE : COMPLETION).formatted(word);
    }

    private static MockResponse json(String body) {
        return new MockResponse.Builder()
                .setHeader("Content-Type", "application/json")
                .body(body)
                .build();
    }

    private static final String COMPLETION = """
            {"id":"chatcmpl-1","object":"chat.completion","created":1,"model":"test","choices":[{"index":0,"finish_reason":"stop",
            "logprobs":null,"message":{"role":"assistant","content":"%s","refusal":null}}]}""";

    private static final String CHUNK =
            "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"test\",\"choices\":[{\"index\":0,"
                    + "\"finish_reason\":null,\"delta\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}";

    private static final String CANDIDATE =
            "{\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":[{\"text\":\"%s\"}]},\"finishReason\":\"STOP\",\"index\":0}]}";

    private static final String MESSAGE =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"test\",\"content\":[%s],\"stop_reason\":null,"
                    + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":1,\"output_tokens\":1}}";
}

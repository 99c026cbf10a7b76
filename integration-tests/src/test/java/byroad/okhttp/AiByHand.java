package byroad.okhttp;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Libraries that know no model: the words are read out of what comes. */
abstract class AiByHand implements AiLibrary.Session {
    private static final Pattern CONTENT = Pattern.compile("\"content\":\"([^\"]*)\"");

    abstract InputStream send(String body) throws IOException;

    @Override
    public String ask() throws IOException {
        return words("{\"model\":\"test\"}");
    }

    @Override
    public String stream() throws IOException {
        return words("{\"model\":\"test\",\"stream\":true}");
    }

    private String words(String body) throws IOException {
        try (InputStream answer = send(body)) {
            String text = new String(answer.readAllBytes(), StandardCharsets.UTF_8);
            return CONTENT.matcher(text).results().map(found -> found.group(1)).collect(Collectors.joining(" "));
        }
    }

    @Override
    public void close() {}
}

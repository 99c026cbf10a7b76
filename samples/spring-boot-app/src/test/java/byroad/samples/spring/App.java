package byroad.samples.spring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.springframework.context.ConfigurableApplicationContext;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The application on a free port, as a page of its own sees it. */
final class App implements AutoCloseable {
    private final ConfigurableApplicationContext context = SampleApplication.start("--server.port=0");
    private final HttpClient http = HttpClient.newHttpClient();
    private final JsonMapper json = JsonMapper.shared();

    String url() {
        return "http://127.0.0.1:" + context.getEnvironment().getRequiredProperty("local.server.port");
    }

    JsonNode state() throws Exception {
        HttpResponse<String> answer = send(HttpRequest.newBuilder(URI.create(url() + "/state")));
        if (answer.statusCode() != 200) {
            throw new IOException(answer.statusCode() + " " + answer.body());
        }
        return json.readTree(answer.body());
    }

    HttpResponse<String> post(String path, String origin) throws Exception {
        return send(HttpRequest.newBuilder(URI.create(url() + path))
                .POST(BodyPublishers.noBody())
                .header("Origin", origin));
    }

    HttpResponse<String> post(String path) throws Exception {
        return post(path, url());
    }

    HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return http.send(request.build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        context.close();
    }
}

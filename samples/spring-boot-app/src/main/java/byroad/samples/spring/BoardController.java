package byroad.samples.spring;

import byroad.CallReport;
import byroad.okhttp.Byroad;
import byroad.spring.ByroadDescription;
import byroad.spring.ByroadEndpoint;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.HttpStatus;
import org.springframework.http.ProblemDetail;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the page shows, and what its buttons do. */
@RestController
class BoardController {
    /** Everything at one moment; {@code byroad} is what {@code /actuator/byroad} says. */
    record State(
            Instant now,
            List<Sabotage.Provider> providers,
            List<Board.Second> seconds,
            List<Board.Story> stories,
            ByroadDescription byroad) {}

    /** One call, and its story. */
    record Told(boolean ok, String report) {}

    private final Sabotage sabotage;
    private final Board board;
    private final ByroadEndpoint actuator;
    private final OkHttpClient http;
    private final String url;

    BoardController(
            Sabotage sabotage,
            Board board,
            ByroadEndpoint actuator,
            OkHttpClient http,
            @Value("${providers.url}") String url) {
        this.sabotage = sabotage;
        this.board = board;
        this.actuator = actuator;
        this.http = http;
        this.url = url;
    }

    @GetMapping("/state")
    State state() {
        return new State(Instant.now(), sabotage.providers(), board.lastMinute(), board.stories(), actuator.describe());
    }

    @PostMapping("/providers/{provider}/{choice}")
    List<Sabotage.Provider> make(@PathVariable String provider, @PathVariable String choice) {
        sabotage.make(provider, choice);
        return sabotage.providers();
    }

    @PostMapping("/heal")
    List<Sabotage.Provider> heal() {
        sabotage.heal();
        return sabotage.providers();
    }

    /** With the plain client that other libraries would get, because its answer leads to its report. */
    @PostMapping("/call")
    Told call() {
        Request request = new Request.Builder().url(url + "/v1/items").build();
        try (Response response = http.newCall(request).execute()) {
            return told(Byroad.reportOf(response));
        } catch (IOException failed) {
            return told(Byroad.reportOf(failed));
        }
    }

    private static Told told(CallReport report) {
        return new Told(Board.isGood(report), report.toString());
    }

    @ExceptionHandler
    ProblemDetail wrong(IllegalArgumentException wrong) {
        return ProblemDetail.forStatusAndDetail(HttpStatus.BAD_REQUEST, String.valueOf(wrong.getMessage()));
    }
}

package byroad.samples.drill;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import okhttp3.OkHttpClient;
import org.junit.jupiter.api.Test;

class RestartableTest {
    private final List<Fake> made = new ArrayList<>();
    private final Restartable client = new Restartable(() -> {
        Fake fake = new Fake();
        made.add(fake);
        return fake;
    });

    @Test
    void afterARestartCallsAreMadeByANewOneAndTheOldOneIsNotToldThatItEnds() {
        OkHttpClient before = client.http();

        client.restart();

        assertThat(client.http()).isSameAs(made.get(1).http).isNotSameAs(before);
        assertThat(made.get(0).closed).isFalse();
    }

    @Test
    void closingClosesAllThatEverRan() {
        client.restart();
        client.restart();

        client.close();

        assertThat(made).hasSize(3).allMatch(fake -> fake.closed);
    }

    @Test
    void onlyThoseOfTheNameAreStartedAnew() {
        Clients.restart(List.of(client), "somebody else");
        assertThat(made).hasSize(1);

        Clients.restart(List.of(client), "fake");
        assertThat(made).hasSize(2);
    }

    private static final class Fake implements DrillClient {
        private final OkHttpClient http = new OkHttpClient();
        private boolean closed;

        @Override
        public String name() {
            return "fake";
        }

        @Override
        public OkHttpClient http() {
            return http;
        }

        @Override
        public void warmUp() {}

        @Override
        public void close() {
            closed = true;
        }
    }
}

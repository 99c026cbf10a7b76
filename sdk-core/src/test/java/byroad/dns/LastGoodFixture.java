package byroad.dns;

import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FakeTime;
import byroad.Provenance.Source;
import byroad.Scheme;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/** One host, one scripted resolver, and a clock that is stepped. */
abstract class LastGoodFixture {
    static final String HOST = "db.example";
    static final String A = "192.0.2.1";
    static final String B = "192.0.2.2";

    final FakeTime time = new FakeTime();
    final List<Event> events = new ArrayList<>();
    /** Rolls zero, so that every gap has its least length. */
    final Random noJitter = new Random() {
        @Override
        public double nextDouble() {
            return 0;
        }
    };

    /** Rolls nearly one, so that every gap has its greatest length. */
    final Random nearlyOne = new Random() {
        @Override
        public double nextDouble() {
            return 0.999;
        }
    };

    final ClientRuntime runtime =
            ClientRuntime.standard().time(time).random(noJitter).events(events::add);
    final ScriptedResolver scripted = new ScriptedResolver("scripted");
    final LastGood good = LastGood.builder(ResolverChain.of(scripted), runtime).build();

    CompletableFuture<Resolution> lookup(Scheme scheme) {
        return good.lookup(HOST, scheme);
    }

    Resolution now(Scheme scheme) {
        CompletableFuture<Resolution> answer = lookup(scheme);
        assertThat(answer).isDone();
        return answer.join();
    }

    void pass(double seconds) {
        time.advance(Duration.ofMillis((long) (seconds * 1000)));
    }

    int asked() {
        return scripted.questions.size();
    }

    /** A name that was looked up, was proven unless it is said otherwise, and whose time to live is over. */
    void expired(int ttl, String... literals) {
        scripted.says(addresses(ttl, literals));
        now(HTTPS);
        pass(Math.max(ttl, 5));
    }

    static void isFrom(Resolution found, Source source, String... literals) {
        assertThat(found.from().source()).isEqualTo(source);
        assertThat(found.addresses()).extracting(InetAddress::getHostAddress).containsExactly(literals);
    }
}

package byroad.dns;

import static byroad.Scheme.HTTP;
import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.empty;
import static byroad.dns.ScriptedResolver.ip;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FakeTime;
import byroad.Provenance.Source;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.Security;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client's own look-up and the platform's, alone and beside other resolvers. */
class OwnLookUpTest {
    private static final String HOST = "db.example";
    private static final String A = "192.0.2.1";

    private final FakeTime time = new FakeTime();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<Event> events = new ArrayList<>();
    private final ClientRuntime runtime =
            ClientRuntime.standard().time(time).blocking(threads::add).events(events::add);
    private final ScriptedResolver other = new ScriptedResolver("quad9");
    private HostLookup says = host -> List.of(ip(A));
    private int asked;

    private List<InetAddress> ask(String host) throws IOException {
        asked++;
        return says.addressesOf(host);
    }

    private void throwsIt(String message) {
        says = host -> {
            throw new UnknownHostException(message);
        };
    }

    private LastGood alone(Resolver own) {
        return LastGood.builder(ResolverChain.of(own), runtime).build();
    }

    private LastGood platform() {
        return alone(Resolvers.platform(this::ask));
    }

    private LastGood beside(Resolver own) {
        return LastGood.builder(ResolverChain.of(own, other), runtime).build();
    }

    private static Resolution now(LastGood names, String host) {
        return now(names, host, byroad.Scheme.HTTPS);
    }

    private static Resolution now(LastGood names, String host, byroad.Scheme scheme) {
        CompletableFuture<Resolution> found = names.lookup(host, scheme, Runnable::run);
        assertThat(found).isDone();
        return found.join();
    }

    private void work() {
        for (Runnable task = threads.poll(); task != null; task = threads.poll()) {
            task.run();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db.example: Temporary failure in name resolution",
                "db.example: Non-recoverable failure in name resolution",
                "db.example: System error",
                "db.example: Too many open files",
                "db.example: Try again",
                "Try again",
                "This is usually a temporary error during hostname resolution and means that the local server did not"
                        + " receive a response from an authoritative server (db.example)",
                "Unable to resolve host \"db.example\": No address associated with hostname", // Android, also offline
                "db.example: Der Name oder der Dienst ist nicht bekannt",
                "db.example"
            })
    void aFailureOfThePlatformIsNoDenial(String message) {
        LastGood names = platform();
        assertThat(now(names, HOST).addresses()).containsExactly(ip(A));
        throwsIt(message);
        time.advance(Duration.ofHours(23));
        assertThat(names.lookup(HOST, HTTP, Runnable::run)).isNotDone(); // a thread of ours, and an answer meanwhile
        work();
        assertThat(now(names, HOST, HTTP).from().source()).isEqualTo(Source.STALE);
        assertThat(events).singleElement().isInstanceOf(Event.AnswerOutlived.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "db.example: Name or service not known",
                "db.example: No address associated with hostname",
                "db.example: Name does not resolve",
                "db.example: nodename nor servname provided, or not known",
                "No such host is known (db.example)",
                "The requested name is valid, but no data of the requested type was found (db.example)"
            })
    void aDenialOfThePlatformIsOne(String message) {
        LastGood names = platform();
        now(names, HOST);
        names.proven(HOST, ip(A));
        throwsIt(message);
        time.advance(Duration.ofSeconds(31));
        names.lookup(HOST, HTTPS, Runnable::run);
        work();
        assertThat(now(names, HOST).from().source()).isEqualTo(Source.RETAINED);
        Resolution plain = now(names, HOST, HTTP);
        assertThat(plain.answer()).isInstanceOf(Answer.NoSuchName.class);
        assertThat(plain.thrown()).hasMessage(message);
    }

    @Test
    void aBareNameAfterADenialDoesNotMakeItAFailure() {
        LastGood names = platform();
        now(names, HOST);
        names.proven(HOST, ip(A));
        throwsIt("db.example: Name or service not known");
        time.advance(Duration.ofSeconds(31));
        names.lookup(HOST, HTTPS);
        work();
        throwsIt(HOST); // from the JDK's cache
        time.advance(Duration.ofMinutes(59));
        names.lookup(HOST, HTTPS);
        work();
        assertThat(now(names, HOST).from().source()).isEqualTo(Source.RETAINED);
        time.advance(Duration.ofMinutes(2));
        names.lookup(HOST, HTTPS);
        work();
        assertThat(now(names, HOST).addresses()).isEmpty();
    }

    @Test
    void withNothingRememberedItIsAskedAtEachLookUpOnTheThreadOfTheCaller() {
        throwsIt("db.example: Temporary failure in name resolution");
        LastGood names = platform();
        for (int i = 1; i <= 5; i++) {
            assertThat(now(names, HOST).thrown()).isInstanceOf(UnknownHostException.class);
            assertThat(asked).isEqualTo(i);
        }
        assertThat(threads).isEmpty();
        assertThat(time.scheduled()).isZero();
        says = host -> List.of(ip(A));
        assertThat(now(names, HOST).addresses()).containsExactly(ip(A));
        now(names, HOST);
        assertThat(asked).isEqualTo(6); // fresh for 30 s, as in the JDK
    }

    @Test
    void aTimeThatIsChosenForTheJdkHoldsHereToo() {
        String before = Security.getProperty("networkaddress.cache.ttl");
        Security.setProperty("networkaddress.cache.ttl", "0");
        try {
            LastGood names = platform();
            now(names, HOST);
            names.lookup(HOST, HTTPS);
            work();
            assertThat(asked).isEqualTo(2);
        } finally {
            Security.setProperty("networkaddress.cache.ttl", before == null ? "" : before);
        }
    }

    @Test
    void aChosenDeadlineHoldsForItToo() {
        LastGood names = LastGood.builder(
                        ResolverChain.of(Resolvers.platform(this::ask)).deadline(Duration.ofSeconds(1)), runtime)
                .build();
        CompletableFuture<Resolution> found = names.lookup(HOST, HTTPS, Runnable::run);
        time.advance(Duration.ofSeconds(1));
        assertThat(found.join().answer()).isEqualTo(new Answer.Failed("system: no answer within 1000ms"));
    }

    @Test
    void besideASilentResolverItHasAsLongAsItTakes() {
        LastGood names = beside(Resolvers.platform(this::ask));
        CompletableFuture<Resolution> found = names.lookup(HOST, HTTPS, Runnable::run);
        time.advance(Duration.ofSeconds(5));
        assertThat(found).isNotDone();
        work();
        assertThat(found.join().addresses()).containsExactly(ip(A));
    }

    @Test
    void besideADenialItIsWaitedForUntilItIsKnownToFail() {
        other.says(empty(5));
        LastGood names = beside(Resolvers.platform(this::ask));
        CompletableFuture<Resolution> first = names.lookup("inner.example", HTTPS);
        time.advance(Duration.ofSeconds(5));
        assertThat(first).isNotDone();
        assertThat(names.lookup("another.example", HTTPS).join().answer()).isEqualTo(empty(5)); // at once
        work();
        assertThat(first.join().addresses()).containsExactly(ip(A));
        CompletableFuture<Resolution> second = names.lookup("b.example", HTTPS);
        work();
        assertThat(second.join().from().resolver()).isEqualTo("system"); // it has its place back
    }

    @Test
    void aLateAnswerReplacesThatOfALaterResolver() {
        other.says(addresses(300, "192.0.2.9"));
        LastGood names = beside(Resolvers.platform(this::ask));
        says = host -> List.of(ip("10.0.0.1"));
        CompletableFuture<Resolution> found = names.lookup("inner.example", HTTPS);
        time.advance(Duration.ofMillis(250));
        assertThat(found.join().from().resolver()).isEqualTo("quad9");
        time.advance(Duration.ofMillis(150));
        work();
        assertThat(now(names, "inner.example").addresses()).containsExactly(ip("10.0.0.1"));
        CompletableFuture<Resolution> next = names.lookup("b.example", HTTPS);
        work();
        assertThat(next.join().from().resolver()).isEqualTo("system");
    }

    @Test
    void whenAllFailedItAloneIsAskedAtEachLookUp() {
        other.says(ScriptedResolver.servfail());
        throwsIt("db.example: Temporary failure in name resolution");
        LastGood names = beside(Resolvers.platform(this::ask));
        for (int i = 1; i <= 5; i++) {
            CompletableFuture<Resolution> found = names.lookup(HOST, HTTPS);
            work();
            assertThat(found.join().thrown()).hasMessageContaining("Temporary failure");
            assertThat(asked).isEqualTo(i);
        }
        assertThat(other.questions).hasSize(1);
        says = host -> List.of(ip(A));
        CompletableFuture<Resolution> found = names.lookup(HOST, HTTPS);
        work();
        assertThat(found.join().addresses()).containsExactly(ip(A));
    }

    @Test
    void whatTheClientForbidsNoOtherResolverIsAskedFor() {
        other.says(addresses(60, "192.0.2.9"));
        says = host -> {
            throw new SecurityException("forbidden");
        };
        LastGood names = beside(Resolvers.own(this::ask));
        CompletableFuture<Resolution> found = names.lookup(HOST, HTTPS);
        work();
        assertThat(found.join().thrown()).isInstanceOf(SecurityException.class);
        assertThat(other.questions).isEmpty();
    }

    @Test
    void nothingIsKeptAgainstThePolicyOfTheClient() {
        LastGood names = alone(Resolvers.own(this::ask));
        now(names, HOST);
        names.proven(HOST, ip(A));
        throwsIt("no");
        for (int i = 0; i < 3; i++) {
            assertThat(now(names, HOST).answer()).isInstanceOf(Answer.Blocked.class);
        }
        throwsIt("db.example: Temporary failure in name resolution"); // a block stays one
        assertThat(now(names, HOST).addresses()).isEmpty();
        says = host -> List.of(ip(A));
        assertThat(now(names, HOST).addresses()).containsExactly(ip(A));
        throwsIt("db.example: Temporary failure in name resolution");
        assertThat(now(names, HOST).from().source()).isEqualTo(Source.STALE);
        assertThat(threads).isEmpty();
    }

    @Test
    void aNameOfNoPublicDomainIsAskedElsewhereOnlyAfterADenial() {
        other.says(addresses(60, "192.0.2.9"));
        LastGood names = beside(Resolvers.platform(this::ask));
        CompletableFuture<Resolution> slow = names.lookup("db.corp-zone", HTTPS);
        time.advance(Duration.ofSeconds(30));
        assertThat(slow).isNotDone();
        throwsIt("db.corp-zone: Temporary failure in name resolution");
        work();
        assertThat(slow.join().addresses()).isEmpty();
        assertThat(other.questions).isEmpty();
        throwsIt("new.top-level: Name or service not known");
        assertThat(now(names, "new.top-level").addresses()).containsExactly(ip("192.0.2.9"));
    }
}

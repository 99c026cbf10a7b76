package byroad.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.Provenance.Source;
import byroad.Scheme;
import byroad.dns.AnswerStore;
import byroad.dns.LastGood;
import byroad.dns.Resolution;
import byroad.dns.ResolverChain;
import byroad.dns.Resolvers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingSupplier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.data.redis.autoconfigure.DataRedisAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.data.redis.core.StringRedisTemplate;

/** Among the Redis that {@code build/real-redis} has started; it is started anew when it is killed. */
@Tag("real-redis")
class RealRedisTest {
    private static final String HOST = "db.example.test";
    private static final InetAddress PROVEN = address();

    /** The patience of a look-up with its store is 200 ms, that of the template here 30 s: what lies between tells them apart. */
    private static final Duration SOON = Duration.ofSeconds(3);

    private final ClientRuntime runtime = ClientRuntime.standard();
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Path folder = Path.of(System.getenv("REAL_REDIS"));

    private final ApplicationContextRunner app = new ApplicationContextRunner()
            .withConfiguration(
                    AutoConfigurations.of(DataRedisAutoConfiguration.class, ByroadRedisAutoConfiguration.class))
            .withPropertyValues(
                    "spring.data.redis.host=127.0.0.1",
                    "spring.data.redis.port=" + System.getenv("REAL_REDIS_PORT"),
                    "spring.data.redis.timeout=30s",
                    "byroad.store.redis.enabled=true");

    private static InetAddress address() {
        try {
            return InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, 7});
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    @BeforeEach
    void empty() {
        app.run(context -> redis(context)
                .getRequiredConnectionFactory()
                .getConnection()
                .serverCommands()
                .flushAll());
    }

    @AfterEach
    void close() throws Exception {
        signal("CONT");
        runtime.close();
    }

    private static StringRedisTemplate redis(ConfigurableApplicationContext context) {
        return context.getBean(StringRedisTemplate.class);
    }

    private static AnswerStore store(ConfigurableApplicationContext context) {
        return context.getBean(AnswerStore.class);
    }

    private LastGood names(AnswerStore store, boolean isInOutage) {
        return LastGood.builder(
                        ResolverChain.of(Resolvers.blocking("consul", "acme/consul", host -> {
                            if (isInOutage) {
                                throw new UnknownHostException(host);
                            }
                            return List.of(PROVEN);
                        })),
                        runtime.events(events::add))
                .store(store)
                .build();
    }

    private static Resolution lookup(LastGood names, String host) throws Exception {
        return names.lookup(host, Scheme.HTTPS).get(SOON.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void signal(String name) throws IOException, InterruptedException {
        String pid = Files.readString(folder.resolve("redis.pid")).trim();
        new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor();
    }

    private static <T> T eventually(ThrowingSupplier<T> attempt) throws Exception {
        long started = System.nanoTime();
        while (true) {
            try {
                return attempt.get();
            } catch (Throwable notYet) {
                if (System.nanoTime() - started > Duration.ofSeconds(20).toNanos()) {
                    throw new AssertionError(notYet);
                }
                Thread.onSpinWait();
            }
        }
    }

    private void prove(ConfigurableApplicationContext context, String host) throws Exception {
        try (LastGood names = names(store(context), false)) {
            lookup(names, host);
            names.proven(host, PROVEN);
        } // closing waits until it is stored
    }

    @Test
    void whoStartsInTheOutageFindsWhatTheFleetProved() {
        app.run(context -> {
            prove(context, HOST);
            assertThat(redis(context).keys("*")).containsExactly("byroad:answers:" + HOST);
            assertThat(redis(context).getExpire("byroad:answers:" + HOST)).isBetween(86_000L, 86_400L);

            try (LastGood newcomer = names(store(context), true)) {
                Resolution held = lookup(newcomer, HOST);
                assertThat(held.addresses()).containsExactly(PROVEN);
                assertThat(held.from().source()).isEqualTo(Source.RETAINED);
                assertThat(held.from().resolver()).isEqualTo("consul");
            }
        });
    }

    @Test
    void prefixAndTimeAreTheUsers() {
        app.withPropertyValues("byroad.store.redis.key-prefix=shop:", "byroad.store.redis.ttl=90s")
                .run(context -> {
                    prove(context, HOST);
                    assertThat(redis(context).getExpire("shop:" + HOST)).isBetween(60L, 90L);
                });
    }

    @Test
    void aFrozenRedisDelaysNobody() {
        app.run(context -> {
            prove(context, HOST);
            signal("STOP");
            try (LastGood names = names(store(context), false);
                    LastGood inOutage = names(store(context), true)) {
                assertThat(lookup(names, "other.example.test").addresses()).containsExactly(PROVEN);
                names.proven("other.example.test", PROVEN);
                assertThat(lookup(inOutage, HOST).addresses()).isEmpty(); // patience is over, nothing is known
                for (int i = 0; i < 50; i++) {
                    assertThat(lookup(names, "host-" + i + ".example.test").addresses())
                            .containsExactly(PROVEN);
                    names.proven("host-" + i + ".example.test", PROVEN);
                }
                signal("CONT");
            }
            eventually(() -> {
                prove(context, "later.example.test");
                assertThat(redis(context).hasKey("byroad:answers:later.example.test"))
                        .isTrue();
                return true;
            });
        });
    }

    @Test
    void aKilledRedisFailsNobodyAndIsUsedAgainWhenItIsBack() {
        app.run(context -> {
            prove(context, HOST);
            signal("KILL");
            try (LastGood names = names(store(context), false)) {
                assertThat(lookup(names, HOST).addresses()).containsExactly(PROVEN);
                names.proven(HOST, PROVEN);
            }
            eventually(() -> {
                prove(context, HOST);
                try (LastGood newcomer = names(store(context), true)) {
                    assertThat(lookup(newcomer, HOST).addresses()).containsExactly(PROVEN);
                }
                return true;
            });
        });
    }

    @Test
    void whatIsNotARecordIsRefusedAndTold() {
        app.run(context -> {
            redis(context).opsForValue().set("byroad:answers:" + HOST, "x".repeat(1_000_000));
            redis(context).opsForList().leftPush("byroad:answers:list.example.test", "of another type");
            try (LastGood newcomer = names(store(context), true)) {
                assertThat(lookup(newcomer, HOST).addresses()).isEmpty();
                assertThat(lookup(newcomer, "list.example.test").addresses()).isEmpty();
            }
            eventually(() -> assertThat(events)
                    .hasAtLeastOneElementOfType(Event.StoredAnswerRefused.class)
                    .hasAtLeastOneElementOfType(Event.Impaired.class));
            byte[] cut = store(context).load(HOST);
            assertThat(cut).hasSizeLessThan(30_000);
            assertThatThrownBy(() -> store(context).save(HOST, new byte[100_000]))
                    .isInstanceOf(IOException.class)
                    .hasMessage("a record of 100000 bytes (expected: at most 16384)");
        });
    }
}

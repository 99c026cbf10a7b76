package byroad.dns;

import static byroad.Scheme.HTTPS;
import static byroad.dns.ScriptedResolver.addresses;
import static byroad.dns.ScriptedResolver.ip;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.Event;
import byroad.FailureDomain;
import byroad.FakeTime;
import byroad.Preset;
import byroad.UserCode;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Resolvers and a store that throw anything at any time: every look-up ends, and nothing is left over. */
class ThrowingUserCodeTest {
    private static final String A = "192.0.2.1";

    private final FakeTime time = new FakeTime();
    private final Queue<Runnable> threads = new ArrayDeque<>();
    private final List<Event> events = new ArrayList<>();
    private final List<String> loads = new ArrayList<>();
    private final List<String> saves = new ArrayList<>();
    private Random dice = new Random();
    private boolean isWell;
    private final List<Resolver> started = new ArrayList<>();

    private final ClientRuntime runtime = ClientRuntime.standard()
            .preset(Preset.MOBILE)
            .time(time)
            .blocking(threads::add)
            .events(this::listen);

    static LongStream seeds() {
        return LongStream.range(0, 300);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyLookUpEndsAndNothingIsLeftOver(long seed) {
        dice = new Random(seed);
        try {
            lookUpsEndAndNothingIsLeftOver();
        } catch (AssertionError failed) {
            throw failed;
        } catch (Throwable escaped) { // not thrown on: what prints it may be broken by it
            throw new AssertionError(UserCode.nameOf(escaped) + " reached a caller");
        }
    }

    private void lookUpsEndAndNothingIsLeftOver() {
        ResolverChain chain = ResolverChain.of(List.of(new Started(), new Anything(), overATransport()));
        LastGood good = LastGood.builder(chain, runtime).store(new Shelf()).build();
        List<CompletableFuture<Resolution>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String host = "h" + dice.nextInt(4) + ".example";
            all.add(good.lookup(host, HTTPS));
            workAndWait(Duration.ofMillis(dice.nextInt(2_000)));
            good.proven(host, ip(A));
        }
        workAndWait(Duration.ofSeconds(10));
        assertThat(all).allMatch(CompletableFuture::isDone);
        assertThat(time.scheduled()).isZero();

        isWell = true;
        workAndWait(Duration.ofMinutes(2));
        events.clear();
        eightLookUpsHaveAThreadEach();
        for (int i = 0; i < 8; i++) { // of four hosts that are known, and four that are not
            CompletableFuture<Resolution> found = good.lookup("h" + i + ".example", HTTPS);
            workAndWait(Duration.ofSeconds(3));
            assertThat(found.join().addresses()).containsExactly(ip(A));
        }
        storesWhatIsProven(good);
        good.close();
        assertThat(events).noneMatch(Event.UserCodeFailed.class::isInstance);
    }

    private void eightLookUpsHaveAThreadEach() {
        assertThat(threads).isEmpty();
        for (int i = 0; i < Bulkhead.AT_ONCE; i++) {
            started.get(0).resolve(new Question(i + ".example", Duration.ofSeconds(3)));
        }
        assertThat(threads).hasSize(Bulkhead.AT_ONCE);
        work();
    }

    private void storesWhatIsProven(LastGood good) {
        loads.clear();
        saves.clear();
        good.lookup("new.example", HTTPS);
        work();
        good.proven("new.example", ip(A));
        work();
        assertThat(loads)
                .containsOnly("new.example"); // once more before it is saved: another process may know of a block
        assertThat(saves).containsExactly("new.example");
    }

    private void workAndWait(Duration duration) {
        for (int i = 0; i < 10; i++) {
            work();
            time.advance(duration.dividedBy(10));
        }
        work();
    }

    /** What a task throws ends its thread and nothing else. */
    private void work() {
        for (Runnable task = threads.poll(); task != null; task = threads.poll()) {
            try {
                task.run();
            } catch (Throwable endsTheThread) {
                assertThat(isWell).isFalse();
            }
        }
    }

    private void listen(Event event) {
        perhapsThrow();
        assertThat(event.toString()).isNotEmpty();
        events.add(event);
    }

    private void perhapsThrow() {
        if (!isWell && dice.nextInt(3) == 0) {
            ThrowingUserCodeTest.<RuntimeException>sneak(anything());
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void sneak(Throwable thrown) throws T {
        throw (T) thrown;
    }

    private Throwable anything() {
        switch (dice.nextInt(8)) {
            case 0:
                return new IllegalStateException("bug");
            case 1:
                return new AssertionError("bug");
            case 2:
                return new StackOverflowError();
            case 3:
                return new IOException("down");
            case 4:
                return new UnknownHostException();
            case 5:
                return new RuntimeException() {};
            case 6:
                return new RuntimeException() {
                    @Override
                    public String getMessage() {
                        throw new IllegalStateException("no message");
                    }
                };
            default:
                return new Error() {
                    @Override
                    public String getLocalizedMessage() {
                        throw new AssertionError("no text");
                    }

                    @Override
                    public StackTraceElement[] getStackTrace() {
                        throw this;
                    }
                };
        }
    }

    private Resolver overATransport() {
        return Resolvers.over("wire", "wire", sharing -> new Transport() {
            @Override
            public List<CompletableFuture<byte[]>> exchange(List<byte[]> queries, Duration within) {
                perhapsThrow();
                if (isWell) { // it is silent, so it gets probes
                    return List.of(new CompletableFuture<>(), new CompletableFuture<>());
                }
                int responses = dice.nextInt(4);
                List<CompletableFuture<byte[]>> all = new ArrayList<>();
                for (int i = 0; i < responses; i++) {
                    all.add(
                            dice.nextBoolean()
                                    ? new CompletableFuture<>()
                                    : CompletableFuture.failedFuture(anything()));
                }
                return all;
            }

            @Override
            public void close() {
                perhapsThrow();
            }
        });
    }

    /** A blocking look-up, kept as it was started. */
    private final class Started implements Resolver {
        private final Resolver described = Resolvers.blocking("consul", "consul", host -> {
            perhapsThrow();
            return List.of(ip(A));
        });

        @Override
        public String name() {
            return described.name();
        }

        @Override
        public FailureDomain domain() {
            return described.domain();
        }

        @Override
        public Resolver on(ClientRuntime sharing) {
            started.add(described.on(sharing));
            return started.get(0);
        }

        @Override
        public CompletableFuture<Answer> resolve(Question question) {
            throw new AssertionError("not started");
        }
    }

    private final class Anything implements Resolver {
        @Override
        public String name() {
            perhapsThrow();
            return "anything";
        }

        @Override
        public FailureDomain domain() {
            perhapsThrow();
            return FailureDomain.of("anything");
        }

        @Override
        public boolean isLocal() {
            perhapsThrow();
            return false;
        }

        @Override
        public Resolver on(ClientRuntime sharing) {
            perhapsThrow();
            return this;
        }

        @Override
        @SuppressWarnings("NullAway") // code without that check may return null
        public CompletableFuture<Answer> resolve(Question question) {
            perhapsThrow();
            CompletableFuture<Answer> answer = new CompletableFuture<>() {
                @Override
                public boolean cancel(boolean mayInterrupt) {
                    perhapsThrow();
                    return super.cancel(mayInterrupt);
                }
            };
            if (isWell) {
                answer.complete(addresses(60, A));
                return answer;
            }
            switch (dice.nextInt(6)) {
                case 0:
                    return CompletableFuture.failedFuture(anything());
                case 1:
                    threads.add(() -> answer.completeExceptionally(anything()));
                    return answer;
                case 2:
                    threads.add(() -> answer.complete(new Answer.Failed("down")));
                    return answer;
                case 3:
                    answer.complete(null);
                    return answer;
                case 4:
                    return answer;
                default:
                    return null;
            }
        }

        @Override
        public void close() {
            perhapsThrow();
        }
    }

    private final class Shelf implements AnswerStore {
        @Override
        public byte @Nullable [] load(String key) {
            loads.add(key);
            perhapsThrow();
            return null;
        }

        @Override
        public void save(String key, byte[] record) {
            saves.add(key);
            perhapsThrow();
        }
    }
}

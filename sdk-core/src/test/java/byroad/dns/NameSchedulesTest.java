package byroad.dns;

import static byroad.dns.ScriptedResolver.addresses;
import static org.assertj.core.api.Assertions.assertThat;

import byroad.ClientRuntime;
import byroad.FailureDomain;
import byroad.FakeTime;
import byroad.Provenance.Source;
import byroad.Scheme;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random schedules of networks, blocks, restarts with a store, sleep, clocks that are set, and inquiries in flight. No
 * address is used against a block, of another network, unproven against an agreed negative answer, or past its limit;
 * every look-up ends by its deadline; a host has one inquiry at a time.
 *
 * <p>{@code -Dnames.first=7 -Dnames.count=1} plays the schedule of seed 7 alone.
 */
class NameSchedulesTest {
    private static final long FIRST = Long.getLong("names.first", 0);
    private static final long COUNT = Long.getLong("names.count", 2_000);
    private static final int STEPS = 150;
    private static final Duration DEADLINE = Duration.ofSeconds(3);

    @Test
    void noScheduleLeadsToAnAddressThatMayNotBeUsed() {
        Map<Source, Integer> given = new HashMap<>();
        for (long seed = FIRST; seed < FIRST + COUNT; seed++) {
            try {
                new Play(seed, given).toItsEnd();
            } catch (AssertionError broken) {
                throw new AssertionError("schedule of seed " + seed + ": " + broken.getMessage(), broken);
            }
        }
        if (COUNT >= 2_000) {
            assertThat(given.keySet()).as("the schedules reach all of them").contains(Source.FRESH, Source.STALE);
            assertThat(given.getOrDefault(Source.RETAINED, 0)).isGreaterThan(500);
        }
    }

    /** What was said of one host on one network, and when. */
    private static final class Truth {
        final Map<InetAddress, Issued> issued = new HashMap<>();
        final Set<InetAddress> blocked = new HashSet<>();
        final Set<InetAddress> proven = new HashSet<>();
        boolean isDenied; // an agreed negative answer, and no addresses since then
    }

    private record Issued(Moment at, Duration ttl, int process) {}

    private record Asked(Question question, CompletableFuture<Answer> answer, long at, int visit, int process) {}

    private static final class Play {
        private static final List<String> HOSTS = List.of("a.example", "b.example");
        private static final List<String> NETWORKS = List.of("office", "hotel", "lift");

        private final Random dice;
        private final boolean setsClocks;
        private final FakeTime time = new FakeTime();
        private final Queue<Runnable> threads = new ArrayDeque<>();
        private final ClientRuntime runtime;
        private final Map<String, byte[]> kept = new HashMap<>();
        private final Map<String, Truth> truths = new HashMap<>();
        private final List<Asked> questions = new ArrayList<>();
        private final Map<CompletableFuture<Resolution>, Long> lookups = new HashMap<>();
        private final List<String> story = new ArrayList<>();
        private final Map<Source, Integer> given;
        private LastGood names;
        private String network = "office";
        private int visit;
        private int process;
        private int serial;
        private @Nullable AssertionError broken;

        Play(long seed, Map<Source, Integer> given) {
            this.dice = new Random(seed);
            this.given = given;
            this.setsClocks = dice.nextBoolean(); // then there are no restarts: a record knows the wall clock only
            this.runtime = ClientRuntime.standard().time(time).random(dice).blocking(threads::add);
            this.names = start();
        }

        private LastGood start() {
            AnswerStore store = new AnswerStore() {
                @Override
                public byte @Nullable [] load(String key) {
                    return kept.get(key);
                }

                @Override
                public void save(String key, byte[] record) {
                    kept.put(key, record);
                }
            };
            LastGood started = LastGood.builder(ResolverChain.of(new Network()), runtime)
                    .store(store)
                    .build();
            started.onNetworkChanged(network);
            return started;
        }

        void toItsEnd() {
            try {
                for (int step = 0; step < STEPS; step++) {
                    step();
                    check();
                }
                time.advance(DEADLINE);
                check();
                assertThat(lookups).isEmpty();
            } catch (AssertionError failed) {
                throw new AssertionError(failed.getMessage() + "\n" + String.join("\n", story), failed);
            }
        }

        private void step() {
            switch (dice.nextInt(20)) {
                case 0 -> move();
                case 1 -> names.onNetworkChanged(network);
                case 2 -> restart();
                case 3 -> sleep();
                case 4 -> pass(Duration.ofSeconds(dice.nextInt(4_000)));
                case 5 -> pass(Duration.ofHours(dice.nextInt(13)));
                case 6, 7, 8 -> pass(Duration.ofMillis(dice.nextInt(2_000)));
                case 9, 10, 11 -> evidence();
                case 12 -> work();
                case 13, 14, 15 -> answer();
                default -> lookup();
            }
        }

        private void move() {
            network = NETWORKS.get((NETWORKS.indexOf(network) + 1 + dice.nextInt(2)) % NETWORKS.size());
            story.add("now in the " + network);
            visit++;
            names.onNetworkChanged(network);
        }

        private void restart() {
            if (setsClocks) {
                return;
            }
            work();
            names.close();
            truths.values().forEach(truth -> truth.isDenied = false); // only blocks are stored
            process++;
            visit++;
            story.add("restart");
            names = start();
        }

        private void sleep() {
            Duration duration = Duration.ofMinutes(dice.nextInt(1_500));
            boolean isBack = setsClocks && dice.nextBoolean();
            time.setClock(isBack ? duration.negated() : duration);
            story.add((isBack ? "clock set back by " : "sleep of ") + duration);
        }

        private void pass(Duration duration) {
            story.add("+" + duration);
            for (int i = 0; i < 10; i++) {
                time.advance(duration.dividedBy(10));
            }
        }

        private void work() {
            while (!threads.isEmpty()) {
                threads.remove().run();
            }
        }

        private String anyHost() {
            return HOSTS.get(dice.nextInt(HOSTS.size()));
        }

        private Truth truth(String host) {
            return truths.computeIfAbsent(network + "/" + host, added -> new Truth());
        }

        private void evidence() {
            String host = anyHost();
            Truth truth = truth(host);
            if (truth.issued.isEmpty()) {
                return;
            }
            InetAddress address = List.copyOf(truth.issued.keySet()).get(dice.nextInt(truth.issued.size()));
            int kind = dice.nextInt(6);
            story.add(List.of("disproven", "doubt", "proven").get(Math.min(kind, 2)) + " " + host + " " + address);
            if (kind == 0) {
                names.disproven(host, address);
            } else if (kind == 1) {
                names.doubt(host, address);
            } else {
                names.proven(host, address); // perhaps late, on a pooled connection
                truth.proven.add(address);
            }
        }

        private void lookup() {
            String host = anyHost();
            Scheme scheme = dice.nextInt(4) == 0 ? Scheme.HTTP : Scheme.HTTPS;
            story.add("look-up of " + host + " " + scheme);
            CompletableFuture<Resolution> found = names.lookup(host, scheme);
            lookups.put(found, time.nanoTime());
            found.thenAccept(resolution -> {
                try {
                    judge(host, scheme, resolution);
                } catch (AssertionError wrong) {
                    broken = wrong;
                }
            });
        }

        private void judge(String host, Scheme scheme, Resolution found) {
            Source source = found.from().source();
            if (found.addresses().isEmpty()) {
                return;
            }
            given.merge(source, 1, Integer::sum);
            story.add("  " + host + " " + scheme + ": " + found);
            Truth truth = truth(host);
            for (InetAddress address : found.addresses()) {
                Issued issued = truth.issued.get(address);
                assertThat(issued).as("an address of this network").isNotNull();
                assertThat(truth.blocked).as("blocked").doesNotContain(address);
                boolean isProven = truth.proven.contains(address);
                if (source == Source.RETAINED || truth.isDenied && source != Source.FRESH) {
                    assertThat(isProven && source == Source.RETAINED)
                            .as("proven, and retained")
                            .isTrue();
                }
                assertThat(scheme == Scheme.HTTP && (source == Source.RETAINED || issued.process != process))
                        .as("of a store or retained, and for http")
                        .isFalse();
                Duration age = Duration.ofNanos(Moment.now(time).since(issued.at));
                Duration life = LearnedAddresses.within(issued.ttl, Duration.ofHours(1));
                Duration limit = source == Source.FRESH ? life : life.plusHours(24);
                assertThat(age).as("age of " + address).isLessThanOrEqualTo(limit);
            }
        }

        private void answer() {
            questions.removeIf(asked -> asked.answer.isDone());
            if (questions.isEmpty()) {
                return;
            }
            Asked asked = questions.remove(dice.nextInt(questions.size()));
            String host = asked.question.host();
            boolean isOfHere = asked.visit == visit && asked.process == process;
            boolean isLate = time.nanoTime() - asked.at >= DEADLINE.toNanos();
            Answer answer = anyAnswer();
            story.add("answer for " + host + (isOfHere ? "" : " asked elsewhere") + ": " + answer);
            if (isOfHere) {
                heard(truth(host), answer, isLate);
            }
            asked.answer.complete(answer);
        }

        private void heard(Truth truth, Answer answer, boolean isLate) {
            if (answer instanceof Answer.Addresses found) {
                for (InetAddress address : found.addresses()) {
                    truth.issued.put(address, new Issued(Moment.now(time), found.ttl(), process));
                }
                truth.blocked.removeAll(found.addresses());
                truth.isDenied = false;
            } else if (answer instanceof Answer.Blocked && !isLate) {
                truth.blocked.addAll(truth.issued.keySet());
                truth.isDenied = true;
            } else if (answer.isNegative() && !isLate) {
                truth.isDenied = true;
            }
        }

        /** Each address is of the network where the device is when the answer comes. */
        private Answer anyAnswer() {
            switch (dice.nextInt(8)) {
                case 0:
                    return new Answer.Blocked("EDE 15");
                case 1:
                    return new Answer.NoSuchName(Duration.ofSeconds(dice.nextInt(60)));
                case 2:
                    return new Answer.Empty(Duration.ofSeconds(dice.nextInt(60)));
                case 3:
                    return new Answer.Failed("SERVFAIL");
                default:
                    serial = (serial + dice.nextInt(2)) % 200;
                    return addresses(dice.nextInt(4) * 60, "192.0." + NETWORKS.indexOf(network) + "." + (serial + 1));
            }
        }

        private void check() {
            if (broken != null) {
                throw broken;
            }
            lookups.keySet().removeIf(CompletableFuture::isDone);
            lookups.forEach((found, at) -> assertThat(time.nanoTime() - at)
                    .as("age of an open look-up")
                    .isLessThan(DEADLINE.toNanos()));
            for (String host : HOSTS) {
                assertThat(questions.stream().filter(asked -> isUnderWay(asked, host)))
                        .as("inquiries under way")
                        .hasSizeLessThanOrEqualTo(1);
            }
        }

        private boolean isUnderWay(Asked asked, String host) {
            return asked.question.host().equals(host)
                    && asked.process == process
                    && !asked.answer.isDone()
                    && time.nanoTime() - asked.at < DEADLINE.toNanos();
        }

        /** The resolver of whichever network the device is on. */
        private final class Network implements Resolver {
            @Override
            public String name() {
                return "resolver";
            }

            @Override
            public FailureDomain domain() {
                return FailureDomain.of("resolver");
            }

            @Override
            public CompletableFuture<Answer> resolve(Question question) {
                CompletableFuture<Answer> answer = new CompletableFuture<>();
                questions.add(new Asked(question, answer, time.nanoTime(), visit, process));
                return answer;
            }
        }
    }
}

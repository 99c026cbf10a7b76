package byroad.benchmarks.fleet;

import byroad.Preset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A fleet of one kind of client with open-loop traffic: nobody waits for an answer before the next call.
 *
 * @param clients how many
 * @param least calls a second of the quietest
 * @param most calls a second of the busiest
 * @param habit when in the day they call
 */
record Population(int clients, double least, double most, Habit habit, Preset preset) {
    /** When calls come. */
    enum Habit {
        /** At any time. */
        STEADY,
        /** In sessions of 3 min, followed by 15 min of nothing, in which half the clients lose what they know. */
        SESSIONS,
        /** Within 3 s of each full minute, all together. */
        BURSTS
    }

    private static final double BURST = 3;
    private static final double MINUTE = 60;
    private static final double SESSION = 180;
    private static final double CYCLE = 1080;

    static Population servers(int clients, double least, double most) {
        return new Population(clients, least, most, Habit.STEADY, Preset.SERVER);
    }

    /** Each with a call every five seconds while it is used. */
    static Population phonesInSessions(int clients) {
        return new Population(clients, 0.2, 0.2, Habit.SESSIONS, Preset.MOBILE);
    }

    /** Each with a call every thirty seconds, all day. */
    static Population phones(int clients) {
        return new Population(clients, 1 / 30.0, 1 / 30.0, Habit.STEADY, Preset.MOBILE);
    }

    /** Jobs that start together. */
    static Population bursts(int clients, double least, double most) {
        return new Population(clients, least, most, Habit.BURSTS, Preset.SERVER);
    }

    Population scaled(double factor) {
        int scaled = (int) Math.max(1, Math.round(clients * factor));
        return new Population(scaled, least, most, habit, preset);
    }

    /** Draws how busy each is. */
    static Drawn draw(List<Population> populations, Random random) {
        List<Rates> all = new ArrayList<>();
        for (Population population : populations) {
            double[] upTo = new double[population.clients];
            double sum = 0;
            for (int i = 0; i < upTo.length; i++) {
                sum += population.least + random.nextDouble() * (population.most - population.least);
                upTo[i] = sum;
            }
            all.add(new Rates(population, upTo));
        }
        return new Drawn(all);
    }

    /** Populations with their rates. */
    record Drawn(List<Rates> all) {
        /** Calls a second in the long run; of bursts, while they last. */
        double demand() {
            return all.stream()
                    .mapToDouble(
                            rates -> rates.sum() * (rates.population.habit == Habit.SESSIONS ? SESSION / CYCLE : 1))
                    .sum();
        }
    }

    /** How busy each client is. */
    static final class Rates {
        private final Population population;
        /** Calls a second of all clients up to and including this one. */
        private final double[] upTo;

        private Rates(Population population, double[] upTo) {
            this.population = population;
            this.upTo = upTo;
        }

        Population population() {
            return population;
        }

        double sum() {
            return upTo[upTo.length - 1];
        }

        /** Lets the traffic of these clients begin. */
        void begin(List<? extends Client> clients, World world) {
            Random random = world.random();
            if (population.habit == Habit.SESSIONS) {
                clients.forEach(client -> new Sessions(client, world, random));
            } else {
                new Stream(clients, world, random).next();
            }
        }

        /** All calls as one Poisson process, each dealt to a client by its rate. */
        private final class Stream {
            private final List<? extends Client> clients;
            private final World world;
            private final Random random;

            Stream(List<? extends Client> clients, World world, Random random) {
                this.clients = clients;
                this.world = world;
                this.random = random;
            }

            void next() {
                world.time.in(pause(), () -> {
                    next();
                    int found = Arrays.binarySearch(upTo, random.nextDouble() * sum());
                    clients.get(Math.min(clients.size() - 1, found < 0 ? -found - 1 : found))
                            .call(world.tally.call());
                });
            }

            private double pause() {
                double pause = exponential(random, sum());
                double inMinute = (world.time.seconds() + pause) % MINUTE;
                boolean idle = population.habit == Habit.BURSTS && inMinute >= BURST;
                return idle ? pause + MINUTE - inMinute : pause;
            }
        }

        /** The sessions of one client. */
        private final class Sessions {
            private final Client client;
            private final World world;
            private final Random random;
            private final boolean forgetful;
            private double end;

            Sessions(Client client, World world, Random random) {
                this.client = client;
                this.world = world;
                this.random = random;
                this.forgetful = random.nextBoolean();
                // The first one began somewhere in the past.
                double start = random.nextDouble() * CYCLE - SESSION;
                end = start + SESSION;
                world.time.in(Math.max(0, start) + exponential(random, population.least), this::next);
            }

            private void next() {
                double now = world.time.seconds();
                if (now < end) {
                    client.call(world.tally.call());
                    world.time.in(exponential(random, population.least), this::next);
                    return;
                }
                if (forgetful) {
                    client.forget();
                }
                double start = end + CYCLE - SESSION;
                end = start + SESSION;
                world.time.in(start - now + exponential(random, population.least), this::next);
            }
        }
    }

    private static double exponential(Random random, double rate) {
        return -Math.log(1 - random.nextDouble()) / rate;
    }
}

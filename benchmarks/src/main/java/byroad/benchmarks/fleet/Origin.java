package byroad.benchmarks.fleet;

import java.util.Random;
import java.util.function.Consumer;

/**
 * A direct origin: one queue, served in order at a capacity that may change, by the rules of its {@link Temperament}.
 * Work whose caller gave up is done all the same.
 */
final class Origin implements Server {
    /** Below this, two times are one. */
    private static final double GRAIN = 1e-6;

    private final VirtualTime time;
    private final Random random;
    private final Temperament temperament;
    private final Latency latency;

    private double capacity;
    private double handshake;
    private double served;
    private double accepted;
    private double asOf;
    private double pausedUntil;
    private double deadUntil;
    private int life;
    private boolean down;

    /** What it saw since the start. */
    final Count count = new Count();

    /** Totals. */
    static final class Count {
        long asked;
        long good;
        long shed;
        int crashes;
    }

    Origin(VirtualTime time, Random random, double capacity, Temperament temperament, Latency latency) {
        this.time = time;
        this.random = random;
        this.capacity = capacity;
        this.temperament = temperament;
        this.latency = latency;
    }

    @Override
    public void connect(double limit, Consumer<Answer> back) {
        if (handshake == 0) {
            back.accept(Answer.GOOD);
        } else {
            work(handshake, limit, back);
        }
    }

    @Override
    public void send(double limit, Consumer<Answer> back) {
        count.asked++;
        work(1, limit, answer -> {
            count.good += answer == Answer.GOOD ? 1 : 0;
            back.accept(answer);
        });
    }

    private void work(double cost, double limit, Consumer<Answer> back) {
        settle();
        double queued = queued();
        if (down || isDead() || queued >= temperament.fullAt()) {
            time.in(latency.roundTrip(), () -> back.accept(Answer.REFUSED));
            return;
        }
        if (queued >= temperament.shedsAt()) {
            accepted += temperament.shedCost();
            count.shed++;
            time.in(latency.roundTrip(), () -> back.accept(Answer.OVERLOADED));
            return;
        }
        if (queued >= temperament.crashesAt()) {
            crash();
            time.in(latency.roundTrip(), () -> back.accept(Answer.RESET));
            return;
        }
        accepted += cost;
        new Visit(limit, back);
    }

    private void settle() {
        double now = time.seconds();
        double working = Math.max(0, now - Math.max(asOf, Math.min(now, pausedUntil)));
        served = Math.min(accepted, served + capacity * working);
        asOf = now;
    }

    private void crash() {
        count.crashes++;
        life++;
        deadUntil = time.seconds() + temperament.deadFor();
        served = accepted;
    }

    /** Seconds of work in the queue, with what is left of a pause. */
    double queued() {
        settle();
        return (accepted - served) / capacity + Math.max(0, pausedUntil - time.seconds());
    }

    boolean isDead() {
        return time.seconds() < deadUntil;
    }

    double capacity() {
        return capacity;
    }

    void capacity(double perSecond) {
        settle();
        capacity = perSecond;
    }

    /** What a connection costs it, in requests. */
    void handshake(double cost) {
        handshake = cost;
    }

    /** Does nothing for that long, as in a collection of garbage. */
    void pause(double seconds) {
        settle();
        pausedUntil = Math.max(pausedUntil, time.seconds() + seconds);
    }

    /** Refuses all connections from now on, or no longer. */
    void down(boolean down) {
        this.down = down;
    }

    /** One request in the queue; it looks again where the origin turned out slower than was foreseen. */
    private final class Visit implements Runnable {
        private final double mark = accepted;
        private final int began = life;
        private final double end;
        private final Consumer<Answer> back;

        Visit(double limit, Consumer<Answer> back) {
            this.end = time.seconds() + limit;
            this.back = back;
            lookAgainIn(workLeft() + latency.sample(random));
        }

        private double workLeft() {
            return (mark - served) / capacity + Math.max(0, pausedUntil - time.seconds());
        }

        private void lookAgainIn(double seconds) {
            time.in(Math.min(seconds, end - time.seconds()), this);
        }

        @Override
        public void run() {
            settle();
            boolean late = time.seconds() >= end - GRAIN;
            if (!late && began == life && served < mark - GRAIN) {
                lookAgainIn(workLeft() + GRAIN);
                return;
            }
            boolean good = !late && began == life;
            back.accept(good ? Answer.GOOD : late ? Answer.SILENCE : Answer.RESET);
        }
    }
}

package byroad.benchmarks.fleet;

import java.util.Random;
import java.util.function.Consumer;

/** A CDN without limits: it answers what it has cached, fetches the rest from the origin, and fails as it is told to. */
final class Edge implements Server {
    /** What it does to requests while it fails. */
    enum Trouble {
        ERRORS,
        BLACK_HOLE
    }

    private final VirtualTime time;
    private final Random random;
    private final double hitRatio;
    private final Server origin;
    private final Latency latency;

    private Trouble trouble = Trouble.ERRORS;
    private double troubled;
    long asked;

    Edge(VirtualTime time, Random random, double hitRatio, Server origin, Latency latency) {
        this.time = time;
        this.random = random;
        this.hitRatio = hitRatio;
        this.origin = origin;
        this.latency = latency;
    }

    /** From now on that share of requests meets that trouble. */
    void fail(Trouble how, double share) {
        trouble = how;
        troubled = share;
    }

    void heal() {
        troubled = 0;
    }

    /** The share of requests that fail now. */
    double troubled() {
        return troubled;
    }

    @Override
    public void send(double limit, Consumer<Answer> back) {
        asked++;
        if (troubled > 0 && random.nextDouble() < troubled) {
            boolean silent = trouble == Trouble.BLACK_HOLE;
            time.in(silent ? limit : latency.roundTrip(), () -> back.accept(silent ? Answer.SILENCE : Answer.ERROR));
        } else if (random.nextDouble() < hitRatio) {
            double took = latency.sample(random);
            boolean late = took >= limit;
            time.in(Math.min(took, limit), () -> back.accept(late ? Answer.SILENCE : Answer.GOOD));
        } else {
            // What the edge meets at the origin, it tells as an error of a gateway would.
            origin.send(limit, met -> back.accept(met == Answer.REFUSED || met == Answer.RESET ? Answer.ERROR : met));
        }
    }
}

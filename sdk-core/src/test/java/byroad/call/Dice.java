package byroad.call;

import java.util.Random;

/** Dice that show what they were told to, so that jitter is a number in a test. */
final class Dice extends Random {
    private static final long serialVersionUID = 1;

    private double shows = 0.5;

    /** From now on every roll is that. */
    void show(double roll) {
        shows = roll;
    }

    @Override
    public double nextDouble() {
        return shows;
    }
}

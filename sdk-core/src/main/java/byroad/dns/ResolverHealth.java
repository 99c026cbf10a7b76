package byroad.dns;

import byroad.Event;
import byroad.Seams;

/**
 * One resolver of a running chain, and whether it keeps its place in the order. It loses it when one that was asked later
 * gave a usable answer before it did, and gets it back when a question asked aside, after 5 s doubling to 60 s, is
 * answered. Thus a dead resolver costs the stagger once, and a slow loser costs nobody anything.
 */
final class ResolverHealth {
    private final Resolver resolver;
    private final Seams seams;

    // Guarded by this.
    private final Recheck recheck = new Recheck();
    private boolean probing;
    private boolean told;

    ResolverHealth(Resolver resolver, Seams seams) {
        this.resolver = resolver;
        this.seams = seams;
    }

    Resolver resolver() {
        return resolver;
    }

    /** Whether it is asked in its turn, and not after the others. */
    synchronized boolean isInPlace() {
        return !recheck.isWaiting();
    }

    /** Whether it is to be asked aside now; only one who asks is told so. */
    synchronized boolean mayProbe() {
        boolean due = !probing && recheck.isWaiting() && recheck.isDue(seams.time().nanoTime());
        probing |= due;
        return due;
    }

    /** It gave a usable answer. */
    void answered() {
        boolean news;
        synchronized (this) {
            news = told;
            told = false;
            probing = false;
            recheck.startOver();
        }
        if (news) {
            seams.emit(new Event.ResolverRecovered(resolver.name()));
        }
    }

    /** One that was asked later was of more use, or a probe was in vain; only the second is worth telling. */
    void wasOfNoUse(String because) {
        boolean news;
        synchronized (this) {
            news = recheck.isWaiting() && !told;
            told |= news;
            probing = false;
            recheck.fruitless(seams.time().nanoTime(), seams.random());
        }
        if (news) {
            seams.emit(new Event.ResolverFailing(resolver.name(), because));
        }
    }

    @Override
    public String toString() {
        return resolver.name() + (isInPlace() ? "" : " (failing)");
    }
}

package byroad.call;

import byroad.Avoidance;
import byroad.Avoidance.Voice;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Fault.Certainty;
import byroad.Seams;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the upstreams of one client know together: that two of them accuse one domain with certainty, each by a failure of
 * its own. It is told once an episode, which ends when nobody accuses the domain for a minute.
 */
final class Accusations {
    /** Two are enough, and there are few domains; more only have to be bounded. */
    private static final int MOST_ACCUSERS = 4;

    private static final int MOST_DOMAINS = 64;

    private final Seams seams;
    private final Duration avoidFor;

    // Guarded by this.
    private final Map<FailureDomain, Episode> episodes = new LinkedHashMap<>();

    /** What is accused is avoided for that long; zero means that it is told only. */
    Accusations(Seams seams, Duration avoidFor) {
        this.seams = seams;
        this.avoidFor = avoidFor;
    }

    private static final class Episode {
        final Map<String, Long> accusedAt = new LinkedHashMap<>();
        boolean told;

        Event.DomainAccused against(FailureDomain domain) {
            return new Event.DomainAccused(domain, List.copyOf(accusedAt.keySet()));
        }
    }

    /** What stands, in the order in which it began. */
    synchronized List<Event.DomainAccused> standing() {
        forgetWhatIsOver(seams.time().nanoTime());
        List<Event.DomainAccused> standing = new ArrayList<>();
        episodes.forEach((domain, episode) -> {
            if (episode.accusedAt.size() >= 2) {
                standing.add(episode.against(domain));
            }
        });
        return standing;
    }

    private void forgetWhatIsOver(long now) {
        episodes.values().removeIf(episode -> {
            episode.accusedAt.values().removeIf(at -> now - at >= Tuning.ACCUSATION_LASTS.toNanos());
            return episode.accusedAt.isEmpty();
        });
    }

    /** An endpoint of that upstream, which depends on these domains, was charged with that fault. */
    void heard(String upstream, FailureDomain endpoint, Set<FailureDomain> dependsOn, Fault fault) {
        if (fault.certainty() != Certainty.CERTAIN) {
            return;
        }
        for (FailureDomain suspect : fault.suspects()) {
            if (!suspect.equals(endpoint) && suspect.coversAny(dependsOn)) {
                accused(suspect, upstream).forEach(seams::emit);
            }
        }
    }

    private synchronized List<Event> accused(FailureDomain domain, String upstream) {
        long now = seams.time().nanoTime();
        forgetWhatIsOver(now);
        if (!episodes.containsKey(domain) && episodes.size() == MOST_DOMAINS) {
            episodes.remove(episodes.keySet().iterator().next());
        }
        Episode episode = episodes.computeIfAbsent(domain, first -> new Episode());
        if (episode.accusedAt.size() < MOST_ACCUSERS || episode.accusedAt.containsKey(upstream)) {
            episode.accusedAt.put(upstream, now);
        }
        List<Event> events = new ArrayList<>(0);
        if (episode.accusedAt.size() >= 2) {
            Event.DomainAccused accusation = episode.against(domain);
            if (!episode.told) {
                events.add(accusation);
            }
            episode.told = true;
            if (!avoidFor.isZero() && !isAvoided(domain)) {
                Avoidance verdict = seams.avoidances()
                        .avoid(domain, avoidFor, "accused by " + accusation.upstreams(), Voice.EVIDENCE);
                events.add(new Event.AvoidanceChanged(verdict.toString()));
            }
        }
        return events;
    }

    private boolean isAvoided(FailureDomain domain) {
        return seams.avoidances().inForce().stream()
                .anyMatch(verdict -> verdict.domain().equals(domain) && verdict.voice() == Voice.EVIDENCE);
    }
}

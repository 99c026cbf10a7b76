package byroad.call;

import byroad.Avoidance;
import byroad.Avoidance.Voice;
import byroad.ClientRuntime;
import byroad.Event;
import byroad.FailureDomain;
import byroad.Fault;
import byroad.Fault.Certainty;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the upstreams of one client know together: that two of them suspect one domain with certainty, each by a failure of
 * its own. It is told once an episode, which ends when nobody suspects the domain for a minute.
 */
final class Suspicions {
    /** Two are enough, and there are few domains; more only have to be bounded. */
    private static final int MOST_UPSTREAMS = 4;

    private static final int MOST_DOMAINS = 64;

    private final ClientRuntime runtime;
    private final Duration avoidFor;

    // Guarded by this.
    private final Map<FailureDomain, Episode> episodes = new LinkedHashMap<>();

    /** What is suspected is avoided for that long; zero means that it is told only. */
    Suspicions(ClientRuntime runtime, Duration avoidFor) {
        this.runtime = runtime;
        this.avoidFor = avoidFor;
    }

    private static final class Episode {
        final Map<String, Long> suspectedAt = new LinkedHashMap<>();
        boolean told;

        Event.DomainSuspected against(FailureDomain domain) {
            return new Event.DomainSuspected(domain, List.copyOf(suspectedAt.keySet()));
        }
    }

    /** What stands, in the order in which it began. */
    synchronized List<Event.DomainSuspected> standing() {
        forgetWhatIsOver(runtime.time().nanoTime());
        List<Event.DomainSuspected> standing = new ArrayList<>();
        episodes.forEach((domain, episode) -> {
            if (episode.suspectedAt.size() >= 2) {
                standing.add(episode.against(domain));
            }
        });
        return standing;
    }

    private void forgetWhatIsOver(long now) {
        episodes.values().removeIf(episode -> {
            episode.suspectedAt.values().removeIf(at -> now - at >= Tuning.SUSPICION_LASTS.toNanos());
            return episode.suspectedAt.isEmpty();
        });
    }

    /** An endpoint of that upstream, which depends on these domains, was charged with that fault. */
    void heard(String upstream, FailureDomain endpoint, Set<FailureDomain> dependsOn, Fault fault) {
        if (fault.certainty() != Certainty.CERTAIN) {
            return;
        }
        for (FailureDomain suspect : fault.suspects()) {
            if (!suspect.equals(endpoint) && suspect.coversAny(dependsOn)) {
                suspected(suspect, upstream).forEach(runtime::emit);
            }
        }
    }

    private synchronized List<Event> suspected(FailureDomain domain, String upstream) {
        long now = runtime.time().nanoTime();
        forgetWhatIsOver(now);
        if (!episodes.containsKey(domain) && episodes.size() == MOST_DOMAINS) {
            episodes.remove(episodes.keySet().iterator().next());
        }
        Episode episode = episodes.computeIfAbsent(domain, first -> new Episode());
        if (episode.suspectedAt.size() < MOST_UPSTREAMS || episode.suspectedAt.containsKey(upstream)) {
            episode.suspectedAt.put(upstream, now);
        }
        List<Event> events = new ArrayList<>(0);
        if (episode.suspectedAt.size() >= 2) {
            Event.DomainSuspected suspicion = episode.against(domain);
            if (!episode.told) {
                events.add(suspicion);
            }
            episode.told = true;
            if (!avoidFor.isZero() && !isAvoided(domain)) {
                Avoidance verdict = runtime.avoidances()
                        .avoid(domain, avoidFor, "suspected by " + suspicion.upstreams(), Voice.EVIDENCE);
                events.add(new Event.AvoidanceChanged(verdict.toString()));
            }
        }
        return events;
    }

    private boolean isAvoided(FailureDomain domain) {
        return runtime.avoidances().inForce().stream()
                .anyMatch(verdict -> verdict.domain().equals(domain) && verdict.voice() == Voice.EVIDENCE);
    }
}

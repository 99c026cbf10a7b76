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
 * Finds domains that failures of at least two upstreams of one client certainly point at. There is one event per
 * episode, which ends after a minute without such a failure.
 */
final class Suspicions {
    /** Two are enough, and there are few domains; these only limit the memory. */
    private static final int MOST_UPSTREAMS = 4;

    private static final int MOST_DOMAINS = 64;

    private final ClientRuntime runtime;
    private final Duration avoidFor;

    // Guarded by this.
    private final Map<FailureDomain, Episode> episodes = new LinkedHashMap<>();

    /** A suspected domain is avoided for that long; zero means that there is only an event. */
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

    /** The current suspicions, oldest first. */
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

    /** Reports that an endpoint of that upstream, which depends on these domains, was charged with that fault. */
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
                Avoidance avoidance = runtime.avoidances()
                        .avoid(domain, avoidFor, "suspected by " + suspicion.upstreams(), Voice.EVIDENCE);
                events.add(new Event.AvoidanceChanged(avoidance.toString()));
            }
        }
        return events;
    }

    private boolean isAvoided(FailureDomain domain) {
        return runtime.avoidances().inForce().stream()
                .anyMatch(avoidance -> avoidance.domain().equals(domain) && avoidance.voice() == Voice.EVIDENCE);
    }
}

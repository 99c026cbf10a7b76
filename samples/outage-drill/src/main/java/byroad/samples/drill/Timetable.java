package byroad.samples.drill;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** When each phase of a scenario begins and ends, from the scenario's start. */
final class Timetable {
    private final List<Slot> slots;

    private Timetable(List<Slot> slots) {
        this.slots = List.copyOf(slots);
    }

    static Timetable of(Scenario scenario) {
        List<Slot> slots = new ArrayList<>();
        Duration from = Duration.ZERO;
        for (Phase phase : scenario.phases()) {
            Duration to = from.plus(phase.length());
            slots.add(new Slot(phase, from, to));
            from = to;
        }
        return new Timetable(slots);
    }

    List<Slot> slots() {
        return slots;
    }

    List<Slot> outages() {
        return slots.stream().filter(slot -> slot.phase().isOutage()).toList();
    }

    boolean isInOutage(Duration at) {
        return outages().stream().anyMatch(slot -> slot.contains(at));
    }

    /** Returns when the last outage phase ends. */
    Duration recovery() {
        List<Slot> outages = outages();
        if (outages.isEmpty()) {
            throw new IllegalStateException("phases: no outage (expected: at least one)");
        }
        return outages.get(outages.size() - 1).to();
    }

    Duration end() {
        return slots.get(slots.size() - 1).to();
    }

    /** One phase and its place in time; the end is exclusive. */
    record Slot(Phase phase, Duration from, Duration to) {
        boolean contains(Duration at) {
            return at.compareTo(from) >= 0 && at.compareTo(to) < 0;
        }
    }
}

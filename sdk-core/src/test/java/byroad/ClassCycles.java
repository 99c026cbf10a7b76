package byroad;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Dependency cycles between the classes of one package. A nested class counts as its top-level class. */
public final class ClassCycles {
    private final Map<String, Set<String>> uses = new TreeMap<>(); // by simple name, within the package

    private ClassCycles(JavaClasses classes, String packageName) {
        for (JavaClass type : classes) {
            if (type.getPackageName().equals(packageName)) {
                Set<String> used = uses.computeIfAbsent(topLevel(type), added -> new TreeSet<>());
                type.getDirectDependenciesFromSelf().stream()
                        .map(Dependency::getTargetClass)
                        .filter(other -> other.getPackageName().equals(packageName))
                        .forEach(other -> used.add(topLevel(other.getBaseComponentType())));
            }
        }
    }

    /** The largest sets of classes in that package of which each one depends on each other one, directly or not. */
    public static Set<Set<String>> in(JavaClasses classes, String packageName) {
        return new ClassCycles(classes, packageName).find();
    }

    private Set<Set<String>> find() {
        Map<String, Set<String>> reachable = new TreeMap<>();
        uses.keySet().forEach(one -> reachable.put(one, reachableFrom(one)));
        Set<Set<String>> cycles = new HashSet<>();
        for (String one : uses.keySet()) {
            Set<String> cycle = new TreeSet<>(reachable.getOrDefault(one, Set.of()));
            cycle.removeIf(other -> !reachable.getOrDefault(other, Set.of()).contains(one));
            if (cycle.size() > 1) {
                cycles.add(cycle);
            }
        }
        return cycles;
    }

    private Set<String> reachableFrom(String start) {
        Set<String> reached = new TreeSet<>();
        Deque<String> next = new ArrayDeque<>(Set.of(start));
        while (!next.isEmpty()) {
            for (String used : uses.getOrDefault(next.pop(), Set.of())) {
                if (reached.add(used)) {
                    next.push(used);
                }
            }
        }
        return reached;
    }

    private static String topLevel(JavaClass type) {
        String name = type.getName().substring(type.getPackageName().length() + 1);
        int nested = name.indexOf('$');
        return nested < 0 ? name : name.substring(0, nested);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.architecture;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The house: which room (the package below the root, and whatever is nested in it) may touch which. The table of the
 * architecture page as code; who needs another arrow changes both, and says why in docs/decisions.
 */
final class Rooms {
    /** The root package itself: what a host application sees. */
    static final String HOST = "(root)";

    /** The rooms that know no clock, thread, file, socket, logger, global randomness or hash order. */
    static final Set<String> PURE = Set.of("model", "message", "protocol", "synod");

    private static final Map<String, Set<String>> MAY_TOUCH = new LinkedHashMap<>();

    static {
        MAY_TOUCH.put("model", Set.of());
        MAY_TOUCH.put("message", Set.of("model"));
        MAY_TOUCH.put("protocol", Set.of("model", "message"));
        MAY_TOUCH.put("synod", Set.of("model", "message"));
        MAY_TOUCH.put("journal", Set.of("model"));
        MAY_TOUCH.put("snapshot", Set.of("model", "journal")); // Its Storage: one directory, one abstraction of a disk.
        MAY_TOUCH.put("session", Set.of("model"));
        MAY_TOUCH.put("transport", Set.of("model", "message"));
        Set<String> above = new HashSet<>(MAY_TOUCH.keySet());
        above.add(HOST);
        MAY_TOUCH.put("driver", Set.copyOf(above));
        above.add("driver");
        // Two ways to turn the same driver; neither knows the other.
        MAY_TOUCH.put("runtime", Set.copyOf(above));
        MAY_TOUCH.put("simulation", Set.copyOf(above));
        Set<String> all = new HashSet<>(MAY_TOUCH.keySet());
        MAY_TOUCH.put(HOST, Set.copyOf(all));
    }

    private final String root;

    /** The house whose root package this is: {@code io.paxos}, or the deliberately bad one of the fixtures. */
    Rooms(String root) {
        this.root = root;
    }

    String root() {
        return root;
    }

    boolean contains(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(root) || name.startsWith(root + ".");
    }

    boolean isIn(JavaClass type, Set<String> rooms) {
        return contains(type) && rooms.contains(roomOf(type));
    }

    String roomOf(JavaClass type) {
        String name = type.getPackageName();
        return name.equals(root)
                ? HOST
                : List.of(name.substring(root.length() + 1).split("\\.", -1)).get(0);
    }

    /** Every dependency that leads from one room to another has its arrow in the table, and every room stands in it. */
    ArchCondition<JavaClass> followTheArrows() {
        return new ArchCondition<>("touch only the rooms that the table allows theirs") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                String from = roomOf(type);
                Set<String> allowed = MAY_TOUCH.get(from);
                if (allowed == null) {
                    events.add(SimpleConditionEvent.violated(
                            type, type.getName() + " is in the room " + from + ", which is not in the table"));
                    return;
                }
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    JavaClass target = dependency.getTargetClass().getBaseComponentType();
                    if (!contains(target)) {
                        continue;
                    }
                    String to = roomOf(target);
                    if (!to.equals(from) && !allowed.contains(to)) {
                        events.add(SimpleConditionEvent.violated(
                                type, from + " must not touch " + to + ": " + dependency.getDescription()));
                    }
                }
            }
        };
    }
}

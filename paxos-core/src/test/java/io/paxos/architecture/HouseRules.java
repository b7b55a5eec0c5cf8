// SPDX-License-Identifier: Apache-2.0
package io.paxos.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** The rules of a house, for any root package: the one we live in, and the fixtures that break each of them. */
final class HouseRules {
    private final Rooms rooms;

    HouseRules(String root) {
        this.rooms = new Rooms(root);
    }

    ArchRule arrowsPointDownwards() {
        return classes()
                .that(areIn("the house", Set.of()))
                .should(rooms.followTheArrows())
                .allowEmptyShould(true);
    }

    ArchRule pureRoomsArePure() {
        return classes()
                .that(areIn("a pure room", Rooms.PURE))
                .should(Words.sayNone(
                        Words.THREADS,
                        Words.CLOCKS,
                        Words.FILES,
                        Words.SOCKETS,
                        Words.LOGGERS,
                        Words.GLOBAL_RANDOMNESS,
                        Words.HASH_ORDER,
                        Words.PROCESS))
                .allowEmptyShould(true);
    }

    ArchRule theDriverIsTurnedByOthers() {
        return classes()
                .that(areIn("the driver", Set.of("driver")))
                .should(Words.sayNone(
                        Words.THREADS_BUT_FUTURES,
                        Words.CLOCKS,
                        Words.FILES,
                        Words.SOCKETS,
                        Words.GLOBAL_RANDOMNESS,
                        Words.PROCESS))
                .allowEmptyShould(true);
    }

    ArchRule onlyTheRuntimeHasThreadsAndAClock() {
        return classes()
                .that(areOutside("the runtime", "runtime"))
                .should(Words.sayNone(Words.NEW_THREADS, Words.CLOCKS))
                .allowEmptyShould(true);
    }

    ArchRule hostApplicationsSeeNoTypeOfOurDependencies() {
        return classes()
                .that(areIn("the root package", Set.of(Rooms.HOST)))
                .should(mentionNoDependencyInSignatures())
                .allowEmptyShould(true);
    }

    private DescribedPredicate<JavaClass> areIn(String name, Set<String> some) {
        return DescribedPredicate.describe(
                "are in " + name, type -> some.isEmpty() ? rooms.contains(type) : rooms.isIn(type, some));
    }

    private DescribedPredicate<JavaClass> areOutside(String name, String room) {
        return DescribedPredicate.describe(
                "are outside " + name, type -> rooms.contains(type) && !rooms.isIn(type, Set.of(room)));
    }

    private static ArchCondition<JavaClass> mentionNoDependencyInSignatures() {
        return new ArchCondition<>("mention no type of slf4j, Netty or another dependency in a public signature") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!isVisible(type.getModifiers())) {
                    return;
                }
                Set<JavaClass> supertypes = new HashSet<>(type.getAllRawInterfaces());
                supertypes.addAll(type.getAllRawSuperclasses());
                for (String name : foreign(supertypes)) {
                    events.add(SimpleConditionEvent.violated(type, type.getName() + " extends " + name));
                }
                for (JavaMember member : type.getMembers()) {
                    if (isVisible(member.getModifiers())) {
                        for (String name : foreign(typesOf(member))) {
                            events.add(
                                    SimpleConditionEvent.violated(member, member.getFullName() + " mentions " + name));
                        }
                    }
                }
            }
        };
    }

    private static boolean isVisible(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static Set<JavaClass> typesOf(JavaMember member) {
        Set<JavaClass> types = new HashSet<>();
        if (member instanceof JavaField field) {
            types.addAll(field.getAllInvolvedRawTypes());
        }
        if (member instanceof JavaCodeUnit unit) {
            types.addAll(unit.getAllInvolvedRawTypes());
            unit.getThrowsClause().forEach(thrown -> types.add(thrown.getRawType()));
        }
        return types;
    }

    /** Names of the types that come neither from the JDK nor from us, in order, so that a report reads the same twice. */
    private static Set<String> foreign(Set<JavaClass> types) {
        Set<String> names = new TreeSet<>();
        for (JavaClass type : types) {
            String name = type.getBaseComponentType().getName();
            if (!type.getBaseComponentType().isPrimitive()
                    && !name.startsWith("java.")
                    && !name.startsWith("io.paxos.")) {
                names.add(name);
            }
        }
        return names;
    }
}

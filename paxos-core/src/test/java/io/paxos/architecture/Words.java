// SPDX-License-Identifier: Apache-2.0
package io.paxos.architecture;

import com.tngtech.archunit.core.domain.AccessTarget;
import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The words that some rooms must not say, each family with the reason why. */
@SuppressWarnings("ImmutableEnumChecker") // Predicates without state.
enum Words {
    /** The same events must give the same effects: nobody else may run in between. */
    THREADS(
            type -> isOneOf(
                            type,
                            "java.lang.Thread",
                            "java.lang.ThreadLocal",
                            "java.lang.InheritableThreadLocal",
                            "java.util.Timer",
                            "java.util.TimerTask")
                    || isIn(type, "java.util.concurrent"),
            call -> isCalled(call, "parallelStream") || isCalled(call, "parallel")),

    /** As {@link #THREADS}, for a room that hands out futures which others complete. */
    THREADS_BUT_FUTURES(
            type -> THREADS.types.test(type)
                    && !isOneOf(
                            type,
                            "java.util.concurrent.CompletableFuture",
                            "java.util.concurrent.CompletionStage",
                            "java.util.concurrent.CompletionException",
                            "java.util.concurrent.CancellationException",
                            "java.util.concurrent.ExecutionException",
                            "java.util.concurrent.TimeoutException",
                            "java.util.concurrent.TimeUnit"),
            call -> THREADS.calls.test(call) || Words.runsInTheCommonPool(call)),

    /** Who makes a thread must name it, bound it and stop it: only the runtime can. */
    NEW_THREADS(
            type -> false,
            call -> (isConstructor(call)
                            && (call.getTarget().getOwner().isAssignableTo("java.lang.Thread")
                                    || call.getTarget().getOwner().isAssignableTo("java.util.Timer")
                                    || call.getTarget()
                                            .getOwner()
                                            .isAssignableTo("java.util.concurrent.ThreadPoolExecutor")
                                    || call.getTarget().getOwner().isAssignableTo("java.util.concurrent.ForkJoinPool")))
                    || isOwnedBy(call, "java.util.concurrent.Executors")
                    || isCalled(call, "newThread")
                    || isCalled(call, "commonPool")
                    || isCalled(call, "parallelStream")
                    || Words.runsInTheCommonPool(call)),

    /** Time comes with the events; who reads a clock cannot be replayed. */
    CLOCKS(
            type -> isOneOf(type, "java.time.Clock", "java.time.InstantSource"),
            call -> isOneOf(call, "java.lang.System", "nanoTime", "currentTimeMillis")
                    || (isCalled(call, "now") && isIn(call.getTarget().getOwner(), "java.time"))
                    || (isConstructor(call)
                            && isOwnedBy(call, "java.util.Date")
                            && parameters(call).isEmpty())),

    /** What is durable is decided by what is written, not by who writes. */
    FILES(
            type -> isOneOf(
                            type,
                            "java.io.File",
                            "java.io.FileDescriptor",
                            "java.io.FileInputStream",
                            "java.io.FileOutputStream",
                            "java.io.FileReader",
                            "java.io.FileWriter",
                            "java.io.RandomAccessFile")
                    || isIn(type, "java.nio.file")
                    || isIn(type, "java.nio.channels"),
            call -> false),

    SOCKETS(type -> isIn(type, "java.net") || isIn(type, "java.nio.channels") || isIn(type, "io.netty"), call -> false),

    /** A pure step tells what happened in its effects; who drives it may log them. */
    LOGGERS(
            type -> isIn(type, "org.slf4j")
                    || isIn(type, "java.util.logging")
                    || isOneOf(type, "java.lang.System$Logger"),
            call -> isOneOf(call, "java.lang.Throwable", "printStackTrace")
                    || isOneOf(call, "java.lang.System", "out", "err")),

    /** Chance comes from one seed, handed in. */
    GLOBAL_RANDOMNESS(
            type -> isOneOf(type, "java.security.SecureRandom", "java.util.concurrent.ThreadLocalRandom"),
            call -> isOneOf(call, "java.lang.Math", "random")
                    || isOneOf(call, "java.lang.StrictMath", "random")
                    || isOneOf(call, "java.util.UUID", "randomUUID")
                    || isOneOf(call, "java.util.random.RandomGenerator", "getDefault", "of")
                    || (isOneOf(call, "java.util.Collections", "shuffle")
                            && parameters(call).size() == 1)
                    || (isConstructor(call)
                            && (isOwnedBy(call, "java.util.Random") || isOwnedBy(call, "java.util.SplittableRandom"))
                            && parameters(call).isEmpty())),

    /** Their order differs between two JVMs, or between two keys that are equal. */
    HASH_ORDER(
            type -> isOneOf(
                    type,
                    "java.util.HashMap",
                    "java.util.HashSet",
                    "java.util.Hashtable",
                    "java.util.IdentityHashMap",
                    "java.util.WeakHashMap",
                    "java.util.concurrent.ConcurrentHashMap"),
            call -> isOneOf(call, "java.util.Map", "of", "ofEntries", "copyOf")
                    || isOneOf(call, "java.util.Set", "of", "copyOf")
                    || isOneOf(call, "java.lang.System", "identityHashCode")
                    || (isOneOf(
                                    call,
                                    "java.util.stream.Collectors",
                                    "toMap",
                                    "toSet",
                                    "toUnmodifiableMap",
                                    "toUnmodifiableSet",
                                    "groupingBy")
                            && parameters(call).stream().noneMatch(type -> type.isEquivalentTo(Supplier.class)))),

    /** The surroundings of the process are none of an algorithm's business. */
    PROCESS(
            type -> isOneOf(type, "java.lang.Process", "java.lang.ProcessBuilder", "java.lang.Runtime"),
            call -> isOneOf(
                    call, "java.lang.System", "getProperty", "getProperties", "getenv", "exit", "gc", "setProperty"));

    private final Predicate<JavaClass> types;
    private final Predicate<JavaAccess<?>> calls;

    Words(Predicate<JavaClass> types, Predicate<JavaAccess<?>> calls) {
        this.types = types;
        this.calls = calls;
    }

    /** Fails for each place where one of these families is used: as a type, by a call or by a method reference. */
    static ArchCondition<JavaClass> sayNone(Words... families) {
        return new ArchCondition<>("say none of " + Arrays.toString(families)) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                for (Words family : families) {
                    for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                        if (family.types.test(dependency.getTargetClass().getBaseComponentType())) {
                            events.add(
                                    SimpleConditionEvent.violated(type, family + ": " + dependency.getDescription()));
                        }
                    }
                    for (JavaAccess<?> access : type.getAccessesFromSelf()) {
                        if (family.calls.test(access)) {
                            events.add(SimpleConditionEvent.violated(type, family + ": " + access.getDescription()));
                        }
                    }
                }
            }
        };
    }

    private static boolean runsInTheCommonPool(JavaAccess<?> call) {
        return isOneOf(call, "java.util.concurrent.CompletableFuture", "supplyAsync", "runAsync", "delayedExecutor")
                && parameters(call).stream().noneMatch(type -> type.getName().equals("java.util.concurrent.Executor"));
    }

    private static boolean isIn(JavaClass type, String packageName) {
        return type.getPackageName().equals(packageName)
                || type.getPackageName().startsWith(packageName + ".");
    }

    private static boolean isOneOf(JavaClass type, String... names) {
        return List.of(names).contains(type.getName());
    }

    private static boolean isOneOf(JavaAccess<?> access, String owner, String... members) {
        return isOwnedBy(access, owner)
                && List.of(members).contains(access.getTarget().getName());
    }

    private static boolean isOwnedBy(JavaAccess<?> access, String owner) {
        return access.getTarget().getOwner().getName().equals(owner);
    }

    private static boolean isCalled(JavaAccess<?> access, String name) {
        return access.getTarget().getName().equals(name);
    }

    private static boolean isConstructor(JavaAccess<?> access) {
        return access.getTarget() instanceof AccessTarget.ConstructorCallTarget
                || access.getTarget() instanceof AccessTarget.ConstructorReferenceTarget;
    }

    private static List<JavaClass> parameters(JavaAccess<?> access) {
        return access.getTarget() instanceof AccessTarget.CodeUnitAccessTarget target
                ? target.getRawParameterTypes()
                : List.of();
    }
}

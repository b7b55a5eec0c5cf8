// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Which classes of fault a run may, must or must not have. Immutable.
 *
 * <p>Whatever the plan, the faults know what a cluster must survive: no more nodes than both quorums can spare are ever
 * lost for good, and all others are up again when the faults end.
 */
public final class FaultPlan {

    private enum Choice {
        OFF,
        DRAWN,
        ON
    }

    private final Map<FaultClass, Choice> choices;

    private FaultPlan(Map<FaultClass, Choice> choices) {
        this.choices = choices;
    }

    /** Every class that this version survives is drawn, on or off, for each run. */
    public static FaultPlan drawn() {
        Map<FaultClass, Choice> choices = new EnumMap<>(FaultClass.class);
        for (FaultClass each : FaultClass.values()) {
            choices.put(each, each.isSurvivable() ? Choice.DRAWN : Choice.OFF);
        }
        return new FaultPlan(choices);
    }

    /** Nothing goes wrong. */
    public static FaultPlan none() {
        return only();
    }

    /** These classes are on in every run, and no other. */
    public static FaultPlan only(FaultClass... on) {
        FaultPlan plan = new FaultPlan(new EnumMap<>(FaultClass.class));
        for (FaultClass each : on) {
            plan = plan.with(each);
        }
        return plan;
    }

    /** The same with this class on in every run. */
    public FaultPlan with(FaultClass on) {
        return choosing(on, Choice.ON);
    }

    /** The same with this class off in every run. */
    public FaultPlan without(FaultClass off) {
        return choosing(off, Choice.OFF);
    }

    private FaultPlan choosing(FaultClass fault, Choice choice) {
        Map<FaultClass, Choice> copy = new EnumMap<>(FaultClass.class);
        copy.putAll(choices);
        copy.put(fault, choice);
        return new FaultPlan(copy);
    }

    /**
     * The classes of one run. How likely each is is drawn first: with every class at one half, a run with a single fault
     * would never come.
     */
    Set<FaultClass> draw(SplittableRandom random) {
        int percent = random.nextInt(5, 60);
        Set<FaultClass> drawn = EnumSet.noneOf(FaultClass.class);
        for (FaultClass each : FaultClass.values()) {
            boolean chance = random.nextInt(100) < percent;
            Choice choice = choices.getOrDefault(each, Choice.OFF);
            if (choice == Choice.ON || (choice == Choice.DRAWN && chance)) {
                drawn.add(each);
            }
        }
        return drawn;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FaultPlan that && choices.equals(that.choices);
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (FaultClass each : FaultClass.values()) {
            Choice choice = choices.getOrDefault(each, Choice.OFF);
            if (choice != Choice.OFF) {
                text.append(text.isEmpty() ? "" : " ").append(each).append(choice == Choice.ON ? "" : "?");
            }
        }
        return text.isEmpty() ? "none" : text.toString();
    }
}

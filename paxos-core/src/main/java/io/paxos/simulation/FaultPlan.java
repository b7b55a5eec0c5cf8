// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
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

    private static final int OF_SNAPSHOTS_PERCENT = 40;
    private static final Set<FaultClass> OF_SNAPSHOTS = EnumSet.noneOf(FaultClass.class);

    static {
        for (FaultClass each : FaultClass.values()) {
            if (each.isOfSnapshots()) {
                OF_SNAPSHOTS.add(each);
            }
        }
    }

    private static final Set<FaultClass> EARLIER = EnumSet.complementOf(EnumSet.copyOf(OF_SNAPSHOTS));

    private final Map<FaultClass, Choice> choices;
    private final int lossPerMille;
    private final List<Split> splits;

    private FaultPlan(Map<FaultClass, Choice> choices, int lossPerMille, List<Split> splits) {
        this.choices = choices;
        this.lossPerMille = lossPerMille;
        this.splits = List.copyOf(splits);
    }

    /** Every class that this version survives is drawn, on or off, for each run. */
    public static FaultPlan drawn() {
        Map<FaultClass, Choice> choices = new EnumMap<>(FaultClass.class);
        for (FaultClass each : FaultClass.values()) {
            choices.put(each, each.isSurvivable() ? Choice.DRAWN : Choice.OFF);
        }
        return new FaultPlan(choices, 0, List.of());
    }

    /** Nothing goes wrong. */
    public static FaultPlan none() {
        return only();
    }

    /** These classes are on in every run, and no other. */
    public static FaultPlan only(FaultClass... on) {
        FaultPlan plan = new FaultPlan(new EnumMap<>(FaultClass.class), 0, List.of());
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

    /** The same, leaving this class to the seed. */
    public FaultPlan withDrawn(FaultClass drawn) {
        return choosing(drawn, Choice.DRAWN);
    }

    private FaultPlan choosing(FaultClass fault, Choice choice) {
        Map<FaultClass, Choice> copy = new EnumMap<>(FaultClass.class);
        copy.putAll(choices);
        copy.put(fault, choice);
        return new FaultPlan(copy, lossPerMille, splits);
    }

    /**
     * The same, but so many of a thousand frames are lost as long as the faults last. {@link FaultClass#LOSS}, which would
     * draw the figure, is off.
     *
     * @param perMille 0 to 1,000
     * @throws IllegalArgumentException if it is out of range
     */
    public FaultPlan withLoss(int perMille) {
        if (perMille < 0 || perMille > 1_000) {
            throw new IllegalArgumentException("lossPerMille: " + perMille + " is outside the allowed range 0..1000");
        }
        return new FaultPlan(without(FaultClass.LOSS).choices, perMille, splits);
    }

    /** The same with these splits of the cluster, and no others of this kind; beside whatever the classes do. */
    public FaultPlan withSplits(List<Split> planned) {
        return new FaultPlan(choices, lossPerMille, planned);
    }

    /** The same, but each class that may be drawn is on in every run. */
    FaultPlan withEveryPossible() {
        FaultPlan plan = this;
        for (FaultClass each : possible()) {
            plan = plan.with(each);
        }
        return plan;
    }

    /** The classes that a run may have. */
    public Set<FaultClass> possible() {
        Set<FaultClass> possible = EnumSet.noneOf(FaultClass.class);
        choices.forEach((fault, choice) -> {
            if (choice != Choice.OFF) {
                possible.add(fault);
            }
        });
        return possible;
    }

    /** The classes that every run has. */
    public Set<FaultClass> certain() {
        Set<FaultClass> certain = EnumSet.noneOf(FaultClass.class);
        choices.forEach((fault, choice) -> {
            if (choice == Choice.ON) {
                certain.add(fault);
            }
        });
        return certain;
    }

    /** How many of a thousand frames are lost for certain. */
    public int lossPerMille() {
        return lossPerMille;
    }

    /** The splits that every run has. */
    public List<Split> splits() {
        return splits;
    }

    /**
     * The classes of one run. How likely each is is drawn first: with every class at one half, a run with a single fault
     * would never come.
     *
     * @param apart for the classes that were not there when the first seeds were recorded
     */
    Set<FaultClass> draw(SplittableRandom random, SplittableRandom apart) {
        int percent = random.nextInt(5, 60);
        Set<FaultClass> drawn = EnumSet.noneOf(FaultClass.class);
        for (FaultClass each : EARLIER) {
            Choice choice = choices.getOrDefault(each, Choice.OFF);
            if (each == FaultClass.CLOCKS_OUT_OF_BOUND && choice == Choice.OFF) {
                continue; // it came later, and what is drawn behind it stays what it was
            }
            boolean chance = random.nextInt(100) < (each == FaultClass.SNAPSHOTS ? 50 : percent);
            if (choice == Choice.ON || (choice == Choice.DRAWN && chance)) {
                drawn.add(each);
            }
        }
        for (FaultClass each : OF_SNAPSHOTS) {
            boolean chance = apart.nextInt(100) < OF_SNAPSHOTS_PERCENT && drawn.contains(FaultClass.SNAPSHOTS);
            Choice choice = choices.getOrDefault(each, Choice.OFF);
            if (choice == Choice.ON || (choice == Choice.DRAWN && chance)) {
                drawn.add(FaultClass.SNAPSHOTS);
                drawn.add(each);
            }
        }
        return drawn;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FaultPlan that && toString().equals(that.toString());
    }

    @Override
    public int hashCode() {
        return toString().hashCode();
    }

    @Override
    public String toString() {
        List<String> parts = new ArrayList<>();
        for (FaultClass each : possible()) {
            parts.add(each + (choices.get(each) == Choice.ON ? "" : "?"));
        }
        if (lossPerMille > 0) {
            parts.add("loss of " + lossPerMille + " in 1000");
        }
        for (Split split : splits) {
            parts.add("split " + split);
        }
        return parts.isEmpty() ? "none" : String.join(" ", parts);
    }
}

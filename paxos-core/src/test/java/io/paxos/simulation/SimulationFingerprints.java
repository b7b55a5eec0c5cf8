// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/** Prints the fingerprints of some seeds, for a test that compares them with those of its own JVM. */
final class SimulationFingerprints {

    static final int SEEDS = 25;

    private SimulationFingerprints() {}

    /** One line a seed: the fingerprint over every event, and the length and hash of the kept events as text. */
    static String of(int seeds) {
        Simulation<?, ?, ?> simulation =
                Simulation.of(new KeyValueWorkload(4)).with(SimulationOptions.DEFAULT.withTrace(50, 2_000));
        StringBuilder lines = new StringBuilder();
        for (long seed = 1; seed <= seeds; seed++) {
            SimulationResult result = simulation.run(seed);
            String text = result.trace().toText();
            lines.append(seed).append(' ').append(result.trace().fingerprint());
            lines.append(' ').append(text.length()).append(' ').append(text.hashCode());
            lines.append(' ').append(result.isGood()).append('\n');
        }
        return lines.toString();
    }

    public static void main(String[] arguments) {
        System.out.print(of(SEEDS));
    }
}

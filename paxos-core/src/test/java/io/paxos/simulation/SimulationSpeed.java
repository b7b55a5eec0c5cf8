// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/**
 * Runs seeds one after another and prints how many a second, for measuring by hand:
 * {@code java … io.paxos.simulation.SimulationSpeed firstSeed seeds [nodesMin nodesMax]}.
 */
final class SimulationSpeed {

    private SimulationSpeed() {}

    public static void main(String[] arguments) {
        long first = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        SimulationOptions options = SimulationOptions.DEFAULT;
        if (arguments.length >= 4) {
            options = options.withNodes(Integer.parseInt(arguments[2]), Integer.parseInt(arguments[3]));
        }
        if (arguments.length >= 5 && arguments[4].equals("none")) {
            options = options.withFaults(FaultPlan.none());
        }
        Simulation<?, ?, ?> simulation = Simulation.of(new KeyValueWorkload(4)).with(options);
        long began = System.nanoTime();
        long bad = 0;
        long lap = began;
        for (long seed = first; seed < first + count; seed++) {
            SimulationResult result = simulation.run(seed);
            if (!result.isGood()) {
                bad++;
                System.out.println(result.summary());
            } else if (count <= 5) {
                System.out.println(result.summary() + " " + result.cluster() + " "
                        + result.trace().counts());
            }
            if ((seed - first) % 500 == 499) {
                long now = System.nanoTime();
                System.out.printf(
                        "%d seeds, the last 500 at %.1f/s, %d bad%n", seed - first + 1, 500e9 / (now - lap), bad);
                lap = now;
            }
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        System.out.printf("%d seeds in %.1f s: %.1f seeds/s, %d bad%n", count, seconds, count / seconds, bad);
    }
}

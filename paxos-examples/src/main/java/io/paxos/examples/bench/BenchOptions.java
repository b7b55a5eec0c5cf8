// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was asked for, checked: {@link BenchFlags} reads it from the command line.
 *
 * @param nodes how many nodes
 * @param outstanding operations in flight, one load each
 * @param sizes of commands in bytes, one load each
 * @param seconds that each load is measured
 * @param warmUpSeconds at most
 * @param rounds how often everything
 * @param rates operations a second, for open loops; empty for closed ones
 * @param reads whether there are loads of reads, too
 * @param place who makes the load
 * @param kills how often the leader is killed; 0 for none
 * @param soakMinutes of steady load; 0 for none
 * @param prefills commands in the log, one set of loads each; empty for none
 * @param snapshotEvery bytes of log; 0 for no snapshots
 * @param jvmOptions of the nodes
 * @param data where the directories are made; null for the system's place for temporary ones
 * @param out where the results go, without the end of the file's name
 */
record BenchOptions(
        int nodes,
        List<Integer> outstanding,
        List<Integer> sizes,
        int seconds,
        int warmUpSeconds,
        int rounds,
        List<Long> rates,
        boolean reads,
        LoadPlace place,
        int kills,
        int soakMinutes,
        List<Long> prefills,
        long snapshotEvery,
        List<String> jvmOptions,
        @Nullable Path data,
        Path out) {

    BenchOptions {
        outstanding = List.copyOf(outstanding);
        sizes = List.copyOf(sizes);
        rates = List.copyOf(rates);
        prefills = List.copyOf(prefills);
        jvmOptions = List.copyOf(jvmOptions);
    }

    /** What is not to be forgotten when the figures are read. */
    List<String> facts() {
        List<String> facts = new ArrayList<>();
        facts.add(nodes + (nodes == 1 ? " node" : " nodes") + " as processes on one machine, every command forced on a"
                + " quorum before it is answered");
        facts.add("load made by " + place.description());
        facts.add("snapshots " + (snapshotEvery == 0 ? "off" : "every " + snapshotEvery + " bytes of log"));
        facts.add("JVM options of the nodes: " + (jvmOptions.isEmpty() ? "none" : String.join(" ", jvmOptions)));
        return facts;
    }
}

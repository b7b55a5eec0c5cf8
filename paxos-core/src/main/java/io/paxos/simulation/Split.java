// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.model.NodeId;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * For a while the cluster is in parts: nodes of different parts do not hear each other. A node in no part hears, and is heard
 * by, all of them. Nodes that a run's cluster does not have are passed over.
 *
 * @param fromMillis when it begins, in virtual time since the run began
 * @param untilMillis when it ends, after {@code fromMillis}; the end of the faults ends it too
 * @param parts two or more, no node in two of them
 */
public record Split(long fromMillis, long untilMillis, List<List<NodeId>> parts) {

    /** @throws IllegalArgumentException if the times or the parts are not as described */
    public Split {
        if (fromMillis < 0 || untilMillis <= fromMillis) {
            throw new IllegalArgumentException(
                    "split: " + fromMillis + " to " + untilMillis + " ms is not a stretch of time from 0 on");
        }
        parts = parts.stream().map(List::copyOf).toList();
        if (parts.size() < 2) {
            throw new IllegalArgumentException("split parts: " + parts + " are fewer than two");
        }
        TreeSet<NodeId> seen = new TreeSet<>();
        for (List<NodeId> part : parts) {
            for (NodeId node : part) {
                if (!seen.add(node)) {
                    throw new IllegalArgumentException("split parts: " + node + " is there twice");
                }
            }
        }
    }

    /** Whether it keeps these two apart. */
    boolean separates(NodeId a, NodeId b) {
        int partOfA = partOf(a);
        int partOfB = partOf(b);
        return partOfA >= 0 && partOfB >= 0 && partOfA != partOfB;
    }

    private int partOf(NodeId node) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i).contains(node)) {
                return i;
            }
        }
        return -1;
    }

    /** As in {@code 2000ms-4000ms:n1,n2/n3}. */
    @Override
    public String toString() {
        return fromMillis + "ms-" + untilMillis + "ms:"
                + parts.stream()
                        .map(part -> part.stream().map(NodeId::toString).collect(Collectors.joining(",")))
                        .collect(Collectors.joining("/"));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.Locale;

/** Who makes the load. */
enum LoadPlace {
    /** A client in the process of the bench, over a connection to each node. */
    CLIENT("a remote client in a process of its own"),
    /** The node that leads. */
    LEADER("the leader, inside its own JVM"),
    /** A node that does not lead. */
    FOLLOWER("a follower, inside its own JVM");

    private final String description;

    LoadPlace(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

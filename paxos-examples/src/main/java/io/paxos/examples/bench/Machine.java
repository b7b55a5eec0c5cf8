// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where it was measured. */
final class Machine {

    private Machine() {}

    /** @param directory where the nodes keep their data */
    static List<String> facts(Path directory) throws IOException {
        List<String> facts = new ArrayList<>();
        int processors = Runtime.getRuntime().availableProcessors();
        facts.add(processors + (processors == 1 ? " processor, " : " processors, ") + System.getProperty("os.name")
                + " " + System.getProperty("os.version") + " " + System.getProperty("os.arch") + ", Java "
                + Runtime.version());
        String type = Files.getFileStore(directory).type();
        facts.add("data on " + type
                + (type.equals("tmpfs") || type.equals("ramfs")
                        ? ", where a force costs nothing: choose a disk with --data"
                        : ""));
        return facts;
    }
}

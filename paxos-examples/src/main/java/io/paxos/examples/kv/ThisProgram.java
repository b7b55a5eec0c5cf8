// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** How this very program was started, so that it can be started again as another process: with {@code -jar}, or a class path. */
public final class ThisProgram {

    private ThisProgram() {}

    /**
     * The command line that starts this program again, to which its arguments are to be added.
     *
     * @param jvmOptions for the new process
     * @throws IOException if that cannot be told
     */
    public static List<String> command(List<String> jvmOptions) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvmOptions);
        String classPath = System.getProperty("java.class.path", "");
        Path code = codeSource();
        if (!Files.isReadable(code)) {
            throw new IOException("cannot read " + code + ", from which this program was started");
        }
        boolean jar = !classPath.contains(File.pathSeparator) && Files.isRegularFile(code);
        command.addAll(jar ? List.of("-jar", code.toString()) : List.of("-cp", classPath, Main.class.getName()));
        return command;
    }

    private static Path codeSource() throws IOException {
        try {
            return Path.of(Main.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IOException("cannot tell from where this program was started: " + e);
        }
    }
}

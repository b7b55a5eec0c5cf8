// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lock release}. */
@Command(
        name = "release",
        sortOptions = false,
        description = "Gives a lock back before its lease is over.",
        footer = {"", "Exit code: 0 released; 3 it was not held under that token; 1 nobody can tell; 2 a flag is wrong."
        })
final class ReleaseCommand implements Callable<Integer> {

    private static final int NOT_HELD = 3;
    private static final int FAILED = 1;

    @Parameters(index = "0", paramLabel = "LOCK", description = "The lock's name.")
    private String name = "";

    @Parameters(index = "1", paramLabel = "TOKEN", description = "What 'acquire' printed.")
    private String token = "";

    @Mixin
    private Servers servers = new Servers();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        try (LockClient client = servers.connect()) {
            if (client.release(name, FencingToken.parse(token))) {
                return 0;
            }
            spec.commandLine().getErr().println("lock " + name + " is not held under token " + token);
            return NOT_HELD;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        } catch (LockClient.LockException e) {
            spec.commandLine().getErr().println("lock " + name + ": " + e.getMessage());
            return FAILED;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lock watch}: asks again and again, without writing to the log. */
@Command(
        name = "watch",
        sortOptions = false,
        description = "Prints who has a lock, and again whenever that changes, until it is interrupted.")
final class WatchCommand implements Callable<Integer> {

    @Parameters(paramLabel = "LOCK", description = "The lock's name.")
    private String name = "";

    @Mixin
    private Servers servers = new Servers();

    @Option(
            names = "--every-millis",
            paramLabel = "N",
            defaultValue = "200",
            description = "How often to ask (default: ${DEFAULT-VALUE}).")
    private long everyMillis;

    @Option(
            names = "--changes",
            paramLabel = "N",
            defaultValue = "0",
            description = "Ends after so many lines (default: ${DEFAULT-VALUE}, never).")
    private long changes;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        String last = "";
        long lines = 0;
        try (LockClient client = servers.connect()) {
            while (changes == 0 || lines < changes) {
                String now = shown(client);
                if (!now.equals(last)) {
                    out.println(now);
                    out.flush();
                    last = now;
                    lines++;
                } else {
                    TimeUnit.MILLISECONDS.sleep(Math.max(1, everyMillis));
                }
            }
            return 0;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private String shown(LockClient client) throws InterruptedException {
        try {
            LockAnswer holder = client.holder(name);
            return holder.kind() == LockAnswer.Kind.HELD
                    ? name + " is held by " + holder.owner() + " under token " + holder.token()
                    : name + " is free";
        } catch (LockClient.LockException unreachable) {
            return name + " cannot be looked at: " + unreachable.getMessage();
        }
    }
}

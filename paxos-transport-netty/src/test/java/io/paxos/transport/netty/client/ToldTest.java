// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** Whatever becomes of the threads that tell callers: each is told, once and in order. */
class ToldTest {

    private final List<String> heard = new ArrayList<>();
    private int errors;
    private final Executor own = completions -> {
        if (errors-- > 0) {
            throw new OutOfMemoryError("planted: no thread can be made");
        }
        completions.run();
    };

    @Test
    void whatNoThreadCanBeHadForIsToldAtALaterTurn() {
        Told told = new Told("c", null, own);
        errors = 4; // each time it is asked twice: as the executor, and in its place
        told.add(() -> heard.add("a"));
        told.flush();
        told.add(() -> heard.add("b"));
        told.flush();
        assertEquals(List.of(), heard);
        told.add(() -> heard.add("c"));
        told.flush();
        assertEquals(List.of("a", "b", "c"), heard);
        told.flush();
        told.end();
        assertEquals(List.of("a", "b", "c"), heard);
    }

    @Test
    void atTheEndItIsToldWithoutAThread() {
        Told told = new Told("c", null, own);
        errors = Integer.MAX_VALUE;
        told.add(() -> heard.add("a"));
        told.flush();
        told.add(() -> heard.add("b"));
        told.end();
        told.run(() -> heard.add("c"));
        assertEquals(List.of("a", "b", "c"), heard);
    }

    @Test
    void anExecutorThatRefusesIsReplaced() {
        Told told = new Told(
                "c",
                completions -> {
                    throw new OutOfMemoryError("planted: no thread can be made");
                },
                own);
        told.add(() -> heard.add("a"));
        told.flush();
        assertEquals(List.of("a"), heard);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.Fixtures.lines;
import static io.paxos.transport.netty.Fixtures.listenTo;
import static io.paxos.transport.netty.Fixtures.stopListening;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.Complaints.Kind;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ComplaintsTest {
    private static final long SECOND = 1_000_000_000L;

    private final ListAppender<ILoggingEvent> log = listenTo(ComplaintsTest.class);

    /** Close to the end of the range, since nanoTime may be anywhere in it. */
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - SECOND);

    private final Complaints complaints = new Complaints(LoggerFactory.getLogger(ComplaintsTest.class), now::get);

    @AfterEach
    void stop() {
        stopListening(ComplaintsTest.class, log);
    }

    @Test
    void oneLineOfEachKindInTenSecondsAndTheNextSaysHowManyWereKeptBack() {
        for (int i = 0; i < 1_000; i++) {
            complaints.warn(Kind.STRANGER, "stranger " + i);
            complaints.warn(Kind.REFUSED, "refused " + i);
        }
        now.addAndGet(10 * SECOND - 1);
        complaints.warn(Kind.STRANGER, "too early");
        now.addAndGet(1);
        complaints.warn(Kind.STRANGER, "later");
        now.addAndGet(11 * SECOND);
        complaints.warn(Kind.STRANGER, "much later");
        assertEquals(
                List.of("stranger 0", "refused 0", "later (and 1000 more of this kind before)", "much later"),
                lines(log));
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.leaks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** The gate itself is tested: one that never closes would be noticed by nobody. */
class LeakGateTest {
    @Test
    void aClassThatLosesABufferFailsWithTheStationsOfTheBuffer() {
        EngineExecutionResults results = run("junit-jupiter", LosesABuffer.class);

        assertEquals(1, results.testEvents().succeeded().count(), "the test itself sees nothing");
        String message = failureOf(results);
        assertTrue(message.startsWith("1 Netty buffer(s) lost by the end of LosesABuffer"), message);
        assertTrue(message.contains("LEAK: ByteBuf.release() was not called"), message);
        assertTrue(message.contains("LosesABuffer.loses(LosesABuffer.java:"), message);
    }

    @Test
    void aLeakIsReportedOnceAndTheNextClassStartsClean() {
        assertEquals(
                1,
                run("junit-jupiter", LosesABuffer.class)
                        .containerEvents()
                        .failed()
                        .count());
        assertEquals(
                0,
                run("junit-jupiter", ReleasesItsBuffer.class)
                        .containerEvents()
                        .failed()
                        .count());
    }

    @Test
    void aClassThatReleasesItsBuffersPasses() {
        EngineExecutionResults results = run("junit-jupiter", ReleasesItsBuffer.class);
        assertEquals(1, results.testEvents().succeeded().count());
        assertEquals(0, results.containerEvents().failed().count());
    }

    @Test
    void aPropertyThatLosesABufferFailsToo() {
        EngineExecutionResults results = run("jqwik", LosesABufferInAProperty.class);

        assertEquals(1, results.testEvents().succeeded().count(), "the property itself sees nothing");
        String message = failureOf(results);
        assertTrue(message.startsWith("1 Netty buffer(s) lost by the end of LosesABufferInAProperty"), message);
    }

    private static String failureOf(EngineExecutionResults results) {
        return results.containerEvents()
                .failed()
                .map(event -> event.getRequiredPayload(TestExecutionResult.class))
                .findFirst()
                .flatMap(TestExecutionResult::getThrowable)
                .map(Throwable::getMessage)
                .orElseThrow();
    }

    /** As the build runs the tests: the gate comes by itself. */
    private static EngineExecutionResults run(String engine, Class<?> testClass) {
        return EngineTestKit.engine(engine)
                .configurationParameter("junit.jupiter.extensions.autodetection.enabled", "true")
                .selectors(selectClass(testClass))
                .execute();
    }
}

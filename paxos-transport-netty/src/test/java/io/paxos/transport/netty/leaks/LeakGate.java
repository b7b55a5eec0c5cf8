// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.leaks;

import java.util.Optional;
import net.jqwik.api.lifecycle.AfterContainerHook;
import net.jqwik.api.lifecycle.ContainerLifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test class during which a Netty buffer was lost, with Netty's report of where it had been. Nested classes are
 * looked at with the class around them. Registered as a service with Jupiter and with jqwik, so that no test can forget it.
 *
 * <p>A class is where the line is drawn because a server or client that a class shares may keep buffers until its end. A buffer
 * lost by something that outlives the class is blamed on a later one; the report's stations still tell where it came from.
 */
public final class LeakGate implements AfterAllCallback, AfterContainerHook {
    /** Listens from before the first test: the engines make the gate when they start. */
    private final LeakLog log = LeakLog.instance();

    @Override
    public void afterAll(ExtensionContext context) {
        close(context.getTestClass());
    }

    @Override
    public void afterContainer(ContainerLifecycleContext context) {
        close(context.optionalContainerClass());
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    private void close(Optional<Class<?>> testClass) {
        testClass.filter(type -> type.getEnclosingClass() == null).ifPresent(log::assertNothingLost);
    }
}

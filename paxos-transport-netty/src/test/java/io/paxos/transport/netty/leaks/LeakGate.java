// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.leaks;

import java.util.Optional;
import net.jqwik.api.lifecycle.AfterContainerHook;
import net.jqwik.api.lifecycle.BeforeContainerHook;
import net.jqwik.api.lifecycle.ContainerLifecycleContext;
import net.jqwik.api.lifecycle.PropagationMode;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails the test class during which a Netty buffer was lost, with Netty's report of where it had been. Nested classes are
 * looked at with the class around them. Registered as a service with Jupiter and with jqwik, so that no test can forget it.
 *
 * <p>A class is where the line is drawn because a server or client that a class shares may keep buffers until its end. A buffer
 * lost by something that outlives the class is blamed on a later one; the report's stations still tell where it came from.
 */
public final class LeakGate implements BeforeAllCallback, AfterAllCallback, BeforeContainerHook, AfterContainerHook {
    @Override
    public void beforeAll(ExtensionContext context) {
        open(context.getTestClass());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close(context.getTestClass());
    }

    @Override
    public void beforeContainer(ContainerLifecycleContext context) {
        open(context.optionalContainerClass());
    }

    @Override
    public void afterContainer(ContainerLifecycleContext context) {
        close(context.optionalContainerClass());
    }

    @Override
    public PropagationMode propagateTo() {
        return PropagationMode.ALL_DESCENDANTS;
    }

    private static void open(Optional<Class<?>> testClass) {
        if (isOutermost(testClass)) {
            LeakLog.instance();
        }
    }

    private static void close(Optional<Class<?>> testClass) {
        if (isOutermost(testClass)) {
            LeakLog.instance().assertNothingLost(testClass.orElseThrow());
        }
    }

    private static boolean isOutermost(Optional<Class<?>> testClass) {
        return testClass.filter(type -> type.getEnclosingClass() == null).isPresent();
    }
}

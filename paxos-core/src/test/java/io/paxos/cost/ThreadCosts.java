// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What the threads of this JVM have cost since they began: bytes they allocated, and how often they waited in a queue or
 * lock, each wait being one time that somebody had to wake them. Waits in a system call, for a disk or a socket, are not
 * counted.
 */
public final class ThreadCosts {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private record Cost(String thread, long allocatedBytes, long waits) {}

    private final Map<Long, Cost> costs = new TreeMap<>();

    private ThreadCosts() {}

    /** Bytes that the calling thread has allocated; itself allocates nothing. */
    public static long allocatedHere() {
        return THREADS.getCurrentThreadAllocatedBytes();
    }

    /** All threads that are alive. */
    public static ThreadCosts now() {
        ThreadCosts now = new ThreadCosts();
        long[] ids = THREADS.getAllThreadIds();
        long[] bytes = THREADS.getThreadAllocatedBytes(ids);
        ThreadInfo[] infos = THREADS.getThreadInfo(ids);
        for (int i = 0; i < ids.length; i++) {
            if (infos[i] != null && bytes[i] >= 0) {
                now.costs.put(ids[i], new Cost(infos[i].getThreadName(), bytes[i], infos[i].getWaitedCount()));
            }
        }
        return now;
    }

    /** What was added since then; a thread that began since then counts from its beginning. */
    public ThreadCosts since(ThreadCosts before) {
        ThreadCosts added = new ThreadCosts();
        costs.forEach((id, cost) -> {
            Cost then = before.costs.getOrDefault(id, new Cost(cost.thread, 0, 0));
            added.costs.put(
                    id, new Cost(cost.thread, cost.allocatedBytes - then.allocatedBytes, cost.waits - then.waits));
        });
        return added;
    }

    /** Of all threads of such a name. */
    public long allocatedBytes(Predicate<String> name) {
        return costs.values().stream()
                .filter(cost -> name.test(cost.thread))
                .mapToLong(Cost::allocatedBytes)
                .sum();
    }

    /** Of all threads of such a name. */
    public long waits(Predicate<String> name) {
        return costs.values().stream()
                .filter(cost -> name.test(cost.thread))
                .mapToLong(Cost::waits)
                .sum();
    }

    /** Names of the threads. */
    public Iterable<String> threads() {
        return costs.values().stream().map(Cost::thread).distinct().sorted().toList();
    }
}

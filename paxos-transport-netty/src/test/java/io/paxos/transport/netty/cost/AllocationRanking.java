// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.cost;

import io.netty.util.ResourceLeakDetector;
import io.paxos.cost.ThreadCosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/**
 * Which lines allocate how much for a command, on its way from a remote client through the leader and a follower. A program, not
 * a test; {@code docs/performance.md} says how to run it.
 *
 * <p>How much each thread allocates is exact. How that is shared out among lines comes from Flight Recorder, which sees what is
 * allocated outside a thread-local buffer, and what makes a new one necessary: run it with {@code -XX:TLABSize=2k
 * -XX:MinTLABSize=2k -XX:-ResizeTLAB}, so that it sees much.
 */
final class AllocationRanking {

    private static final int LINES = 30;
    private static final int WARM_COMMANDS = 400_000;
    private static final int COMMANDS = 200_000;

    private final TreeMap<String, Long> sampled = new TreeMap<>();
    private long sampledInAll;

    private AllocationRanking() {}

    /** Arguments: how many commands are under way, and their size in bytes. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int outstanding = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 256;
        int bytes = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 256;
        int scale = outstanding >= 256 ? 1 : outstanding >= 16 ? 4 : 40;
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
        Path directory = Files.createTempDirectory("paxos-allocation");
        Path file = directory.resolve("allocation.jfr");
        try (SocketCluster cluster = new SocketCluster(directory);
                Recording recording = new Recording()) {
            recording.enable("jdk.ObjectAllocationInNewTLAB");
            recording.enable("jdk.ObjectAllocationOutsideTLAB");
            cluster.load(WARM_COMMANDS / scale, outstanding, bytes);
            recording.start();
            ThreadCosts before = ThreadCosts.now();
            cluster.load(COMMANDS / scale, outstanding, bytes);
            ThreadCosts added = ThreadCosts.now().since(before);
            recording.stop();
            recording.dump(file);
            List<RecordedEvent> samples = RecordingFile.readAllEvents(file);
            double commands = (double) COMMANDS / scale;
            System.out.printf("%d commands of %d bytes under way; bytes allocated per command%n", outstanding, bytes);
            for (String thread : added.threads()) {
                double each = added.allocatedBytes(thread::equals) / commands;
                if (each >= 1) {
                    System.out.printf("  %-28s %7.0f%s%n", thread, each, cluster.isLeaders(thread) ? "  (leader)" : "");
                }
            }
            print("the client", samples, added, name -> name.startsWith("paxos-client"), commands);
            print("the leader", samples, added, cluster::isLeaders, commands);
            print("a follower", samples, added, cluster::isFollowers, 2 * commands);
        } finally {
            delete(directory);
        }
    }

    private static void print(
            String who, List<RecordedEvent> samples, ThreadCosts added, Predicate<String> threads, double commands) {
        AllocationRanking ranking = new AllocationRanking();
        for (RecordedEvent sample : samples) {
            if (sample.getThread() != null
                    && threads.test(String.valueOf(sample.getThread().getJavaName()))) {
                ranking.add(sample);
            }
        }
        ranking.print(who, added.allocatedBytes(threads) / commands);
    }

    private void add(RecordedEvent sample) {
        long weight = sample.getLong(sample.hasField("tlabSize") ? "tlabSize" : "allocationSize");
        String type = sample.getClass("objectClass").getName();
        String thread = sample.getThread().getJavaName().replaceFirst("^paxos-(n\\d+-)?", "");
        String what = shortened(type).replaceFirst("(\\$\\$Lambda).*", "$1");
        sampled.merge(String.format("%-9s %-36s %s", thread, what, place(sample)), weight, Long::sum);
        sampledInAll += weight;
    }

    private static String shortened(String type) {
        return type.replaceAll("(\\w)\\w*\\.(?=\\w+\\.\\w)", "$1.");
    }

    /** Where it was allocated; and if that is not in our own code, the line of ours that led there. */
    private static String place(RecordedEvent sample) {
        if (sample.getStackTrace() == null) {
            return "?";
        }
        List<RecordedFrame> frames = sample.getStackTrace().getFrames();
        String top = line(frames.get(0));
        for (RecordedFrame frame : frames) {
            if (frame.getMethod().getType().getName().startsWith("io.paxos.")) {
                String own = line(frame);
                return own.equals(top) ? own : own + " > " + top;
            }
        }
        return top;
    }

    private static String line(RecordedFrame frame) {
        String type = frame.getMethod().getType().getName();
        return type.substring(type.lastIndexOf('.') + 1) + "."
                + frame.getMethod().getName() + ":" + frame.getLineNumber();
    }

    private void print(String who, double bytesEach) {
        System.out.printf("%n%s: %.0f bytes per command%n", who, bytesEach);
        sampled.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue(Comparator.reverseOrder()))
                .limit(LINES)
                .forEach(each -> System.out.printf(
                        "%7.1f  %4.1f %%  %s%n",
                        bytesEach * each.getValue() / sampledInAll,
                        100.0 * each.getValue() / sampledInAll,
                        each.getKey()));
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}

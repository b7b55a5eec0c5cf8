// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.journal.FileStorage;
import io.paxos.model.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * How fast a disk takes a snapshot, by hand: arguments are a directory on that disk, which need not exist, and the size of
 * the state in MiB. Prints MB/s of writing with forces, of the read back and the rest of {@code finish}, of a whole check,
 * and of receiving from another directory beside it. The files are deleted at the end.
 */
final class SnapshotBenchmark {

    private SnapshotBenchmark() {}

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        int mebibytes = Integer.parseInt(arguments[1]);
        Path one = Files.createDirectories(directory.resolve("one"));
        Path two = Files.createDirectories(directory.resolve("two"));
        byte[] some = SnapshotSamples.bytes(3, 1 << 20);
        for (int round = 1; round <= 3; round++) {
            SnapshotStore store = SnapshotStore.open(new FileStorage(one));
            long start = System.nanoTime();
            SnapshotWriter writer = store.create(SnapshotSamples.meta(round), new byte[100]);
            for (int i = 0; i < mebibytes; i++) {
                writer.state().write(some);
            }
            long written = System.nanoTime();
            SnapshotId id = writer.finish();
            long finished = System.nanoTime();
            store.newest();
            long checked = System.nanoTime();
            IncomingSnapshot incoming = SnapshotStore.open(new FileStorage(two)).receive(id);
            while (incoming.offset() < id.bytes()) {
                incoming.write(incoming.offset(), ByteBuffer.wrap(store.bytes(id, incoming.offset(), 256 << 10)));
            }
            incoming.finish();
            long received = System.nanoTime();
            System.out.printf(
                    "write %.0f, finish %.0f, write and finish %.0f, check %.0f, receive and finish %.0f MB/s%n",
                    rate(id, written - start),
                    rate(id, finished - written),
                    rate(id, finished - start),
                    rate(id, checked - finished),
                    rate(id, received - checked));
        }
        for (Path each : new Path[] {one, two}) {
            FileStorage storage = new FileStorage(each);
            for (String name : storage.list()) {
                storage.delete(name);
            }
        }
    }

    private static double rate(SnapshotId id, long nanos) {
        return id.bytes() * 1e3 / nanos;
    }
}

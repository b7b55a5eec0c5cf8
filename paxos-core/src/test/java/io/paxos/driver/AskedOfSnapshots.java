// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Founding;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;

/** Notes, in words, what a driver asks of the keeper of its snapshots; the test answers. */
final class AskedOfSnapshots implements SnapshotPorts {

    final List<String> asked = new ArrayList<>();
    final List<SnapshotRead> reads = new ArrayList<>();

    List<String> take() {
        List<String> all = List.copyOf(asked);
        asked.clear();
        return all;
    }

    @Override
    public void take(Founding founding) {
        asked.add("take");
    }

    @Override
    public void read(SnapshotRead read) {
        asked.add("read " + read.wanted() + " from " + read.offset() + ", " + read.length());
        reads.add(read);
    }

    @Override
    public void hold(SnapshotId id) {
        asked.add("hold " + id);
    }

    @Override
    public void stopReceiving() {
        asked.add("stop receiving");
    }

    @Override
    public void receive(SnapshotId id) {
        asked.add("receive " + id);
    }

    @Override
    public void store(SnapshotId id, long offset, Value piece) {
        asked.add("store " + id + " at " + offset + ", " + piece.length());
    }

    @Override
    public void install(SnapshotId id) {
        asked.add("install " + id);
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.journal.Storage;
import io.paxos.journal.StorageFile;
import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A directory that does what a disk may do. A power loss keeps or loses each 512-byte sector that was written since the
 * last force of its file, and the creates, renames and deletes since the last force of the directory; a kill loses
 * nothing. A force that fails leaves pages that read as written and count as clean, though some are not on the disk and
 * never will be, unless they are written again (hazard S12).
 *
 * <p>What happens between the calls of one append is reached by {@link #loseCurrentIn}: the n-th changing call from then
 * on, and all later ones, find the power gone.
 */
final class SimulatedDisk implements Storage {

    /** What a disk writes whole or not at all. */
    static final int SECTOR_BYTES = 512;

    /** What a segment is written in. */
    private static final int BLOCK_BYTES = 4096;

    private static final String SNAPSHOT = ".snap";

    private final String name;
    private final SplittableRandom random;
    private TreeMap<String, SimulatedFile> files = new TreeMap<>();
    private TreeMap<String, SimulatedFile> durableEntries = new TreeMap<>();
    private boolean entriesChanged;
    private boolean locked;
    private int life;
    private int callsUntilPowerLoss;
    private boolean currentLost;
    private int writesUntilFailure;
    private int forcesUntilFailure;
    private int readsUntilFailure;
    private boolean keepsOlderSectors;
    private long capacityBytes = Long.MAX_VALUE;
    private boolean hasFailed;

    SimulatedDisk(String name, SplittableRandom random) {
        this.name = name;
        this.random = random;
    }

    // ---- faults ---------------------------------------------------------------------------------------------

    /** The n-th changing call from now on finds the power gone, and so do all later ones, until {@link #powerLoss}. */
    void loseCurrentIn(int calls) {
        callsUntilPowerLoss = calls;
        currentLost = false;
    }

    /** Whether a call has found the power gone since {@link #loseCurrentIn}. */
    boolean isCurrentLost() {
        return currentLost;
    }

    /** The n-th write from now on fails; those after it work. */
    void failWrite(int n) {
        writesUntilFailure = n;
    }

    /** The n-th force from now on fails; those after it work. */
    void failForce(int n) {
        forcesUntilFailure = n;
    }

    /** The n-th read from now on fails; those after it work. */
    void failRead(int n) {
        readsUntilFailure = n;
    }

    /** From now on files remember what their sectors were before the last force, for {@link #loseProvenSector}. */
    void keepOlderSectors() {
        keepsOlderSectors = true;
        files.values().forEach(SimulatedFile::keepOlderSectors);
    }

    /** No file may grow once there are so many bytes. */
    void limitCapacity(long bytes) {
        capacityBytes = bytes;
    }

    /** Whether a call has failed since the last {@link #forgetFailures}; the node has a cause to stop then. */
    boolean hasFailed() {
        return hasFailed;
    }

    void forgetFailures() {
        hasFailed = false;
        writesUntilFailure = 0;
        forcesUntilFailure = 0;
        readsUntilFailure = 0;
        callsUntilPowerLoss = 0;
    }

    /** The process was killed: its lock and its open files are gone, its bytes are not. */
    void kill() {
        life++;
        locked = false;
        callsUntilPowerLoss = 0;
    }

    /** The power was lost: what was not forced is kept or lost, sector by sector. */
    void powerLoss() {
        kill();
        if (entriesChanged && random.nextBoolean()) {
            files = new TreeMap<>(durableEntries);
        }
        for (SimulatedFile file : files.values()) {
            file.losePower(random);
        }
        durableEntries = new TreeMap<>(files);
        entriesChanged = false;
    }

    /** Forgets everything, as a new disk has. */
    void wipe() {
        kill();
        files = new TreeMap<>();
        durableEntries = new TreeMap<>();
        entriesChanged = false;
    }

    /** A copy of everything that is on the disk, to roll back to. */
    SortedMap<String, byte[]> copy() {
        TreeMap<String, byte[]> copy = new TreeMap<>();
        files.forEach((file, content) -> copy.put(file, content.content()));
        return copy;
    }

    /** The directory is what it was when the copy was made. */
    void rollBack(Map<String, byte[]> copy) {
        wipe();
        copy.forEach((file, bytes) -> files.put(file, new SimulatedFile(bytes)));
        durableEntries = new TreeMap<>(files);
    }

    /**
     * Flips one bit of the newest segment below the place where the last completed append began, so that a record written
     * later proves that the damage is no torn tail. Returns where, or null if there is no such place.
     */
    @Nullable
    String flipProvenBit() {
        Map.Entry<String, SimulatedFile> last = newestSegment();
        if (last == null || last.getValue().provenBytes() == 0) {
            return null;
        }
        long bit = random.nextLong(8L * last.getValue().provenBytes());
        last.getValue().flip(bit);
        return last.getKey() + " bit " + bit;
    }

    /**
     * Loses one sector of the newest segment that lies below the place where the last completed append began: it reads as
     * zeros, or as it was before it was last written. Returns where, or null if there is no such sector or it would read
     * as before.
     */
    @Nullable
    String loseProvenSector() {
        Map.Entry<String, SimulatedFile> last = newestSegment();
        int sectors = last == null ? 0 : last.getValue().provenBytes() / SECTOR_BYTES;
        if (last == null || sectors == 0) {
            return null;
        }
        int sector = random.nextInt(sectors);
        boolean older = random.nextBoolean();
        return last.getValue().loseSector(sector, older)
                ? last.getKey() + " sector " + sector + (older ? " is an older one" : " is zeros")
                : null;
    }

    /** The slot of the newest snapshot, by the names of the files; 0 if there is none. */
    long newestSnapshotSlot() {
        long newest = 0;
        for (String file : files.keySet()) {
            if (file.endsWith(SNAPSHOT)) {
                String slot = file.substring(file.indexOf('-') + 1, file.length() - SNAPSHOT.length());
                newest = Math.max(newest, Long.parseLong(slot, 16));
            }
        }
        return newest;
    }

    /**
     * Damage at rest to the newest snapshot, or to all: a bit is flipped, the end is gone, or the file is. Parts of snapshots on
     * their way here are damaged like whole ones. Returns what was done, or null if there is nothing.
     */
    @Nullable
    String damageSnapshots(SplittableRandom chance) {
        List<String> found = files.keySet().stream()
                .filter(file -> file.endsWith(SNAPSHOT) || file.endsWith(".part"))
                .toList();
        if (found.isEmpty()) {
            return null;
        }
        boolean all = chance.nextInt(3) == 0;
        StringBuilder done = new StringBuilder();
        for (String file : all ? found : found.subList(found.size() - 1, found.size())) {
            done.append(done.length() == 0 ? "" : ", ").append(file).append(damage(file, chance));
        }
        return done.toString();
    }

    /** Whether there were any. */
    boolean removeSnapshots() {
        List<String> found =
                files.keySet().stream().filter(file -> file.endsWith(SNAPSHOT)).toList();
        found.forEach(files::remove);
        found.forEach(durableEntries::remove);
        return !found.isEmpty();
    }

    private String damage(String file, SplittableRandom chance) {
        SimulatedFile content = existingFile(file);
        int kind = chance.nextInt(3);
        if (kind == 0 || content.length() == 0) {
            files.remove(file);
            durableEntries.remove(file);
            return " is gone";
        }
        if (kind == 1) {
            content.truncate(chance.nextInt(content.length()));
            return " is cut to " + content.length() + " bytes";
        }
        long bit = chance.nextLong(8L * content.length());
        content.flip(bit);
        return " bit " + bit;
    }

    private SimulatedFile existingFile(String file) {
        return Objects.requireNonNull(files.get(file));
    }

    private Map.@Nullable Entry<String, SimulatedFile> newestSegment() {
        Map.Entry<String, SimulatedFile> last = null;
        for (Map.Entry<String, SimulatedFile> each : files.entrySet()) {
            if (each.getKey().startsWith("segment-") && each.getKey().endsWith(".log")) {
                last = each;
            }
        }
        return last;
    }

    long bytesUsed() {
        long bytes = 0;
        for (SimulatedFile file : files.values()) {
            bytes += file.length();
        }
        return bytes;
    }

    /** A hash over names and contents. */
    long checksum() {
        long sum = 0;
        for (Map.Entry<String, SimulatedFile> each : files.entrySet()) {
            sum = sum * 31 + each.getKey().hashCode();
            sum = sum * 31 + each.getValue().checksum();
        }
        return sum;
    }

    // ---- the storage ----------------------------------------------------------------------------------------

    private void change() throws IOException {
        if (callsUntilPowerLoss > 0 && --callsUntilPowerLoss == 0) {
            callsUntilPowerLoss = 1;
            currentLost = true;
            throw new IOException("the power is gone");
        }
    }

    private IOException failure(String what) {
        hasFailed = true;
        return new IOException(what);
    }

    @Override
    public List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public StorageFile create(String file) throws IOException {
        change();
        if (files.containsKey(file)) {
            throw new FileAlreadyExistsException(file);
        }
        SimulatedFile content = new SimulatedFile(new byte[0]);
        if (keepsOlderSectors) {
            content.keepOlderSectors();
        }
        files.put(file, content);
        entriesChanged = true;
        return new Open(content, 1, life);
    }

    @Override
    public StorageFile open(String file) throws IOException {
        return new Open(existing(file), 1, life);
    }

    @Override
    public StorageFile openToWrite(String file) throws IOException {
        return open(file);
    }

    @Override
    public StorageFile openInBlocks(String file) throws IOException {
        return new Open(existing(file), BLOCK_BYTES, life);
    }

    private SimulatedFile existing(String file) throws FileNotFoundException {
        SimulatedFile content = files.get(file);
        if (content == null) {
            throw new FileNotFoundException(file);
        }
        return content;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        change();
        SimulatedFile content = existing(from);
        files.remove(from);
        files.put(to, content);
        entriesChanged = true;
    }

    @Override
    public void delete(String file) throws IOException {
        change();
        existing(file);
        files.remove(file);
        entriesChanged = true;
    }

    @Override
    public void force() throws IOException {
        change();
        durableEntries = new TreeMap<>(files);
        entriesChanged = false;
    }

    @Override
    public Closeable lock(String file) throws IOException {
        if (locked) {
            throw new IOException(name + " is open already");
        }
        locked = true;
        int lockedIn = life;
        return () -> {
            if (life == lockedIn) {
                locked = false;
            }
        };
    }

    @Override
    public String toString() {
        return name;
    }

    private final class Open implements StorageFile {

        private final SimulatedFile file;
        private final int blockBytes;
        private final int openedIn;

        Open(SimulatedFile file, int blockBytes, int openedIn) {
            this.file = file;
            this.blockBytes = blockBytes;
            this.openedIn = openedIn;
        }

        @Override
        public int blockBytes() {
            return blockBytes;
        }

        private void requireAlive() throws IOException {
            if (life != openedIn) {
                throw new IOException("the process that opened it is gone");
            }
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            requireAlive();
            if (position % blockBytes != 0 || source.remaining() % blockBytes != 0) {
                throw new IOException("not of whole blocks");
            }
            change();
            if (writesUntilFailure > 0 && --writesUntilFailure == 0) {
                // Some of it may have been written.
                int some = random.nextInt(source.remaining() + 1);
                file.write(source.slice(source.position(), some), (int) position);
                throw failure("input/output error");
            }
            long growth = position + source.remaining() - file.length();
            if (growth > 0 && capacityBytes != Long.MAX_VALUE && bytesUsed() + growth > capacityBytes) {
                throw failure("no space left on device");
            }
            return file.write(source, (int) position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            requireAlive();
            if (readsUntilFailure > 0 && --readsUntilFailure == 0) {
                throw failure("input/output error");
            }
            return file.read(target, position);
        }

        @Override
        public long size() throws IOException {
            requireAlive();
            return file.length();
        }

        @Override
        public void force() throws IOException {
            requireAlive();
            change();
            if (forcesUntilFailure > 0 && --forcesUntilFailure == 0) {
                file.failForce(random);
                throw failure("input/output error");
            }
            file.force();
        }

        @Override
        public void close() {}
    }
}

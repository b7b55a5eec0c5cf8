// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A small ext4 file system of its own, in a file that is mounted; unmounted at the end. Takes root, and a kernel that lets it. */
final class LoopDisk implements AutoCloseable {

    private static final int PIECE_BYTES = 1 << 20;

    private final Path mounted;
    private boolean isMounted;

    private LoopDisk(Path mounted) {
        this.mounted = mounted;
    }

    /**
     * Makes and mounts one, or skips the test where that is not possible.
     *
     * @param mounted where, a directory that does not exist
     * @param bytes its size; only what is written to it takes room
     */
    static LoopDisk mountOrSkip(String test, Path mounted, long bytes) {
        Tools.skipUnlessOnLinux(test);
        if (!Tools.run("mkfs.ext4", "-V").isFine()) {
            Tools.skip(test, "mkfs.ext4 is not installed (Debian: apt-get install e2fsprogs)");
        }
        Tools.Run user = Tools.run("id", "-u");
        if (!user.output().equals("0")) {
            Tools.skip(test, "mounting takes root, and this is user " + user.output());
        }
        LoopDisk disk = new LoopDisk(mounted);
        Path image = mounted.resolveSibling(mounted.getFileName() + ".img");
        try {
            Files.createDirectory(mounted);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Tools.must("truncate", "-s", "" + bytes, image.toString());
        Tools.must("mkfs.ext4", "-q", "-F", "-m", "0", image.toString());
        Tools.Run mount = Tools.run("mount", "-o", "loop", image.toString(), mounted.toString());
        if (!mount.isFine()) {
            Tools.skip(test, "loop mounts do not work here: " + mount.output());
        }
        disk.isMounted = true;
        return disk;
    }

    private Path filler() {
        return mounted.resolve("filler");
    }

    /** Somebody else's file takes all but so much. */
    void fillButFor(long bytesLeft) {
        long before = usable();
        try (OutputStream out = Files.newOutputStream(filler())) {
            byte[] piece = new byte[PIECE_BYTES];
            for (long written = 0; written < before - bytesLeft; written += PIECE_BYTES) {
                out.write(piece);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** And goes away again. */
    void free() {
        try {
            Files.delete(filler());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private long usable() {
        return mounted.toFile().getUsableSpace();
    }

    @Override
    public void close() {
        if (isMounted) {
            Tools.must("umount", mounted.toString());
            isMounted = false;
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A map from bytes to bytes in the order of the unsigned keys, whose contents of one moment can be had in constant time and
 * read on another thread while the map goes on changing.
 *
 * <p>It is a balanced tree (Adelson-Velsky and Landis, 1962) whose nodes know the generation they were made in. A capture is
 * the root, and the beginning of a new generation: nodes of an earlier one belong to the captures as well and are never
 * changed again; who would change one changes a copy, and copies of the nodes on the way to it, once a generation. So what a
 * capture costs is paid bit by bit: some twenty small nodes for the first change near a key, and the values that were
 * replaced or deleted since, until the capture is done with. At worst that is all of what was captured, once.
 *
 * <p>One thread; {@link Contents} belong to another one.
 */
final class CapturableMap {

    private static final class Node {
        private final byte[] key;
        private final long generation;
        private byte[] value;
        private @Nullable Node left;
        private @Nullable Node right;
        private int height = 1;

        Node(byte[] key, byte[] value, long generation) {
            this.key = key;
            this.value = value;
            this.generation = generation;
        }

        void measure() {
            height = 1 + Math.max(heightOf(left), heightOf(right));
        }
    }

    /** What is done with an entry; the arrays may only be read. */
    @FunctionalInterface
    interface Visitor {
        void visit(byte[] key, byte[] value) throws IOException;
    }

    /** Where the entries of a map come from, in the order of their keys. */
    interface Source {
        byte[] nextKey() throws IOException;

        byte[] nextValue() throws IOException;
    }

    /** What was in the map at one moment; read once, by one thread, from then on forgotten. */
    static final class Contents {
        private final int size;
        private @Nullable Node root;

        private Contents(@Nullable Node root, int size) {
            this.root = root;
            this.size = size;
        }

        int size() {
            return size;
        }

        /** Every entry, in the order of the keys; the second time there are none. */
        void forEach(Visitor visitor) throws IOException {
            ArrayDeque<Node> above = new ArrayDeque<>();
            Node next = root;
            root = null; // what was visited and was replaced in the map need not be kept to the end
            while (next != null || !above.isEmpty()) {
                while (next != null) {
                    above.push(next);
                    next = next.left;
                }
                Node node = above.pop();
                visitor.visit(node.key, node.value);
                next = node.right;
            }
        }
    }

    private @Nullable Node root;
    private int size;
    private long generation;

    /** The value that the operation under way replaces or removes. */
    private byte @Nullable [] former;

    int size() {
        return size;
    }

    byte @Nullable [] get(byte[] key) {
        Node node = root;
        while (node != null) {
            int order = Arrays.compareUnsigned(key, node.key);
            if (order == 0) {
                return node.value;
            }
            node = order < 0 ? node.left : node.right;
        }
        return null;
    }

    /** The value that was there before; null if there was none. */
    byte @Nullable [] put(byte[] key, byte[] value) {
        former = null;
        root = with(root, key, value);
        return former;
    }

    /** The value that was there; null if there was none. */
    byte @Nullable [] remove(byte[] key) {
        former = get(key);
        if (former != null) {
            root = without(root, key);
            size--;
        }
        return former;
    }

    /** What is in it now. */
    Contents capture() {
        generation++;
        return new Contents(root, size);
    }

    /**
     * Replaces everything.
     *
     * @throws IOException if the keys do not ascend, or the source fails; the map is as it was then
     */
    void restore(int entries, Source source) throws IOException {
        Node restored = new Building(source).tree(entries);
        root = restored;
        size = entries;
    }

    // ---- the tree ---------------------------------------------------------------------------------------------

    /** Takes ascending entries and puts each into its place at once. */
    private final class Building {
        private final Source source;
        private byte @Nullable [] last;

        Building(Source source) {
            this.source = source;
        }

        @Nullable
        Node tree(int entries) throws IOException {
            if (entries == 0) {
                return null;
            }
            Node left = tree(entries / 2);
            byte[] key = source.nextKey();
            if (last != null && Arrays.compareUnsigned(last, key) >= 0) {
                throw new IOException(
                        "keys do not ascend: one of " + last.length + " bytes, then one of " + key.length);
            }
            last = key;
            Node node = new Node(key, source.nextValue(), generation);
            node.left = left;
            node.right = tree(entries - 1 - entries / 2);
            node.measure();
            return node;
        }
    }

    private static int heightOf(@Nullable Node node) {
        return node == null ? 0 : node.height;
    }

    /** The node itself, or a copy if captures share it. */
    private Node own(Node node) {
        if (node.generation == generation) {
            return node;
        }
        Node copy = new Node(node.key, node.value, generation);
        copy.left = node.left;
        copy.right = node.right;
        copy.height = node.height;
        return copy;
    }

    private Node with(@Nullable Node node, byte[] key, byte[] value) {
        if (node == null) {
            size++;
            return new Node(key, value, generation);
        }
        Node mine = own(node);
        int order = Arrays.compareUnsigned(key, mine.key);
        if (order == 0) {
            former = mine.value;
            mine.value = value;
            return mine;
        }
        if (order < 0) {
            mine.left = with(mine.left, key, value);
        } else {
            mine.right = with(mine.right, key, value);
        }
        return balanced(mine);
    }

    /** The tree without a key that is in it. */
    private @Nullable Node without(@Nullable Node node, byte[] key) {
        if (node == null) {
            throw new IllegalStateException("the key is not in the tree");
        }
        int order = Arrays.compareUnsigned(key, node.key);
        if (order == 0) {
            return joined(node.left, node.right);
        }
        Node mine = own(node);
        if (order < 0) {
            mine.left = without(mine.left, key);
        } else {
            mine.right = without(mine.right, key);
        }
        return balanced(mine);
    }

    private @Nullable Node joined(@Nullable Node left, @Nullable Node right) {
        if (left == null || right == null) {
            return left == null ? right : left;
        }
        Node first = right;
        while (first.left != null) {
            first = first.left;
        }
        Node top = new Node(first.key, first.value, generation);
        top.left = left;
        top.right = withoutFirst(right);
        return balanced(top);
    }

    private @Nullable Node withoutFirst(Node node) {
        if (node.left == null) {
            return node.right;
        }
        Node mine = own(node);
        mine.left = withoutFirst(node.left);
        return balanced(mine);
    }

    /** Whose sides differ in height by two at most, made into one whose sides differ by one at most. */
    private Node balanced(Node mine) {
        int lean = heightOf(mine.left) - heightOf(mine.right);
        if (lean > 1 && mine.left != null) {
            Node left = own(mine.left);
            mine.left = heightOf(left.left) < heightOf(left.right) ? turnedLeft(left) : left;
            return turnedRight(mine);
        }
        if (lean < -1 && mine.right != null) {
            Node right = own(mine.right);
            mine.right = heightOf(right.right) < heightOf(right.left) ? turnedRight(right) : right;
            return turnedLeft(mine);
        }
        mine.measure();
        return mine;
    }

    private Node turnedRight(Node mine) {
        if (mine.left == null) {
            throw new IllegalStateException("nothing to turn up from the left");
        }
        Node top = own(mine.left);
        mine.left = top.right;
        top.right = mine;
        mine.measure();
        top.measure();
        return top;
    }

    private Node turnedLeft(Node mine) {
        if (mine.right == null) {
            throw new IllegalStateException("nothing to turn up from the right");
        }
        Node top = own(mine.right);
        mine.right = top.left;
        top.left = mine;
        mine.measure();
        top.measure();
        return top;
    }
}

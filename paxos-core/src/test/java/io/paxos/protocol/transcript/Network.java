// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import io.paxos.message.Message;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/** What is on its way, in the order in which it left, and which links are cut. A cut link loses what reaches its end. */
final class Network {

    /**
     * A message on its way.
     *
     * @param from who sent it
     * @param founding the founding that its frame names
     * @param to whom it goes to
     * @param message what it says
     */
    record Letter(MemberId from, FoundingId founding, NodeId to, Message message) {
        String kind() {
            return message.getClass().getSimpleName();
        }

        /** The slot it is about, or 0. */
        long slot() {
            return message instanceof Message.Accept accept ? accept.proposal().slot() : 0;
        }
    }

    /**
     * Some of the letters: {@code n1->n2}, {@code n1->*}, {@code *->n2} or {@code *->*}, of one kind or of any.
     *
     * @param from a node, or none for any
     * @param to a node, or none for any
     * @param kind a message's name, or "" for any
     * @param slot an accept's slot, or 0 for any
     */
    record Selection(NodeId from, NodeId to, String kind, long slot) {
        static final Selection ALL = new Selection(NodeId.NONE, NodeId.NONE, "", 0);

        boolean takes(Letter letter) {
            return (from.isNone() || from.equals(letter.from().node()))
                    && (to.isNone() || to.equals(letter.to()))
                    && (kind.isEmpty() || kind.equals(letter.kind()))
                    && (slot == 0 || slot == letter.slot());
        }
    }

    private record Link(NodeId from, NodeId to) implements Comparable<Link> {
        @Override
        public int compareTo(Link other) {
            int byFrom = from.compareTo(other.from);
            return byFrom != 0 ? byFrom : to.compareTo(other.to);
        }
    }

    private final List<Letter> underWay = new ArrayList<>();
    private final TreeMap<String, List<Letter>> stashes = new TreeMap<>();
    private final TreeSet<Link> cuts = new TreeSet<>();

    void send(Letter letter) {
        underWay.add(letter);
    }

    List<Letter> underWay() {
        return List.copyOf(underWay);
    }

    /** Takes those letters off the network, in order. */
    List<Letter> take(Selection selection) {
        List<Letter> taken = underWay.stream().filter(selection::takes).toList();
        underWay.removeIf(selection::takes);
        return taken;
    }

    void stash(String name, List<Letter> letters) {
        stashes.computeIfAbsent(name, unused -> new ArrayList<>()).addAll(letters);
    }

    /** What was put aside under that name; it stays there, so that it can be replayed again. */
    List<Letter> stashed(String name) {
        return List.copyOf(stashes.getOrDefault(name, List.of()));
    }

    void cut(NodeId from, NodeId to) {
        cuts.add(new Link(from, to));
    }

    void heal(NodeId from, NodeId to) {
        cuts.remove(new Link(from, to));
    }

    void healAll() {
        cuts.clear();
    }

    boolean carries(Letter letter) {
        return !cuts.contains(new Link(letter.from().node(), letter.to()));
    }
}

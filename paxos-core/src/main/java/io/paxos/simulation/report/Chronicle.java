// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What a window of events comes to: events put together into things that have a beginning and an end. Whatever has not ended
 * when the window does ends with it.
 */
final class Chronicle {

    /** Kinds that no mark stands for: samples of what nodes hold, many of them and none of them an event of its own. */
    private static final Set<TraceEvent.Kind> NOT_DRAWN =
            EnumSet.of(TraceEvent.Kind.MEASURED, TraceEvent.Kind.SESSION_COMMANDED, TraceEvent.Kind.SESSION_ANSWERED);

    /**
     * A node ran.
     *
     * @param stopped how it ended, or null if it still runs
     */
    record Life(
            NodeId node,
            long fromMicros,
            long untilMicros,
            @Nullable TraceEvent stopped) {}

    /** A node followed one leader, or led. */
    record Reign(NodeId node, Ballot ballot, boolean leadsHere, long fromMicros, long untilMicros) {}

    /** Links were cut. */
    record Rift(TraceEvent.PartitionBegan began, long untilMicros) {}

    /**
     * A copy of a message.
     *
     * @param sent null if that was before the window
     * @param end its delivery or its loss; null if it was still on its way when the window ended
     * @param isCopy whether an earlier copy of it has ended before
     */
    record Flight(
            TraceEvent.@Nullable MessageSent sent, @Nullable TraceEvent end, boolean isCopy) {}

    /**
     * What a client asked.
     *
     * @param answered null if it was still open when the window ended
     * @param took null if no node executed it within the window
     */
    record Request(
            TraceEvent.ClientInvoked invoked,
            TraceEvent.@Nullable ClientAnswered answered,
            TraceEvent.@Nullable Executed took) {}

    private final TreeSet<NodeId> nodes = new TreeSet<>();
    private final TreeSet<Long> times = new TreeSet<>();
    private final List<Life> lives = new ArrayList<>();
    private final List<Reign> reigns = new ArrayList<>();
    private final List<Rift> rifts = new ArrayList<>();
    private final List<Flight> flights = new ArrayList<>();
    private final List<Request> requests = new ArrayList<>();
    private final List<TraceEvent> points = new ArrayList<>();
    private final TreeSet<Ballot> ballots = new TreeSet<>();

    private final Map<NodeId, Long> upSince = new TreeMap<>();
    private final Map<NodeId, TraceEvent.LeaderChanged> leaders = new TreeMap<>();
    private final Map<Long, TraceEvent.PartitionBegan> openRifts = new TreeMap<>();
    private final Map<Long, TraceEvent.MessageSent> sent = new LinkedHashMap<>();
    private final Set<Long> landed = new TreeSet<>();
    private final Map<Long, TraceEvent.ClientInvoked> open = new TreeMap<>();
    private final Map<Long, TraceEvent.Executed> took = new TreeMap<>();
    private final long firstMicros;
    private final long lastMicros;

    Chronicle(Recording.Window window) {
        List<TraceEvent> events = window.events();
        firstMicros = events.isEmpty() ? 0 : events.get(0).atMicros();
        lastMicros = events.isEmpty() ? 0 : events.get(events.size() - 1).atMicros();
        for (TraceEvent event : window.before()) {
            take(event, false);
        }
        for (TraceEvent event : events) {
            take(event, true);
            times.add(event.atMicros());
        }
        close();
    }

    static boolean isDrawn(TraceEvent.Kind kind) {
        return !NOT_DRAWN.contains(kind);
    }

    private void take(TraceEvent event, boolean isInside) {
        if (event instanceof TraceEvent.MessageSent
                || event instanceof TraceEvent.MessageDelivered
                || event instanceof TraceEvent.MessageDropped) {
            takeMessage(event);
        } else if (event instanceof TraceEvent.ClientInvoked
                || event instanceof TraceEvent.ClientAnswered
                || event instanceof TraceEvent.Executed) {
            takeOperation(event);
        } else if (event instanceof TraceEvent.PartitionBegan began) {
            openRifts.put(began.id(), began);
            began.cut().forEach(link -> meet(link.from(), link.to()));
        } else if (event instanceof TraceEvent.PartitionEnded ended) {
            TraceEvent.PartitionBegan began = openRifts.remove(ended.id());
            if (began != null) {
                rifts.add(new Rift(began, ended.atMicros()));
            }
        } else if (event instanceof TraceEvent.LeaderChanged changed) {
            meet(changed.node());
            endReign(changed.node(), changed.atMicros());
            leaders.put(changed.node(), changed);
        } else {
            takeProcess(event);
            if (isInside || event instanceof TraceEvent.Paused) {
                points.add(event);
            }
        }
    }

    private void takeMessage(TraceEvent event) {
        if (event instanceof TraceEvent.MessageSent leaving) {
            meet(leaving.from(), leaving.to());
            sent.put(leaving.id(), leaving);
        } else if (event instanceof TraceEvent.MessageDelivered arrival) {
            meet(arrival.from(), arrival.to());
            flights.add(new Flight(sent.get(arrival.id()), arrival, !landed.add(arrival.id())));
        } else if (event instanceof TraceEvent.MessageDropped loss) {
            meet(loss.from(), loss.to());
            flights.add(new Flight(sent.get(loss.id()), loss, !landed.add(loss.id())));
        }
    }

    private void takeOperation(TraceEvent event) {
        if (event instanceof TraceEvent.ClientInvoked invoked) {
            meet(invoked.node());
            open.put(invoked.operation(), invoked);
        } else if (event instanceof TraceEvent.Executed executed) {
            meet(executed.node());
            took.putIfAbsent(executed.operation(), executed);
        } else if (event instanceof TraceEvent.ClientAnswered answered) {
            TraceEvent.ClientInvoked invoked = open.remove(answered.operation());
            if (invoked != null) {
                requests.add(new Request(invoked, answered, took.get(answered.operation())));
            }
        }
    }

    private void takeProcess(TraceEvent event) {
        if (event instanceof TraceEvent.RunBegan began) {
            began.membership().voters().forEach(voter -> meet(voter.node()));
            began.membership().learners().forEach(this::meet);
        } else if (event instanceof TraceEvent.Started started) {
            meet(started.member().node());
            upSince.putIfAbsent(started.member().node(), started.atMicros());
        } else if (event instanceof TraceEvent.Crashed crashed) {
            endLife(crashed.node(), crashed);
        } else if (event instanceof TraceEvent.Stopped stopped) {
            endLife(stopped.node(), stopped);
        } else if (event instanceof TraceEvent.LostForGood lost) {
            endLife(lost.node(), lost);
        }
    }

    private void meet(NodeId... some) {
        nodes.addAll(List.of(some));
    }

    private void endLife(NodeId node, TraceEvent end) {
        meet(node);
        Long since = upSince.remove(node);
        if (since != null) {
            lives.add(new Life(node, since, end.atMicros(), end));
        }
        endReign(node, end.atMicros());
    }

    private void endReign(NodeId node, long atMicros) {
        TraceEvent.LeaderChanged reign = leaders.remove(node);
        if (reign != null && !reign.leader().isNone()) {
            ballots.add(reign.leader());
            reigns.add(new Reign(node, reign.leader(), reign.leadsHere(), reign.atMicros(), atMicros));
        }
    }

    private void close() {
        for (NodeId node : nodes) {
            endReign(node, lastMicros);
        }
        upSince.forEach((node, since) -> lives.add(new Life(node, since, lastMicros, null)));
        openRifts.values().forEach(began -> rifts.add(new Rift(began, lastMicros)));
        sent.forEach((id, leaving) -> {
            if (!landed.contains(id)) {
                flights.add(new Flight(leaving, null, false));
            }
        });
        open.forEach((operation, invoked) -> requests.add(new Request(invoked, null, took.get(operation))));
        requests.sort(
                (a, b) -> Long.compare(a.invoked().operation(), b.invoked().operation()));
    }

    /** All that appear, in order. */
    List<NodeId> nodes() {
        return new ArrayList<>(nodes);
    }

    /** Moments of the window at which something happened. */
    Set<Long> times() {
        return times;
    }

    long firstMicros() {
        return firstMicros;
    }

    long lastMicros() {
        return lastMicros;
    }

    List<Life> lives() {
        return lives;
    }

    List<Reign> reigns() {
        return reigns;
    }

    List<Rift> rifts() {
        return rifts;
    }

    List<Flight> flights() {
        return flights;
    }

    List<Request> requests() {
        return requests;
    }

    /** Events that stand for themselves. */
    List<TraceEvent> points() {
        return points;
    }

    /** Ballots of the reigns, in order. */
    Set<Ballot> ballots() {
        return ballots;
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.driver.Outcome;
import io.paxos.driver.Submission;
import io.paxos.model.Command;
import io.paxos.model.Command.Kind;
import io.paxos.model.SessionId;
import io.paxos.session.SessionOpening;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A remote client with a session of its own: it sends through one node after another, sends again what is not answered, and
 * goes on in another session when one has expired. While there are faults, copies of whatever it ever sent turn up late, at
 * any node; those of expired sessions too.
 */
final class SimulatedSession {

    private static final int LATE_COPIES_ONE_IN = 4;
    private static final int MOVES_ONE_IN = 6;
    private static final int SENT_REMEMBERED_MAX = 2_000;
    private static final int RUN_MAX = 64;
    private static final long DELIVERY_MOST_MICROS = 3_000;

    /** A command that is not answered yet. */
    private static final class Pending {
        private final byte[] payload;
        private final Submission.Completion completion;
        private final long deadlineMicros;
        private long sequence;
        private boolean told;

        Pending(byte[] payload, Submission.Completion completion, long deadlineMicros) {
            this.payload = payload;
            this.completion = completion;
            this.deadlineMicros = deadlineMicros;
        }
    }

    private final Cluster cluster;
    private final World world;
    private final SplittableRandom random;
    private final List<Command> everSent = new ArrayList<>();
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private SessionId id;
    private long nextSequence = 2;
    private @Nullable Command opening;
    private boolean open;
    private @Nullable Attachment attachment;
    private boolean quiet;
    private boolean stopped;

    SimulatedSession(Cluster cluster, SplittableRandom random) {
        this.cluster = cluster;
        this.world = cluster.world();
        this.random = random;
        this.id = new SessionId(0, random.nextLong(1, Long.MAX_VALUE));
        tickLater();
    }

    /** No late copies any more. */
    void quiet() {
        quiet = true;
    }

    void stop() {
        stopped = true;
    }

    void submit(byte[] payload, long timeoutMillis, Submission.Completion completion) {
        Pending fresh = new Pending(payload, completion, world.nowMicros() + 1_000 * timeoutMillis);
        fresh.sequence = nextSequence++;
        cluster.recorder()
                .record(new TraceEvent.SessionCommanded(
                        world.nowMicros(), id, fresh.sequence, Payload.operationOf(payload)));
        pending.addLast(fresh);
        if (open) {
            send(List.of(commandOf(fresh)));
        }
    }

    private Command commandOf(Pending each) {
        long head = pending.isEmpty() ? nextSequence : pending.getFirst().sequence;
        return new Command(Kind.COMMAND, id, 1, each.sequence, head, each.payload);
    }

    // ---- time -----------------------------------------------------------------------------------------------

    private void tickLater() {
        long most = 1_000 * cluster.config().electionTimeoutMaxMillis();
        world.after(random.nextLong(most / 4 + 1, most + 2), this::tick);
    }

    private void tick() {
        if (stopped) {
            return;
        }
        for (Pending each : List.copyOf(pending)) {
            if (world.nowMicros() >= each.deadlineMicros) {
                tell(each, new Outcome.Unknown(id, 1, each.sequence, false));
            }
        }
        if (!quiet && !everSent.isEmpty() && random.nextInt(LATE_COPIES_ONE_IN) == 0) {
            lateCopies();
        }
        Attachment there = attachment;
        boolean gone = there == null || there.process.isDead() || (quiet && there.lostForGood());
        if (gone || random.nextInt(MOVES_ONE_IN) == 0) {
            move();
        } else if (!pending.isEmpty() || (opening != null && !open)) {
            sendAllFrom(0);
        }
        tickLater();
    }

    private void lateCopies() {
        int from = random.nextInt(everSent.size());
        List<Command> copies =
                List.copyOf(everSent.subList(from, Math.min(everSent.size(), from + random.nextInt(1, 5))));
        SimulatedProcess process =
                cluster.nodes().get(random.nextInt(cluster.nodes().size())).process();
        if (process != null) {
            process.submitForClients(copies);
        }
    }

    private void move() {
        List<SimulatedNode> nodes = cluster.nodes();
        if (quiet) { // one that takes no part any more would keep it waiting
            nodes = nodes.stream().filter(node -> !node.isLostForGood()).toList();
        }
        SimulatedNode node = nodes.get(random.nextInt(nodes.size()));
        SimulatedProcess process = node.process();
        Attachment before = attachment;
        if (before != null && random.nextBoolean()) { // else its old node finds out by itself, or never
            before.process.detach(id, before);
        }
        attachment = null;
        if (process != null) {
            Attachment fresh = new Attachment(id, node, process);
            attachment = fresh;
            process.attach(id, fresh);
        }
    }

    // ---- sending --------------------------------------------------------------------------------------------

    private void sendAllFrom(long sequence) {
        List<Command> run = new ArrayList<>();
        Command first = opening;
        if (!open && first != null) {
            send(List.of(first)); // what follows waits until it is answered
            return;
        }
        for (Pending each : pending) {
            if (each.sequence >= sequence && run.size() < RUN_MAX) {
                run.add(commandOf(each));
            }
        }
        send(run);
    }

    private void send(List<Command> commands) {
        Attachment there = attachment;
        if (there == null || commands.isEmpty()) {
            return;
        }
        if (everSent.size() < SENT_REMEMBERED_MAX) {
            everSent.addAll(commands);
        }
        there.process.submitForClients(commands);
    }

    // ---- answers --------------------------------------------------------------------------------------------

    private void attached(long due, List<SessionResult> cached, SimulatedProcess process) {
        if (opening == null) {
            SessionOpening asked = SessionOpening.at(
                    process.agreedTimeMillis(), random.nextLong(), random.nextLong(), random.nextLong(1_000, 4_000));
            opening = new Command(Kind.SESSION_OPEN, id, 1, 1, 0, asked.encode());
        }
        open |= due > 1;
        cached.forEach(this::answered);
        while (!pending.isEmpty() && pending.getFirst().sequence < due) {
            Pending gone = pending.removeFirst();
            tell(gone, new Outcome.ResultGone(null));
        }
        sendAllFrom(due);
    }

    private void answered(SessionResult result) {
        switch (result.status()) {
            case APPLIED, RESULT_GONE -> {
                if (result.sequence() == 1 && !open) {
                    open = true;
                    sendAllFrom(0);
                }
                // Those before it were applied too; their answers are on another node's way, and will not come from
                // here.
                while (!pending.isEmpty() && pending.getFirst().sequence <= result.sequence()) {
                    Pending done = pending.removeFirst();
                    tell(done, done.sequence == result.sequence() ? Outcome.of(result) : new Outcome.ResultGone(null));
                }
            }
            case EXPIRED, REFUSED_TOO_MANY_SESSIONS, COLLISION, REFUSED_OUT_OF_RANGE -> beginAnew();
        }
    }

    /** What was sent may have taken effect, or not; in the next session it is nobody's. */
    private void beginAnew() {
        for (Pending each : List.copyOf(pending)) {
            tell(each, new Outcome.Unknown(id, 1, each.sequence, false));
        }
        pending.clear();
        id = new SessionId(0, random.nextLong(1, Long.MAX_VALUE));
        nextSequence = 2;
        opening = null;
        open = false;
        move();
    }

    private static void tell(Pending whom, Outcome outcome) {
        if (!whom.told) {
            whom.told = true;
            whom.completion.complete(outcome);
        }
    }

    /** What one node tells, on its way to the client; lost if the node dies meanwhile, or the client has moved. */
    private final class Attachment implements SessionReceiver {
        private final SessionId of;
        private final SimulatedNode node;
        private final SimulatedProcess process;
        private long lastMicros;

        Attachment(SessionId of, SimulatedNode node, SimulatedProcess process) {
            this.of = of;
            this.node = node;
            this.process = process;
        }

        boolean lostForGood() {
            return node.isLostForGood();
        }

        /** One after another, as over a connection. */
        private void deliver(Runnable news) {
            lastMicros = Math.max(lastMicros, world.nowMicros() + random.nextLong(1, DELIVERY_MOST_MICROS));
            world.at(lastMicros, () -> {
                if (!stopped && attachment == this && of.equals(id) && !process.isDead()) {
                    news.run();
                }
            });
        }

        @Override
        public void attached(long due, List<SessionResult> cached) {
            cached.forEach(this::record);
            deliver(() -> SimulatedSession.this.attached(due, cached, process));
        }

        @Override
        public void results(List<SessionResult> results) {
            for (SessionResult result : results) {
                record(result);
                deliver(() -> answered(result));
            }
        }

        /** An opening that is asked for again is answered where it was asked for last. */
        private void record(SessionResult result) {
            boolean applied = result.status() == SessionResult.Status.APPLIED;
            if (result.sequence() > 1 && (applied || result.status() == SessionResult.Status.RESULT_GONE)) {
                cluster.recorder()
                        .record(new TraceEvent.SessionAnswered(
                                world.nowMicros(),
                                node.id(),
                                of,
                                result.sequence(),
                                result.position(),
                                applied ? Payload.checksumOf(result.result()) : null));
            }
        }

        @Override
        public void gap(long due) {
            deliver(() -> sendAllFrom(due));
        }

        @Override
        public void refused(long firstSequence, Refusal reason) {
            // Sent again by and by.
        }

        @Override
        public void ended(String reason) {
            // The client finds out by itself.
        }
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.paxos.Outcome;
import io.paxos.model.Command;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.transport.netty.client.ClientMessage.LeaderHint;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import io.paxos.transport.netty.connect.Address;
import io.paxos.transport.netty.connect.EventLoops;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries what {@link ClientSession}, {@link OpenReads} and {@link HomeChoice} decide: one event loop on which all of them and
 * all connections live. A turn of it: what arrived, what was submitted, what time it is; then everything goes out with one
 * flush a connection, and all callers are told with one task.
 */
final class ClientLoop implements NodeLink.Owner, ClientSession.Port, OpenReads.Port {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLoop.class);

    private static final long CLOSE_SECONDS_MAX = 5;

    private static final int NONE = HomeChoice.NONE;
    private static final int BUSY_TICK_MILLIS = 10;
    private static final int IDLE_TICK_MILLIS = 50;
    private static final int RESOLVERS_MAX = 4;

    /** Addresses that nodes told, beside those of the application. */
    private static final int LEARNT_MAX = 16;

    private static final ReadAnswer CLOSED =
            new ReadAnswer(0, ReadStatus.CLOSED, 0, -1, "the client is closed".getBytes(StandardCharsets.US_ASCII));

    private final ClientSettings settings;
    private final EventLoopGroup group;
    private final EventLoop loop;
    private final ThreadPoolExecutor resolver;
    private final Told told;
    private final InFlightRoom room;

    // Any thread.
    private final Queue<Object> submitted = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile Optional<NodeId> leader = Optional.empty();
    private volatile boolean ended;

    // The event loop's.
    private final ClientSession session;
    private final OpenReads reads;
    private final HomeChoice choice;
    private final List<NodeLink> links = new ArrayList<>();
    private final List<NodeLimits> limits = new ArrayList<>();
    private final List<NodeId> nodes = new ArrayList<>();
    private final List<List<ReadRequest>> readsOut = new ArrayList<>();
    private List<Command> commandsOut = new ArrayList<>();
    private int home = NONE;
    private long closeByMillis = Long.MAX_VALUE;
    private final CompletableFuture<Void> closed = new CompletableFuture<>();

    ClientLoop(ClientSettings settings) {
        this.settings = settings;
        this.group = EventLoops.of(1, settings.name(), settings.sockets().ioHandlers());
        this.loop = group.next();
        this.resolver = new ThreadPoolExecutor(
                RESOLVERS_MAX,
                RESOLVERS_MAX,
                2,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                EventLoops.daemons(settings.name() + "-resolve"));
        resolver.allowCoreThreadTimeOut(true);
        this.told = new Told(settings.name(), settings.executor());
        this.room = new InFlightRoom(settings);
        SecureRandom random = new SecureRandom();
        this.session = new ClientSession(
                this,
                settings.sessionTiming(),
                settings.budget(2 * settings.commandsMax()),
                settings.reconnectPause(),
                random::nextLong);
        this.reads = new OpenReads(
                this, settings.budget(2 * settings.readsMax()), settings.answerMillis(), settings.retryMillisMin());
        this.choice = new HomeChoice(settings.answerMillis(), ClientSettings::randomBelow);
    }

    void start() {
        loop.execute(() -> {
            settings.addresses().forEach(this::addLink);
            tick();
        });
    }

    private void addLink(Address address) {
        links.add(new NodeLink(links.size(), address, settings, loop, resolver, this));
        limits.add(NodeLimits.NONE);
        nodes.add(NodeId.NONE);
        readsOut.add(new ArrayList<>());
        choice.add();
        reads.addNode();
    }

    // ---- any thread ----------------------------------------------------------------------------------------------

    /** To be taken before something is submitted; given back here. */
    InFlightRoom room() {
        return room;
    }

    /** A {@link Submission}, {@link Question} or {@link PendingRead} for which room was taken. */
    void submit(Object something) {
        submitted.add(something);
        if (woken.compareAndSet(false, true)) {
            wake();
        }
        if (ended) {
            refuseSubmitted(); // nobody else would, if the loop had ended before it came
        }
    }

    private void wake() {
        try {
            loop.execute(() -> {
                drain();
                turn();
            });
        } catch (RejectedExecutionException closing) {
            LOG.debug("{} is closed", settings.name());
        }
    }

    private void refuseSubmitted() {
        for (Object next = submitted.poll(); next != null; next = submitted.poll()) {
            if (next instanceof Submission submission) {
                room.give(submission);
                told.run(submission.settled(Outcomes.closed()));
            } else if (next instanceof Question question) {
                room.give(question.asking());
                told.run(question.asking().settled(Outcomes.unknown(question.token())));
            } else if (next instanceof PendingRead read) {
                room.giveRead();
                told.run(read.settled(CLOSED));
            }
        }
    }

    Optional<NodeId> leader() {
        return leader;
    }

    long nowMillis() {
        return settings.nowMillis();
    }

    /** Sends what was taken, for so long at most, and ends; completes on the event loop. */
    CompletableFuture<Void> close(Duration patience) {
        try {
            loop.execute(() -> {
                drain();
                session.close();
                closeByMillis = Math.min(closeByMillis, settings.nowMillis() + patience.toMillis());
                turn();
            });
        } catch (RejectedExecutionException closing) {
            closed.complete(null);
        }
        return closed;
    }

    /** Whether the caller is on the event loop, and so must not wait for it. */
    boolean isCurrent() {
        return loop.inEventLoop();
    }

    /** Gives the threads back; once {@link #close} is complete. */
    void shutDown() {
        EventLoops.shutDown(group, CLOSE_SECONDS_MAX);
        resolver.shutdown();
    }

    // ---- the event loop ------------------------------------------------------------------------------------------

    private void drain() {
        woken.set(false);
        for (Object next = submitted.poll(); next != null; next = submitted.poll()) {
            if (next instanceof Submission submission) {
                session.offer(submission);
            } else if (next instanceof Question question) {
                session.ask(question);
            } else if (next instanceof PendingRead read) {
                reads.offer(read);
            }
        }
    }

    private void tick() {
        if (ended) {
            return;
        }
        try {
            long now = settings.nowMillis();
            for (int i = 0; i < links.size(); i++) {
                links.get(i).tick(now);
            }
            session.tick(now);
            reads.tick(now);
            drain(); // a turn that threw may have left something
            turn();
        } catch (Throwable thrown) { // no memory, say: time goes on all the same, or no caller would ever be told
            LOG.warn("{}: goes on behind", settings.name(), thrown);
        }
        if (!ended) {
            int millis = session.isBusy() || reads.isBusy() ? BUSY_TICK_MILLIS : IDLE_TICK_MILLIS;
            Future<?> unused = loop.schedule(this::tick, millis, TimeUnit.MILLISECONDS);
        }
    }

    /** The end of each turn: what was decided goes out. */
    private void turn() {
        if (ended) {
            refuseSubmitted();
            return;
        }
        long now = settings.nowMillis();
        chooseHome(now);
        session.pump(now);
        chooseHome(now);
        reads.pump(now);
        packCommands();
        for (int i = 0; i < links.size(); i++) {
            packReads(i);
            links.get(i).flush();
        }
        told.flush();
        if (closeByMillis != Long.MAX_VALUE && (session.isClosed() || now >= closeByMillis)) {
            end();
        }
    }

    private void end() {
        ended = true;
        session.abandon();
        reads.abandon(CLOSED);
        refuseSubmitted();
        told.end();
        links.forEach(NodeLink::close);
        closed.complete(null);
    }

    private void chooseHome(long now) {
        int next = choice.choose(home, now);
        if (next == home) {
            return;
        }
        LOG.debug("{}: home is {} now", settings.name(), next == NONE ? "nowhere" : links.get(next));
        leaveLink();
        home = next;
        if (home != NONE) {
            session.homeOpened(limits.get(home), now);
        }
    }

    /** What becomes of the session is of no interest any more on the connection that was home. */
    private void leaveLink() {
        packCommands();
        if (home != NONE) {
            session.homeLost();
            if (links.get(home).isOpen()) {
                links.get(home).send(new ClientMessage.Detach(session.session()));
            }
        }
        home = NONE;
    }

    private void packCommands() {
        if (commandsOut.isEmpty()) {
            return;
        }
        List<Command> all = commandsOut;
        commandsOut = new ArrayList<>(all.size());
        if (home == NONE) {
            return; // the connection is gone, and they are sent again elsewhere
        }
        FramePacking.commands(all, limits.get(home).frameBytesMax(), links.get(home)::send);
    }

    private void packReads(int link) {
        List<ReadRequest> all = readsOut.get(link);
        if (all.isEmpty()) {
            return;
        }
        readsOut.set(link, new ArrayList<>());
        FramePacking.reads(all, limits.get(link).frameBytesMax(), links.get(link)::send);
    }

    // ---- what the links tell -------------------------------------------------------------------------------------

    @Override
    public void opened(int link, ClientMessage.Welcome welcome) {
        NodeLimits told = new NodeLimits(
                welcome.commandsMax(),
                welcome.bytesMax(),
                welcome.readsMax(),
                welcome.commandBytesMax(),
                welcome.frameBytesMax());
        limits.set(link, told);
        nodes.set(link, welcome.node());
        choice.opened(link, welcome.node(), welcome.leader().node());
        reads.opened(link, welcome.readsMax(), FramePacking.queryBytesMax(welcome.frameBytesMax()));
        learn(welcome.leader());
    }

    @Override
    public void closed(int link, String why) {
        choice.closed(link);
        reads.closed(link, settings.nowMillis());
        readsOut.get(link).clear();
        if (home == link) {
            session.homeLost();
            home = NONE;
            commandsOut.clear();
        }
        leadingMayHaveChanged();
    }

    @Override
    public void received(int link, ClientMessage message) {
        long now = settings.nowMillis();
        if (message instanceof ClientMessage.Answers answers) {
            answers.answers().forEach(answer -> reads.answered(answer, now));
        } else if (message instanceof ClientMessage.Leader changed) {
            choice.leaderSaid(link, changed.leader().node());
            learn(changed.leader());
            leaderNamed(link, changed.leader().node(), now);
        } else if (link == home) {
            receivedFromHome(message, now);
        }
    }

    /** If another one leads that is connected, the session will move there, and send again what is due there. */
    private void leaderNamed(int link, NodeId leader, long now) {
        boolean movesThere = !leader.equals(nodes.get(link)) && choice.isOpenTo(leader);
        if (link == home && !leader.isNone() && !movesThere) {
            session.leaderNamed(now);
        }
    }

    private void receivedFromHome(ClientMessage message, long now) {
        if (message instanceof ClientMessage.Results results) {
            session.results(results.session(), results.results(), now);
        } else if (message instanceof ClientMessage.Attached attached) {
            session.attached(attached.session(), attached.due(), attached.agreedTimeMillis(), now);
        } else if (message instanceof ClientMessage.Gap gap) {
            session.gap(gap.session(), gap.due(), now);
        } else if (message instanceof ClientMessage.Refused refused) {
            session.refused(refused.session(), refused.first(), refused.why(), now);
        } else if (message instanceof ClientMessage.Ended ended) {
            session.ended(ended.session(), ended.text());
        }
    }

    @Override
    public void readComplete() {
        // Callers are told before more is sent: where they are told on this thread, what they ask for next goes out in
        // this very turn, and needs no task of its own.
        woken.set(true);
        told.flush();
        drain();
        turn();
    }

    private void learn(LeaderHint hint) {
        leadingMayHaveChanged();
        if (hint.host().isEmpty() || nodes.contains(hint.node())) {
            return;
        }
        Address address = new Address(hint.host(), hint.port());
        boolean known = links.stream().anyMatch(link -> link.address().equals(address));
        if (!known && links.size() < settings.addresses().size() + LEARNT_MAX) {
            LOG.debug("{}: {} is said to lead, at {}", settings.name(), hint.node(), address);
            addLink(address);
        }
    }

    private void leadingMayHaveChanged() {
        int leading = choice.leading();
        reads.leading(leading);
        leader = leading == NONE ? Optional.empty() : Optional.of(nodes.get(leading));
    }

    // ---- what the session and the reads want ---------------------------------------------------------------------

    @Override
    public void attach(SessionId id, long boot) {
        if (home != NONE) {
            packCommands();
            links.get(home).send(new ClientMessage.Attach(id, boot));
        }
    }

    @Override
    public void detach(SessionId id) {
        if (home != NONE) {
            packCommands();
            links.get(home).send(new ClientMessage.Detach(id));
        }
    }

    @Override
    public void send(Command command) {
        commandsOut.add(command);
    }

    @Override
    public void leaveHome(String why) {
        if (home != NONE) {
            LOG.debug("{}: leaves {}: {}", settings.name(), links.get(home), why);
            choice.left(home, settings.nowMillis());
            leaveLink();
        }
    }

    @Override
    public void settle(Submission submission, Outcome outcome) {
        room.give(submission);
        told.add(submission.settled(outcome));
    }

    @Override
    public void send(int node, ReadRequest read) {
        readsOut.get(node).add(read);
    }

    @Override
    public void settle(PendingRead read, ReadAnswer answer) {
        room.giveRead();
        told.add(read.settled(answer));
    }
}

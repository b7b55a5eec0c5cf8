// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.FoundingPlan;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Event;
import io.paxos.protocol.Limits;
import io.paxos.protocol.ReplicaStatus;
import io.paxos.protocol.transcript.Network.Letter;
import io.paxos.protocol.transcript.Network.Selection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The verbs of the transcripts; the README beside the transcripts lists them. */
final class Script {

    private static final long TURN_MILLIS = 10;

    private final Log log = new Log();
    private @Nullable Cluster cluster;

    /** Runs one command line and returns its output. */
    List<String> run(String line) {
        boolean quietly = line.startsWith("quietly ");
        List<String> words = List.of(
                (quietly ? line.substring("quietly ".length()) : line).trim().split(" +"));
        log.notableOnly(quietly);
        perform(words.get(0), words.subList(1, words.size()));
        log.notableOnly(false);
        return log.takeLines();
    }

    private void perform(String verb, List<String> words) {
        switch (verb) {
            case "cluster" -> cluster(words);
            case "start", "restart" -> start(words);
            case "crash" -> cluster().crash(one(words), words.contains("keep-unforced"));
            case "wipe" -> one(words).wipe();
            case "disk" -> nodes(words.get(1)).forEach(each -> each.diskManual(isManual(words.get(0))));
            case "force" -> nodes(words.get(0)).forEach(cluster()::force);
            case "tick" -> tick(words);
            case "propose" -> propose(one(words), words.subList(1, words.size()));
            case "health" -> nodes(words.get(0)).forEach(each -> cluster().step(each, fitness(words.get(1))));
            case "hand-over" -> cluster().step(one(words), handOver(words));
            case "resend" ->
                cluster()
                        .step(one(words), new Event.CommandsSubmitted(one(words).unanswered()));
            case "deliver" -> deliver(words);
            case "drop" -> take(words);
            case "duplicate" -> duplicate(words);
            case "stash" -> cluster().network().stash(words.get(0), take(words.subList(1, words.size())));
            case "replay" -> cluster().network().stashed(words.get(0)).forEach(cluster()::deliver);
            case "inject" -> inject(words);
            case "cut", "heal" -> links(verb, words.get(0));
            case "run" -> run(words);
            case "state" -> nodes(words.get(0)).forEach(this::state);
            case "log" -> nodes(words.get(0)).forEach(this::handedOut);
            case "remembers" -> nodes(words.get(0)).forEach(this::remembers);
            case "network" -> cluster().network().underWay().forEach(each -> log.detail(() -> ofLetter(each)));
            default -> throw new IllegalArgumentException("no verb '" + verb + "'");
        }
    }

    // ---- the members -----------------------------------------------------------------------------------------

    private void cluster(List<String> words) {
        TreeMap<String, Long> options = new TreeMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals > 0) {
                options.put(word.substring(0, equals), Long.parseLong(word.substring(equals + 1)));
            }
        }
        int nodes = Math.toIntExact(options.getOrDefault("nodes", 3L));
        int phase1 = Math.toIntExact(options.getOrDefault("phase1", 0L));
        int phase2 = Math.toIntExact(options.getOrDefault("phase2", 0L));
        QuorumSystem quorums =
                phase1 == 0 ? new QuorumSystem.Majority() : new QuorumSystem.FlexibleSizes(phase1, phase2);
        FoundingPlan plan = new FoundingPlan(
                IntStream.rangeClosed(1, nodes).mapToObj(NodeId::new).toList(),
                quorums,
                Math.toIntExact(options.getOrDefault("alpha", 64L)));
        Limits standard = Limits.DEFAULT;
        Limits limits = new Limits(
                Math.toIntExact(options.getOrDefault("in-flight", (long) standard.inFlightSlotsMax())),
                standard.batchBytesMax(),
                Math.toIntExact(options.getOrDefault("batch-commands", (long) standard.batchCommandsMax())),
                standard.pendingBytesMax(),
                standard.pageBytesMax(),
                Math.toIntExact(options.getOrDefault("page-slots", (long) standard.pageSlotsMax())),
                standard.openVotesMax());
        Cluster made = new Cluster(plan, limits, options.getOrDefault("seed", 1L), log);
        cluster = made;
        if (words.contains("founded")) {
            made.found();
            made.members().forEach(made::start);
            log.detail(() -> nodes + " members, active in one founding, quorums " + quorums);
        } else {
            log.detail(() -> nodes + " empty directories, quorums " + quorums);
        }
    }

    private Cluster cluster() {
        Cluster made = cluster;
        if (made == null) {
            throw new IllegalArgumentException("no cluster yet");
        }
        return made;
    }

    private void start(List<String> words) {
        nodes(words.get(0)).forEach(cluster()::start);
    }

    private Member one(List<String> words) {
        return cluster().member(NodeId.parse(words.get(0)));
    }

    /** {@code all} that are up, or {@code n1,n2}. */
    private Collection<Member> nodes(String text) {
        if (text.equals("all")) {
            return cluster().members().stream().filter(Member::isUp).toList();
        }
        return Arrays.stream(text.split(",", -1))
                .map(each -> cluster().member(NodeId.parse(each)))
                .toList();
    }

    private static boolean isManual(String word) {
        if (!word.equals("manual") && !word.equals("instant")) {
            throw new IllegalArgumentException("disk: '" + word + "' is neither manual nor instant");
        }
        return word.equals("manual");
    }

    private static Event fitness(String word) {
        return switch (word) {
            case "well" -> new Event.FitnessChanged(true, true, true);
            case "slow" -> new Event.FitnessChanged(false, true, true);
            case "full" -> new Event.FitnessChanged(false, false, true);
            default -> throw new IllegalArgumentException("health: '" + word + "' is neither well, slow nor full");
        };
    }

    private static Event handOver(List<String> words) {
        return new Event.HandOverAsked(words.size() > 1 ? NodeId.parse(words.get(1)) : null);
    }

    private void tick(List<String> words) {
        for (Member member : nodes(words.get(0))) {
            cluster().tick(member, Long.parseLong(words.get(1)));
        }
    }

    private void propose(Member member, List<String> payloads) {
        cluster().step(member, new Event.CommandsSubmitted(member.commands(payloads)));
    }

    // ---- the network -----------------------------------------------------------------------------------------

    private static Selection selection(List<String> words) {
        String[] ends = words.get(0).split("->", -1);
        if (ends.length != 2) {
            throw new IllegalArgumentException("link: '" + words.get(0) + "' is not of the form n1->n2");
        }
        String kind = words.size() > 1 ? words.get(1) : "";
        int at = kind.indexOf('@');
        long slot = at < 0 ? 0 : Long.parseLong(kind.substring(at + 1));
        return new Selection(end(ends[0]), end(ends[1]), at < 0 ? kind : kind.substring(0, at), slot);
    }

    private static NodeId end(String text) {
        return text.equals("*") ? NodeId.NONE : NodeId.parse(text);
    }

    /** Takes the selected letters, at least one, off the network and says which they were. */
    private List<Letter> take(List<String> words) {
        List<Letter> taken = cluster().network().take(selection(words));
        if (taken.isEmpty()) {
            throw new IllegalArgumentException("nothing is under way on " + words);
        }
        taken.forEach(each -> log.detail(() -> ofLetter(each)));
        return taken;
    }

    private void deliver(List<String> words) {
        if (words.get(0).equals("all")) {
            cluster().deliverAll();
            return;
        }
        List<Letter> taken = cluster().network().take(selection(words));
        if (taken.isEmpty()) {
            throw new IllegalArgumentException("nothing is under way on " + words);
        }
        taken.forEach(cluster()::deliver);
    }

    private void duplicate(List<String> words) {
        for (Letter letter : take(words)) {
            cluster().network().send(letter);
            cluster().network().send(letter);
        }
    }

    private String ofLetter(Letter letter) {
        return letter.from().node() + "->" + letter.to() + " "
                + cluster().wording().of(letter.message());
    }

    /** {@code inject n3->n1 ChosenNotice 2@1.n3 4}: a message that is late by more than the story tells. */
    private void inject(List<String> words) {
        Selection link = selection(words);
        Member from = cluster().member(link.from());
        String[] at = words.get(2).split("@", -1);
        SlotRange slots = new SlotRange(Long.parseLong(at[0]), Long.parseLong(at[0]));
        String[] ballotText = at[1].split("\\.", -1);
        Ballot ballot = new Ballot(
                Long.parseLong(ballotText[0]),
                cluster().member(NodeId.parse(ballotText[1])).id());
        Message message =
                switch (link.kind()) {
                    case "Accepted" -> new Message.Accepted(ballot, slots, ballot, 0);
                    case "ChosenNotice" -> new Message.ChosenNotice(ballot, slots, 0);
                    default -> throw new IllegalArgumentException("cannot inject " + link.kind());
                };
        cluster()
                .deliver(new Letter(
                        from.id(),
                        cluster().member(link.to()).replica().status().founding(),
                        link.to(),
                        message));
    }

    /** {@code n1-n2} both ways, {@code n1->n2} one way, {@code n1} from everybody, {@code all}. */
    private void links(String verb, String text) {
        if (text.equals("all")) {
            cluster().network().healAll();
            return;
        }
        for (String link : text.split(",", -1)) {
            String[] ends = link.split("->?", -1);
            List<NodeId> others = ends.length == 2
                    ? List.of(NodeId.parse(ends[1]))
                    : cluster().members().stream().map(Member::node).toList();
            NodeId from = NodeId.parse(ends[0]);
            for (NodeId to : others) {
                turn(verb, from, to);
                if (!link.contains("->")) {
                    turn(verb, to, from);
                }
            }
        }
    }

    private void turn(String verb, NodeId from, NodeId to) {
        if (verb.equals("cut")) {
            cluster().network().cut(from, to);
        } else {
            cluster().network().heal(from, to);
        }
    }

    // ---- time ------------------------------------------------------------------------------------------------

    /** {@code run 2000}, or {@code run 1800 until n1 leads}, or {@code run 1000 until n1,n2 know 4}. */
    private void run(List<String> words) {
        long millis = Long.parseLong(words.get(0));
        boolean conditional = words.size() > 1;
        log.notableOnly(true);
        for (long now = TURN_MILLIS; now <= millis; now += TURN_MILLIS) {
            log.prefix("+" + now + " ");
            cluster().turn(TURN_MILLIS);
            if (conditional && holds(words.subList(2, words.size()))) {
                log.prefix("");
                return;
            }
        }
        log.prefix("");
        if (conditional) {
            throw new Violation("not within " + millis + " ms: " + words.subList(2, words.size()) + "\n"
                    + String.join("\n", log.takeLines()));
        }
    }

    private boolean holds(List<String> condition) {
        String what = condition.get(1);
        return nodes(condition.get(0)).stream()
                .allMatch(member -> member.isUp()
                        && (what.equals("leads")
                                ? member.replica().status().role() == ReplicaStatus.Role.LEADING
                                : member.replica().status().knownChosen() >= Long.parseLong(condition.get(2))));
    }

    // ---- looking ---------------------------------------------------------------------------------------------

    private void state(Member member) {
        if (!member.isUp()) {
            log.detail(() -> member.node() + " down");
            return;
        }
        ReplicaStatus status = member.replica().status();
        StringBuilder text = new StringBuilder(member.id() + " " + status.role());
        if (status.role() == ReplicaStatus.Role.FOUNDING) {
            text.append(", founding ").append(Wording.of(status.founding()));
            text.append(", waits for ").append(status.waitingFor());
        } else {
            text.append(", promised ")
                    .append(status.promised())
                    .append(", leader ")
                    .append(status.leader());
            text.append(", known ").append(status.knownChosen());
            text.append(status.highestVote() > status.knownChosen() ? ", votes up to " + status.highestVote() : "");
            text.append(status.inFlightSlots() > 0 ? ", in flight " + status.inFlightSlots() : "");
            text.append(status.pendingBytes() > 0 ? ", commands wait" : "");
        }
        log.detail(text::toString);
    }

    private void handedOut(Member member) {
        List<String> values = new ArrayList<>();
        for (Proposal each : member.handedOut().values()) {
            values.add(each.slot() + " " + cluster().wording().of(each.value()));
        }
        log.detail(() -> member.node() + ": " + String.join(" | ", values));
    }

    /** What would survive a crash now. */
    private void remembers(Member member) {
        Recollection durable = member.disk().durable();
        log.detail(() -> member.node() + " promised " + durable.promised() + ", known " + durable.knownChosen());
        durable.votes()
                .values()
                .forEach(each ->
                        log.detail(() -> "  vote   " + cluster().wording().of(each)));
        durable.chosen()
                .values()
                .forEach(each ->
                        log.detail(() -> "  chosen " + cluster().wording().of(each)));
    }
}

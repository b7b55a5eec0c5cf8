// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.model.NodeId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The members and where each listens for the others, written {@code n1=host:port,n2=host:port}.
 *
 * @param addresses by node, in the order of the ids
 * @param learners those of them that have no vote
 */
public record ClusterOption(Map<NodeId, Address> addresses, Set<NodeId> learners) {

    static final int MEMBERS_MAX = 7;

    /**
     * A host name or address and a port.
     *
     * @param host not empty; an IPv6 address without brackets
     * @param port 1..65535
     */
    public record Address(String host, int port) {

        /** Reads {@code host:port} or {@code [host]:port}. */
        public static Address parse(String text) {
            int colon = text.lastIndexOf(':');
            String host = colon < 0 ? "" : text.substring(0, colon);
            boolean bracketed = host.startsWith("[") && host.endsWith("]");
            if (bracketed) {
                host = host.substring(1, host.length() - 1);
            }
            boolean name = host.matches(bracketed ? "[0-9A-Za-z:.%]+" : "[0-9A-Za-z._-]+");
            String digits = text.substring(colon + 1);
            boolean number =
                    !digits.isEmpty() && digits.length() <= 5 && digits.chars().allMatch(Character::isDigit);
            int port = number ? Integer.parseInt(digits) : 0;
            if (!name || port < 1 || port > 65_535) {
                throw new IllegalArgumentException(
                        "'" + text + "' is not of the form host:port with a port in 1..65535");
            }
            return new Address(host, port);
        }

        @Override
        public String toString() {
            return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
        }
    }

    public ClusterOption {
        addresses = new TreeMap<>(addresses);
        learners = new TreeSet<>(learners);
        int voters = addresses.size() - learners.size();
        if (voters < 1 || voters > MEMBERS_MAX || learners.size() > MEMBERS_MAX) {
            throw new IllegalArgumentException("cluster: " + voters + " members are outside the allowed range 1.."
                    + MEMBERS_MAX + ", or " + learners.size() + " learners outside 0.." + MEMBERS_MAX);
        }
        if (addresses.values().stream().distinct().count() < addresses.size()) {
            throw new IllegalArgumentException("cluster: two members have the same address in " + addresses);
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException with a message that quotes what is wrong
     */
    public static ClusterOption parse(String text) {
        Map<NodeId, Address> addresses = new TreeMap<>();
        for (String member : text.split(",", -1)) {
            int equals = member.indexOf('=');
            if (equals < 0) {
                throw new IllegalArgumentException(
                        "cluster: '" + member + "' is not of the form n1=host:port, members are separated by commas");
            }
            NodeId id = NodeId.parse(member.substring(0, equals).strip());
            if (addresses.put(id, Address.parse(member.substring(equals + 1).strip())) != null) {
                throw new IllegalArgumentException("cluster: " + id + " is named twice");
            }
        }
        return new ClusterOption(addresses, Set.of());
    }

    /**
     * The same with learners beside.
     *
     * @param more all of them learners; null for none
     * @throws IllegalArgumentException if one of them is a member already, or has a member's address
     */
    ClusterOption withLearners(@Nullable ClusterOption more) {
        if (more == null) {
            return this;
        }
        Map<NodeId, Address> all = new TreeMap<>(addresses);
        more.addresses.forEach((id, address) -> {
            if (all.put(id, address) != null) {
                throw new IllegalArgumentException("learners: " + id + " is one of the cluster's " + voters());
            }
        });
        return new ClusterOption(all, more.addresses.keySet());
    }

    /** The ids of those with a vote, ascending. */
    public List<NodeId> voters() {
        return addresses.keySet().stream().filter(id -> !learners.contains(id)).toList();
    }

    @Override
    public String toString() {
        return addresses.entrySet().stream()
                .map(member -> member.getKey() + "=" + member.getValue())
                .collect(Collectors.joining(","));
    }
}

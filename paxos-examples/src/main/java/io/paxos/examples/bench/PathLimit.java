// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

/**
 * What one operation alone cannot be faster than: the round trips that it has to wait for, and the force.
 *
 * <p>A write from a client goes to the leader, from there to a follower, which forces it and answers the leader, which answers the
 * client: two round trips and a force. The leader forces at the same time. With the load in the leader the client's round trip is
 * saved; in a follower it is not, for the command has to go to the leader and the news that it is chosen has to come back.
 *
 * @param roundTrips that one operation waits for
 * @param forces that it waits for, 0 or 1; by as many files at once as there are nodes
 */
record PathLimit(int roundTrips, int forces) {

    static PathLimit of(Operation operation, LoadPlace place, int nodes) {
        int toLeader = place == LoadPlace.LEADER || (place == LoadPlace.FOLLOWER && nodes == 1) ? 0 : 1;
        int toQuorum = nodes == 1 ? 0 : 1;
        return new PathLimit(toLeader + toQuorum, operation == Operation.WRITE ? 1 : 0);
    }

    /** NaN if the operation has to wait for nothing. */
    double micros(RawLimits raw) {
        double micros = roundTrips * raw.roundTripMicros() + forces * raw.forceTogetherMicros();
        return micros == 0 ? Double.NaN : micros;
    }

    /** As in {@code 2 x round trip + force by 3 files at once}. */
    String formula(int nodes) {
        String trips = roundTrips == 0 ? "" : roundTrips == 1 ? "1 round trip" : roundTrips + " round trips";
        String force = forces == 0 ? "" : nodes == 1 ? "1 force" : "1 force by " + nodes + " files at once";
        return trips + (trips.isEmpty() || force.isEmpty() ? "" : " + ") + force;
    }
}

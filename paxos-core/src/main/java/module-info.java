// SPDX-License-Identifier: Apache-2.0
/**
 * The replicated log. Exported is what a host application sees and the interfaces it may implement; every other package
 * may change tomorrow.
 */
module io.paxos {
    requires jdk.unsupported;
    requires org.slf4j;
    requires static org.jspecify;

    exports io.paxos;
    exports io.paxos.message;
    exports io.paxos.model;
    exports io.paxos.session;
    exports io.paxos.simulation;
    exports io.paxos.simulation.check;
    exports io.paxos.simulation.property;
    exports io.paxos.simulation.report;
    exports io.paxos.simulation.trace;
    exports io.paxos.transport;
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.model.NodeId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClusterOptionTest {

    @Test
    void membersAreReadAndWrittenInTheOrderOfTheirIds() {
        ClusterOption cluster = ClusterOption.parse("n2=b.example:2, n1=127.0.0.1:7101,n10=[::1]:65535");
        assertEquals("n1=127.0.0.1:7101,n2=b.example:2,n10=[::1]:65535", cluster.toString());
        assertEquals(List.of(new NodeId(1), new NodeId(2), new NodeId(10)), cluster.voters());
    }

    @Test
    void learnersStandBesideTheVoters() {
        ClusterOption voters = ClusterOption.parse("n1=a:1,n2=b:2");
        ClusterOption all = voters.withLearners(ClusterOption.parse("n4=d:4"));
        assertEquals(voters.voters(), all.voters());
        assertEquals(Set.of(new NodeId(4)), all.learners());
        assertEquals("n1=a:1,n2=b:2,n4=d:4", all.toString());
        assertEquals(voters, voters.withLearners(null));
        ClusterOption twice = ClusterOption.parse("n2=c:3");
        assertEquals(
                "learners: n2 is one of the cluster's [n1, n2]",
                assertThrows(IllegalArgumentException.class, () -> voters.withLearners(twice))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            n1                  | cluster: 'n1' is not of the form n1=host:port, members are separated by commas
            n1=a:1,             | cluster: '' is not of the form n1=host:port, members are separated by commas
            n1=a:1;n2=b:2       | 'a:1;n2=b:2' is not of the form host:port with a port in 1..65535
            n1=a                | 'a' is not of the form host:port with a port in 1..65535
            n1=:1               | ':1' is not of the form host:port with a port in 1..65535
            n1=a:0              | 'a:0' is not of the form host:port with a port in 1..65535
            n1=a:65536          | 'a:65536' is not of the form host:port with a port in 1..65535
            n1=a:-1             | 'a:-1' is not of the form host:port with a port in 1..65535
            x=a:1               | node id: 'x' is not of the form n1, n2, … with a number in 1..1000000
            n1=a:1,n1=a:2       | cluster: n1 is named twice
            n1=a:1,n2=a:1       | cluster: two members have the same address in {n1=a:1, n2=a:1}
            """)
    void whatIsWrongIsQuoted(String text, String problem) {
        assertEquals(
                problem,
                assertThrows(IllegalArgumentException.class, () -> ClusterOption.parse(text))
                        .getMessage());
    }
}

// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.build.RuntimeDependencies;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class RuntimeDependenciesTest {
    @Test
    void theTransportBringsWhatIsCheckedInAndNothingElse() throws IOException {
        RuntimeDependencies.assertAsCheckedIn();
    }
}

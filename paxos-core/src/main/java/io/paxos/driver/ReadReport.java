// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import java.util.List;

/**
 * What the apply side tells the driver after some reads.
 *
 * @param id of the {@link ApplyWork.Reads}
 * @param again those whose lease was over when they had read; what they saw does not count
 */
public record ReadReport(long id, List<Read> again) {}

package dev.qgjob.protocol.lease;

import dev.qgjob.protocol.TestRef;
import dev.qgjob.protocol.Wire;
import java.util.List;

/**
 * A lease on one attempt of a job, under the claim's token.
 *
 * @param only the tests of the spec that this attempt is about; empty: all. A spec whose tests
 *     depend on each other is run as a whole all the same
 */
public record Grant(
    String jobId,
    String runId,
    long generation,
    int attempt,
    RunSpecification run,
    List<TestRef> only) {
  public Grant {
    only = Wire.orEmpty(only);
  }
}

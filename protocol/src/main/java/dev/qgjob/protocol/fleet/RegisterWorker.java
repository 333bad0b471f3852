package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Wire;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker starts, or starts anew.
 *
 * @param stateProof secret kept in the worker's state folder: whoever shows it again is the same
 *     worker restarted, and its earlier leases end at once
 * @param registration from 1; rises with every registration that the state folder asks for, and
 *     stays when one is sent again: then the answer is the same
 * @param begun ids of the jobs that an earlier process of the worker was at when it ended; absent
 *     where the worker keeps no note of them: then all jobs that it held may have ended it
 */
public record RegisterWorker(
    String stateProof,
    long registration,
    String version,
    List<SlotOffer> slots,
    @Nullable List<String> begun) {
  public RegisterWorker {
    slots = Wire.orEmpty(slots);
    begun = begun == null ? null : List.copyOf(begun);
  }
}

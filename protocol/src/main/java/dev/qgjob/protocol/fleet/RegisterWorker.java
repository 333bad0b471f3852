package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Wire;
import java.util.List;

/**
 * A worker starts, or starts anew.
 *
 * @param stateProof secret kept in the worker's state folder: whoever shows it again is the same
 *     worker restarted, and its earlier leases end at once
 */
public record RegisterWorker(String stateProof, String version, List<SlotOffer> slots) {
  public RegisterWorker {
    slots = Wire.orEmpty(slots);
  }
}

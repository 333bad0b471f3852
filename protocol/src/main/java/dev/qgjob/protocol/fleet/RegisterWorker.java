package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Wire;
import java.util.List;

/**
 * A worker starts, or starts anew.
 *
 * @param stateProof secret kept in the worker's state folder: whoever shows it again is the same
 *     worker restarted, and its earlier leases end at once
 * @param registration from 1; rises with every registration that the state folder asks for, and
 *     stays when one is sent again: then the answer is the same
 */
public record RegisterWorker(
    String stateProof, long registration, String version, List<SlotOffer> slots) {
  public RegisterWorker {
    slots = Wire.orEmpty(slots);
  }
}

package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** One beat of a worker: renews all its leases, says how its slots are. */
public record Beat(long incarnation, List<SlotBeat> slots, List<LeaseRef> leases) {
  public Beat {
    slots = Wire.orEmpty(slots);
    leases = Wire.orEmpty(leases);
  }
}

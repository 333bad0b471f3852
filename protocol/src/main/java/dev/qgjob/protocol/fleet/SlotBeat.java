package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Wire;
import java.util.List;

/**
 * A slot as of this beat.
 *
 * @param attached its consumers are attached to the broker: it can be given work
 */
public record SlotBeat(
    String slotId, boolean attached, List<InboxEntry> inbox, List<Holding> holds) {
  public SlotBeat {
    inbox = Wire.orEmpty(inbox);
    holds = Wire.orEmpty(holds);
  }
}

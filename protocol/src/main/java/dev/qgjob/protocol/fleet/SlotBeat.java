package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Wire;
import java.util.List;

/**
 * A slot as of this beat; slots come and go with the beats that list them.
 *
 * @param attached its consumers are attached to the broker: it can be given work
 * @param attachment rises whenever its consumers are built anew: a broker's pin holds within one
 */
public record SlotBeat(SlotOffer offer, boolean attached, long attachment, List<InboxEntry> inbox) {
  public SlotBeat {
    inbox = Wire.orEmpty(inbox);
  }
}

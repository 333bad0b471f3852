package dev.qgjob.protocol.fleet;

import dev.qgjob.protocol.Wire;
import java.util.List;

/** All slots of the installation. */
public record SlotList(List<SlotView> slots) {
  public SlotList {
    slots = Wire.orEmpty(slots);
  }
}

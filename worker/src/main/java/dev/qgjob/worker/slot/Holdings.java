package dev.qgjob.worker.slot;

import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.worker.run.Slot;
import java.util.List;

/** What a slot is believed to hold. Asked before every beat: it answers at once. Thread-safe. */
@FunctionalInterface
public interface Holdings {
  /** The builds on this slot. */
  List<Holding> on(Slot slot);
}

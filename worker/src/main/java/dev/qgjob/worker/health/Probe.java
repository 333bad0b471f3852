package dev.qgjob.worker.health;

import dev.qgjob.worker.run.Slot;
import java.util.Optional;

/** Looks at what a slot runs on. Thread-safe. */
@FunctionalInterface
public interface Probe {
  /** Finds nothing wrong with anything. */
  Probe NONE = slot -> Optional.empty();

  /** Why the slot is unfit for work, for people; empty when it is fit. Takes seconds at most. */
  Optional<String> ailment(Slot slot);
}

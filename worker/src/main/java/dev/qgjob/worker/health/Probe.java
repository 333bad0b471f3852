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

  /**
   * Ends what jobs that are over left running there; called while none of the slot's runs. Takes
   * seconds at most.
   *
   * @return whether that could be looked for
   */
  default boolean clear(Slot slot) {
    return true;
  }
}

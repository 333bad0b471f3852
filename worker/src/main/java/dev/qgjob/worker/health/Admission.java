package dev.qgjob.worker.health;

import dev.qgjob.worker.run.Slot;
import java.util.Optional;

/**
 * Lets slots take work only while what they share has room for them, such as the parallels of an
 * account: what cannot run yet waits in the server's queue. Thread-safe.
 */
public interface Admission {
  /** Room for all. */
  Admission FREE =
      new Admission() {
        @Override
        public Optional<String> enter(Slot slot) {
          return Optional.empty();
        }

        @Override
        public boolean reopens(Slot slot) {
          return true;
        }

        @Override
        public void leave(Slot slot) {
          // it took nothing
        }
      };

  /**
   * Lets the slot in until it leaves. Takes seconds at most.
   *
   * @return why not, for people; empty when it is in
   */
  Optional<String> enter(Slot slot);

  /**
   * Whether a slot that was refused may be sent work again: there is room for one more than those
   * that were told so and have none yet. Takes seconds at most.
   */
  boolean reopens(Slot slot);

  /** The slot has no work any more. Takes no time. */
  void leave(Slot slot);
}

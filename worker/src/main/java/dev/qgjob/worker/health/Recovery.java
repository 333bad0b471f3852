package dev.qgjob.worker.health;

import dev.qgjob.worker.run.Slot;
import java.util.Set;

/** What can be done to bring phones back. Thread-safe; returns at once. */
public interface Recovery {
  /** Does nothing: a person will. */
  Recovery NONE =
      new Recovery() {
        @Override
        public void unfit(Slot slot, String ailment, int tries) {
          // nothing can be done from here
        }

        @Override
        public void hostEvent(Set<String> slots) {
          // nothing can be done from here
        }
      };

  /**
   * A probe found a quarantined slot still unfit.
   *
   * @param tries how many quarantines in a row it has had
   */
  void unfit(Slot slot, String ailment, int tries);

  /** Several phones of this host vanished together. */
  void hostEvent(Set<String> slots);
}

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
        public void lost(Slot slot, String how, int step) {
          // nothing can be done from here
        }

        @Override
        public void hostEvent(Set<String> serials) {
          // nothing can be done from here
        }

        @Override
        public void notBack(Set<String> serials) {
          // nothing can be done from here
        }
      };

  /**
   * A probe found a quarantined slot still unfit.
   *
   * @param tries how many quarantines in a row it has had
   */
  void unfit(Slot slot, String ailment, int tries);

  /**
   * A phone went away alone, or does not answer adb, and has not come back by itself.
   *
   * @param how what is wrong, for people
   * @param step 1 for the first time since it was lost
   */
  void lost(Slot slot, String how, int step);

  /** Several phones of this host vanished together; {@code serials} are adb's names for them. */
  void hostEvent(Set<String> serials);

  /** These vanished together, and are still away some minutes after {@link #hostEvent}. */
  void notBack(Set<String> serials);
}

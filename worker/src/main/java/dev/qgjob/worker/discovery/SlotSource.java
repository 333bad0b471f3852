package dev.qgjob.worker.discovery;

import java.util.List;
import java.util.function.Consumer;

/** Tells which slots there are. */
public interface SlotSource extends AutoCloseable {
  /**
   * Begins to tell the full list of slots: once before this returns, then at every change, from one
   * thread at a time.
   */
  void start(Consumer<List<Found>> changed);

  @Override
  void close();

  /** Slots that never change. */
  static SlotSource fixed(List<Found> slots) {
    List<Found> copy = List.copyOf(slots);
    return new SlotSource() {
      @Override
      public void start(Consumer<List<Found>> changed) {
        changed.accept(copy);
      }

      @Override
      public void close() {
        // holds nothing
      }
    };
  }
}

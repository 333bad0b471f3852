package dev.qgjob.worker.discovery;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Slots that never change beside those of another source. */
public final class Together implements SlotSource {
  private final List<Found> always;
  private final SlotSource others;

  public Together(List<Found> always, SlotSource others) {
    this.always = List.copyOf(always);
    this.others = others;
  }

  @Override
  public void start(Consumer<List<Found>> changed) {
    others.start(
        slots -> {
          List<Found> all = new ArrayList<>(always);
          all.addAll(slots);
          changed.accept(all);
        });
  }

  @Override
  public void close() {
    others.close();
  }
}

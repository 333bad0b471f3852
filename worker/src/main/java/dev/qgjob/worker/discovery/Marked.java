package dev.qgjob.worker.discovery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The slots of another source, with capabilities that a person gave to all of them. */
public final class Marked implements SlotSource {
  private final SlotSource slots;
  private final Map<String, String> mark;

  /**
   * @throws IllegalArgumentException where a capability has no name or is the worker's own to tell
   */
  public Marked(SlotSource slots, Map<String, String> mark) {
    mark.keySet()
        .forEach(
            name -> {
              if (!name.matches("[a-z][a-z0-9_.-]{0,62}") || name.equals(Found.UNAVAILABLE)) {
                throw new IllegalArgumentException(
                    "'" + name + "' is no name of a capability; use lower-case letters and digits");
              }
            });
    this.slots = slots;
    this.mark = Map.copyOf(mark);
  }

  @Override
  public void start(Consumer<List<Found>> changed) {
    slots.start(found -> changed.accept(found.stream().map(this::marked).toList()));
  }

  /** What a person says goes before what was read off the phone. */
  private Found marked(Found found) {
    Map<String, String> all = new HashMap<>(found.capabilities());
    all.putAll(mark);
    return new Found(found.target(), found.udid(), all);
  }

  @Override
  public void close() {
    slots.close();
  }
}

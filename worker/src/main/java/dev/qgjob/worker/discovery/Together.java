package dev.qgjob.worker.discovery;

import dev.qgjob.protocol.Target;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The slots of several sources as one list, in the sources' order; a phone that two tell of is the
 * first one's.
 */
public final class Together implements SlotSource {
  private final List<SlotSource> sources;

  // guarded by this
  private final List<List<Found>> told = new ArrayList<>();
  private boolean started;

  public Together(List<SlotSource> sources) {
    this.sources = List.copyOf(sources);
    this.sources.forEach(source -> told.add(List.of()));
  }

  @Override
  public void start(Consumer<List<Found>> changed) {
    for (int i = 0; i < sources.size(); i++) {
      int index = i;
      sources.get(i).start(slots -> tell(index, slots, changed));
    }
    synchronized (this) {
      // what came before was a part of the list, and might have passed for all of it
      started = true;
      changed.accept(all());
    }
  }

  private synchronized void tell(int index, List<Found> slots, Consumer<List<Found>> changed) {
    told.set(index, List.copyOf(slots));
    if (started) {
      changed.accept(all());
    }
  }

  private List<Found> all() {
    Set<String> phones = new HashSet<>();
    return told.stream()
        .flatMap(List::stream)
        .filter(slot -> slot.target() == Target.BROWSERSTACK || phones.add(slot.udid()))
        .toList();
  }

  @Override
  public void close() {
    sources.forEach(SlotSource::close);
  }
}

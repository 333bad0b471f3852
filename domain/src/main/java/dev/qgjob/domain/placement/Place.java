package dev.qgjob.domain.placement;

import dev.qgjob.domain.fleet.Slot;
import java.time.Duration;

/** A live slot while the decisions are taken: one job runs, one waits. */
final class Place {
  private final Board.SlotLoad load;
  private boolean waiting;

  Place(Board.SlotLoad load) {
    this.load = load;
  }

  Slot slot() {
    return load.slot();
  }

  String id() {
    return load.slot().id();
  }

  int running() {
    return load.running();
  }

  Duration busyFor() {
    return load.busyFor();
  }

  boolean busy() {
    return load.running() > 0;
  }

  boolean idle() {
    return !busy() && !waiting;
  }

  boolean hasRoom() {
    return !waiting;
  }

  boolean holds(Board.WaitingGroup group) {
    return group.buildSha256().equals(slot().holds().get(group.packageName()));
  }

  void take() {
    waiting = true;
  }
}

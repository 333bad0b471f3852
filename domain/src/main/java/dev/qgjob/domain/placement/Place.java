package dev.qgjob.domain.placement;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Job;
import java.time.Duration;
import java.util.Set;

/** A live slot while the decisions are taken: one job runs, one waits. */
final class Place {
  private final Board.SlotLoad load;
  private final Set<String> suspects;
  private boolean waiting;

  /**
   * @param suspects workers that have a job that broke before; grows as such jobs are placed
   */
  Place(Board.SlotLoad load, Set<String> suspects) {
    this.load = load;
    this.suspects = suspects;
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
    return load.running() > 0 || load.held();
  }

  /** Somebody has it to themselves. */
  boolean held() {
    return load.held();
  }

  boolean idle() {
    return !busy() && !waiting;
  }

  boolean hasRoom() {
    return !waiting && !load.held();
  }

  boolean holds(Board.WaitingGroup group) {
    return slot().holds(group.packageName(), group.buildSha256());
  }

  /** Two jobs that broke before are never on one worker: one may be what breaks the other. */
  boolean keepsApart(Job job) {
    return !job.suspect() || !suspects.contains(slot().workerId());
  }

  void take(Job job) {
    waiting = true;
    if (job.suspect()) {
      suspects.add(slot().workerId());
    }
  }
}

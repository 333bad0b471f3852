package dev.qgjob.scheduler.event;

import dev.qgjob.domain.event.JobChanged;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** What is to be told to the other servers; the oldest goes when nobody takes it. Thread-safe. */
final class Outbox {
  private static final int MOST = 10_000;

  private final Deque<JobChanged> waiting = new ArrayDeque<>();

  synchronized void add(List<JobChanged> changes) {
    waiting.addAll(changes);
    while (waiting.size() > MOST) {
      waiting.removeFirst();
    }
  }

  /** The oldest, at most so many; empty when there is nothing. */
  synchronized List<JobChanged> take(int most) {
    List<JobChanged> taken = new ArrayList<>(Math.min(most, waiting.size()));
    while (taken.size() < most && !waiting.isEmpty()) {
      taken.add(waiting.removeFirst());
    }
    return taken;
  }

  synchronized void forget() {
    waiting.clear();
  }
}

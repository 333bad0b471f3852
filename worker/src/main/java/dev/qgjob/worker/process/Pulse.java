package dev.qgjob.worker.process;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Signs of life for all children, from one thread that runs while there are any. Java cannot tell
 * when its process is stopped; its children can, since then no sign comes. Thread-safe.
 */
final class Pulse {
  private static final int SIGNS_PER_PATIENCE = 6;

  private final Set<Child> children = ConcurrentHashMap.newKeySet();

  // guarded by this
  private Duration patience;
  private Duration pause;
  private boolean beating;

  Pulse(Duration patience) {
    this.patience = patience;
    this.pause = patience.dividedBy(SIGNS_PER_PATIENCE);
  }

  synchronized Duration patience() {
    return patience;
  }

  synchronized void patience(Duration time) {
    patience = time;
    Duration wanted = time.dividedBy(SIGNS_PER_PATIENCE);
    // children that were started with less patience still count on the shorter pause
    if (wanted.compareTo(pause) < 0) {
      pause = wanted;
      notifyAll();
    }
  }

  void keep(Child child) {
    children.add(child);
    synchronized (this) {
      if (!beating) {
        beating = true;
        Thread thread = new Thread(this::beat, "pulse");
        thread.setDaemon(true);
        thread.start();
      }
    }
  }

  private void beat() {
    try {
      do {
        children.removeIf(child -> !child.giveSign());
      } while (goesOn());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized boolean goesOn() throws InterruptedException {
    wait(Math.max(10, pause.toMillis()));
    beating = !children.isEmpty();
    return beating;
  }
}

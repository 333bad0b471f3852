package dev.qgjob.worker.discovery;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Phones that are offered whether adb sees them or not. Each is one worker's all the same: one that
 * another worker of this host has is told with that reason, and is taken when that one ends.
 */
public final class ListedSlots implements SlotSource {
  private static final Logger log = LoggerFactory.getLogger(ListedSlots.class);

  private final List<Found> phones;
  private final PhoneLocks locks;
  private final Duration retry;
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable List<Found> told;

  /**
   * @param locks folder that all workers of this host share
   * @param retry pause before another worker's phone is looked at again
   */
  public ListedSlots(List<Found> phones, Path locks, Duration retry) {
    this.phones = List.copyOf(phones);
    this.locks = new PhoneLocks(locks);
    this.retry = retry;
  }

  @Override
  public void start(Consumer<List<Found>> changed) {
    if (look(changed)) {
      return;
    }
    Thread waiting = new Thread(() -> waitForOthers(changed), "listed phones");
    waiting.setDaemon(true);
    waiting.start();
  }

  private void waitForOthers(Consumer<List<Found>> changed) {
    try {
      boolean all = false;
      while (!all && !closing.await(retry.toMillis(), TimeUnit.MILLISECONDS)) {
        all = look(changed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells what changed, and returns whether all are this worker's. */
  private synchronized boolean look(Consumer<List<Found>> changed) {
    if (closing.getCount() == 0) {
      return true;
    }
    List<Found> slots = new ArrayList<>();
    phones.forEach(phone -> slots.add(taken(phone)));
    if (!slots.equals(told)) {
      slots.stream()
          .filter(Found::withheld)
          .forEach(
              slot ->
                  log.warn(
                      "phone {}: {}", slot.udid(), slot.capabilities().get(Found.UNAVAILABLE)));
      told = slots;
      changed.accept(List.copyOf(slots));
    }
    return slots.stream().noneMatch(Found::withheld);
  }

  private Found taken(Found phone) {
    try {
      return locks.take(phone.udid())
          ? phone
          : Found.unavailable(phone.target(), phone.udid(), AdbSlots.ANOTHERS);
    } catch (IOException e) {
      return Found.unavailable(
          phone.target(), phone.udid(), "its lock cannot be taken: " + e.getMessage());
    }
  }

  @Override
  public void close() {
    closing.countDown();
    synchronized (this) {
      locks.close();
    }
  }
}

package dev.qgjob.worker.health;

import dev.qgjob.worker.run.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Phones that adb does not see, or that do not answer it, and when something is done about each
 * next. Known by their serials: what kind of slot a phone is, is a guess until it answers. Pure;
 * times are nanoseconds of a monotonic clock; not thread-safe.
 */
final class LostPhones {
  /** After that the first step is taken; each one more waits twice as long. */
  static final Duration FIRST = Duration.ofSeconds(30);

  /** What vanished together has the host's own command, and time to start, before it is missed. */
  static final Duration TOGETHER = Duration.ofMinutes(3);

  /** A person has been called by then. */
  private static final int MOST_STEPS = 3;

  /**
   * A step that is due.
   *
   * @param how what is wrong, for people
   * @param step 1 for the first one since the phone was lost
   * @param together whether it vanished with others, for which steps were taken at once
   */
  record Due(Slot slot, String how, int step, boolean together) {}

  private record Lost(Slot slot, String how, int step, boolean together, long dueAt) {}

  private final Map<String, Lost> lost = new LinkedHashMap<>();

  /** This phone is lost; does nothing where that is known. */
  void lost(Slot slot, String how, long now) {
    lost.putIfAbsent(slot.udid(), new Lost(slot, how, 1, false, now + FIRST.toNanos()));
  }

  /** These vanished together, and what can be done for all of them is being done. */
  void together(Collection<String> serials, long now) {
    for (String serial : serials) {
      lost.computeIfPresent(
          serial,
          (same, one) -> new Lost(one.slot(), one.how(), 1, true, now + TOGETHER.toNanos()));
    }
  }

  /** The phone is there, or is away for a reason that needs something else. */
  void found(String serial) {
    lost.remove(serial);
  }

  /** Takes the steps that are due. A phone for which all were taken is looked for no more. */
  List<Due> takeDue(long now) {
    List<Due> due = new ArrayList<>();
    for (Map.Entry<String, Lost> entry : lost.entrySet()) {
      Lost one = entry.getValue();
      if (one.step() <= MOST_STEPS && now - one.dueAt() >= 0) {
        due.add(new Due(one.slot(), one.how(), one.step(), one.together()));
        int next = one.together() ? MOST_STEPS + 1 : one.step() + 1;
        long pause = FIRST.toNanos() << one.step();
        entry.setValue(new Lost(one.slot(), one.how(), next, one.together(), now + pause));
      }
    }
    return due;
  }
}

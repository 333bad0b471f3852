package dev.qgjob.worker.browserstack;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The permits of one account: as many as its plan has parallels, less those that are left to
 * people, that sessions run on or wait for, whoever's they are, and that were given away here and
 * are not to be seen in the plan yet. Thread-safe; it asks nobody.
 */
final class Bucket {
  /** The right to one session of a slot, from its grant to the session's end. */
  static final class Permit {
    private final String slotId;
    private boolean seen;

    private Permit(String slotId) {
      this.slotId = slotId;
    }
  }

  private final int reserved;
  private final Set<Permit> held = new HashSet<>();
  private final Set<String> entered = new HashSet<>();
  private final Set<String> refused = new HashSet<>();
  private final Set<String> known = new HashSet<>();

  /**
   * @param reserved parallels that stay free for people
   */
  Bucket(int reserved) {
    this.reserved = reserved;
  }

  /** Permits that could be given now, to others than this slot. May be negative. */
  private int free(Plan plan, @Nullable String slotId) {
    long unseen = held.stream().filter(permit -> !permit.seen).count();
    // a process that has its permit for several sessions has none open between two of them
    long used = Math.max(plan.asked(), held.size() - unseen);
    // between two of its sessions a slot keeps its place
    long places =
        entered.stream()
            .filter(slot -> !slot.equals(slotId))
            .filter(slot -> held.stream().noneMatch(permit -> permit.slotId.equals(slot)))
            .count();
    return (int) (plan.most() - reserved - used - unseen - places);
  }

  /** A permit, if there is one and nobody waits at BrowserStack itself: who does is first. */
  synchronized Optional<Permit> take(Plan plan, String slotId) {
    if (plan.queued() > 0 || free(plan, slotId) <= 0) {
      return Optional.empty();
    }
    Permit permit = new Permit(slotId);
    held.add(permit);
    return Optional.of(permit);
  }

  /** The plan counts its session by now. */
  synchronized void seen(Permit permit) {
    permit.seen = true;
  }

  synchronized boolean isSeen(Permit permit) {
    return permit.seen || !held.contains(permit);
  }

  synchronized void giveBack(Permit permit) {
    held.remove(permit);
  }

  /** The slot may take work, until it {@linkplain #leave rests}. */
  synchronized boolean enter(Plan plan, String slotId) {
    known.add(slotId);
    if (!entered.contains(slotId) && (plan.queued() > 0 || free(plan, slotId) <= 0)) {
      refused.add(slotId);
      return false;
    }
    refused.remove(slotId);
    entered.add(slotId);
    return true;
  }

  synchronized void refuse(String slotId) {
    known.add(slotId);
    refused.add(slotId);
  }

  synchronized void leave(String slotId) {
    entered.remove(slotId);
  }

  /** Whether a permit could be given now. */
  synchronized boolean hasRoom(Plan plan) {
    return plan.queued() == 0 && free(plan, null) > 0;
  }

  /** Whether there is room for this slot beside those that are open and have no work yet. */
  synchronized boolean reopen(Plan plan, String slotId) {
    long open =
        known.stream().filter(slot -> !entered.contains(slot) && !refused.contains(slot)).count();
    if (!hasRoom(plan) || free(plan, null) <= open) {
      return false;
    }
    refused.remove(slotId);
    return true;
  }

  /** For people. */
  String describe(Plan plan) {
    return plan.running()
        + " of "
        + plan.most()
        + " parallels of the BrowserStack account run"
        + (plan.queued() > 0 ? ", " + plan.queued() + " sessions wait there" : "")
        + (reserved > 0 ? ", " + reserved + " are left to people" : "");
  }

  boolean leavesNone(Plan plan) {
    return plan.most() <= reserved;
  }
}

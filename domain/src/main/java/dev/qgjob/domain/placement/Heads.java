package dev.qgjob.domain.placement;

import dev.qgjob.domain.job.GroupKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many of a group's first jobs a tick looks at: as many as there are slots for them, within a
 * part of what it looks at in all. Orgs have equal parts of that, and the groups of an org equal
 * parts of the org's: an org of one group can so be given as many slots as one of a hundred.
 *
 * <p>Always a power of two, so that a store asks for few different numbers.
 */
public final class Heads {
  /** What a tick looks at, beside the {@value #LEAST} of each group. */
  public static final int IN_ALL = 4_096;

  /** Of a group, however few slots there are: of these the longest goes first. */
  static final int USUAL = 64;

  /** Of a group, however many slots there are: once these are placed, the next tick sees more. */
  static final int MOST = 512;

  /** Of a group, however many groups there are. */
  static final int LEAST = 1;

  /** Of a group beyond its slots, since not every slot may run every job. */
  private static final int BESIDE_SLOTS = 8;

  private Heads() {}

  /**
   * The most to look at of each group.
   *
   * @param slots how many slots could be sent a job of the group now
   */
  public static Map<GroupKey, Integer> most(Map<GroupKey, Integer> slots) {
    Map<String, Integer> groupsOfOrg = new HashMap<>();
    slots.keySet().forEach(group -> groupsOfOrg.merge(group.orgId(), 1, Integer::sum));
    Map<GroupKey, Integer> most = new HashMap<>();
    slots.forEach(
        (group, room) -> {
          int part = IN_ALL / groupsOfOrg.size() / groupsOfOrg.getOrDefault(group.orgId(), 1);
          int useful = Math.min(MOST, Math.max(USUAL, room + BESIDE_SLOTS));
          most.put(group, Math.max(LEAST, Math.min(powerUpTo(part), powerFrom(useful))));
        });
    return most;
  }

  /** The greatest power of two that is not above it; 0 for less than 1. */
  private static int powerUpTo(int number) {
    return Integer.highestOneBit(number);
  }

  /** The least power of two that is not below it. */
  private static int powerFrom(int number) {
    return powerUpTo(2 * number - 1);
  }

  /**
   * A slot is still idle, while all that was looked at of some group was placed and more of it
   * waits: the slot may be meant for that, and so the next tick is due at once.
   */
  static boolean moreWait(Board board, List<Decision> decisions) {
    Set<String> idle = new HashSet<>();
    for (Board.SlotLoad load : board.slots()) {
      if (load.running() == 0 && !load.held()) {
        idle.add(load.slot().id());
      }
    }
    Set<String> placed = new HashSet<>();
    int anywhere = 0;
    for (Decision decision : decisions) {
      placed.add(decision.job().id());
      if (decision instanceof Decision.HandOff handOff) {
        idle.remove(handOff.slotId());
      } else if (decision instanceof Decision.Redirect redirect) {
        idle.remove(redirect.slotId());
      } else {
        anywhere++;
      }
    }
    for (Board.WaitingGroup group : board.groups()) {
      group.released().forEach(job -> Queue.slotOf(group, job).ifPresent(idle::remove));
    }
    return idle.size() > anywhere
        && board.groups().stream().anyMatch(group -> isUsedUp(group, placed));
  }

  private static boolean isUsedUp(Board.WaitingGroup group, Set<String> placed) {
    return !group.heads().isEmpty()
        && group.queued() > group.heads().size() + group.released().size()
        && group.heads().stream().allMatch(job -> placed.contains(job.id()));
  }
}

package dev.qgjob.domain.placement;

import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a tick sees of one target: aggregates and heads of groups, never all jobs.
 *
 * @param now the store's clock
 * @param suspects workers where, on whichever target, a job that broke before runs or was handed
 *     to; may be left empty while no waiting job broke before
 * @param orgs what the orgs may use of this target; an org that is missing has {@link Share#EQUAL}
 * @param cap jobs that may run at once on this target, all orgs together
 * @param left how many more jobs may use a resource, by {@link Resource#key}; what is missing has
 *     no limit
 */
public record Board(
    Target target,
    Instant now,
    List<WaitingGroup> groups,
    List<SlotLoad> slots,
    Set<String> suspects,
    Map<String, Share> orgs,
    int cap,
    Map<String, Integer> left) {
  /** No cap. */
  public static final int NO_CAP = Integer.MAX_VALUE;

  public Board {
    groups = List.copyOf(groups);
    slots = List.copyOf(slots);
    suspects = Set.copyOf(suspects);
    orgs = Map.copyOf(orgs);
    left = Map.copyOf(left);
  }

  /** A board without scarce resources. */
  public Board(
      Target target,
      Instant now,
      List<WaitingGroup> groups,
      List<SlotLoad> slots,
      Set<String> suspects,
      Map<String, Share> orgs,
      int cap) {
    this(target, now, groups, slots, suspects, orgs, cap, Map.of());
  }

  /** The same, with what was counted of these resources. */
  Board withLeft(Map<String, Integer> counted) {
    Map<String, Integer> all = new HashMap<>(left);
    all.putAll(counted);
    return new Board(target, now, groups, slots, suspects, orgs, cap, all);
  }

  /** The resources that the jobs which may go next ask for. */
  Set<String> asked() {
    Set<String> asked = new HashSet<>();
    for (WaitingGroup group : groups) {
      group.heads().forEach(job -> asked.addAll(group.need(job).resources()));
    }
    return asked;
  }

  /** A board of equal orgs without caps. */
  public Board(
      Target target,
      Instant now,
      List<WaitingGroup> groups,
      List<SlotLoad> slots,
      Set<String> suspects) {
    this(target, now, groups, slots, suspects, Map.of(), NO_CAP);
  }

  /**
   * What an org may use of the target, and what it has used.
   *
   * @param weight its part relative to the others'; 0: only what nobody else wants
   * @param cap jobs that it may run at once
   * @param served slot time that it has used since it last had nothing to do, installs for it
   *     included, on top of what the others had been served per weight by then; null where nobody
   *     keeps account: what it uses at the moment stands for it then
   * @param minutes what it may use of the target in a month; null: any number
   */
  public record Share(
      double weight, int cap, @Nullable Duration served, @Nullable Minutes minutes) {
    public static final Share EQUAL = new Share(1, NO_CAP, null);

    /** A share of a target that is not paid by the minute. */
    public Share(double weight, int cap, @Nullable Duration served) {
      this(weight, cap, served, null);
    }

    /** Nothing of the org's is to begin on the target before the month is over. */
    boolean spent() {
      return minutes != null && minutes.spent();
    }

    /** The same, with so much more slot time used. */
    public Share servedMore(Duration more) {
      return served == null ? this : new Share(weight, cap, served.plus(more), minutes);
    }

    public Share {
      if (!(weight >= 0) || Double.isInfinite(weight) || cap < 0) {
        throw new IllegalArgumentException("weight " + weight + ", cap " + cap);
      }
    }
  }

  /**
   * The waiting jobs of one group.
   *
   * @param orgRunning slots of this target that are at work for the same org, whatever number of
   *     jobs each of them took, and jobs of the org that are released
   * @param home the slot that last claimed from it, or null
   * @param pinnedAt the attachment of the home through which the broker pinned the group, or null
   *     where the home did not come about through the shared queue
   * @param buildSha256 the build that its jobs need
   * @param queued jobs that wait, released or not
   * @param runningOn the slots that run jobs of the group now
   * @param heads the first of those not released yet and due, in order
   * @param released those released and not yet claimed
   * @param runTime mean time of a job of this group
   * @param setUp mean time to install this build; zero where each session is set up anew, which the
   *     other times then have in them
   * @param work forecast run time of all that wait
   * @param longest the longest forecast among them
   * @param needs what is known of single heads, by job id; the mean stands for what is missing
   */
  public record WaitingGroup(
      GroupKey key,
      int orgRunning,
      @Nullable String home,
      @Nullable Long pinnedAt,
      String packageName,
      String buildSha256,
      int queued,
      Set<String> runningOn,
      List<Job> heads,
      List<Job> released,
      Duration runTime,
      Duration setUp,
      Duration work,
      Duration longest,
      Map<String, Need> needs) {
    public WaitingGroup {
      runningOn = Set.copyOf(runningOn);
      heads = List.copyOf(heads);
      released = List.copyOf(released);
      needs = Map.copyOf(needs);
      if (key.target().setsUpEachSession()) {
        // nothing that a slot is spared by holding the build: it is time of each job
        Duration each = setUp;
        setUp = Duration.ZERO;
        runTime = runTime.plus(each);
        longest = longest.plus(each);
        work = work.plus(each.multipliedBy(queued));
        needs =
            needs.entrySet().stream()
                .collect(
                    Collectors.toUnmodifiableMap(
                        Map.Entry::getKey, need -> need.getValue().after(each)));
      }
    }

    /** A group of whose jobs only the mean is known. */
    public WaitingGroup(
        GroupKey key,
        int orgRunning,
        @Nullable String home,
        @Nullable Long pinnedAt,
        String packageName,
        String buildSha256,
        int queued,
        Set<String> runningOn,
        List<Job> heads,
        List<Job> released,
        Duration runTime,
        Duration setUp) {
      this(
          key,
          orgRunning,
          home,
          pinnedAt,
          packageName,
          buildSha256,
          queued,
          runningOn,
          heads,
          released,
          runTime,
          setUp,
          runTime.multipliedBy(queued),
          runTime,
          Map.of());
    }

    /** What is known of a job. */
    public Need need(Job job) {
      Need known = needs.get(job.id());
      return known == null ? new Need(runTime, Map.of()) : known;
    }
  }

  /**
   * What one job asks for.
   *
   * @param forecast how long it is expected to run; a negative one counts as no time
   * @param device capabilities that its slot has to have; empty: any slot of the target
   * @param resources what it uses one of each of while it runs, by {@link Resource#key}
   * @param compatibility on which of the slots that it wishes for its build can be installed, as
   *     far as that {@linkplain Compatibility#among differs}
   */
  public record Need(
      Duration forecast,
      Map<String, String> device,
      Set<String> resources,
      Compatibility compatibility) {
    public Need {
      forecast = forecast.isNegative() ? Duration.ZERO : forecast;
      device = Map.copyOf(device);
      resources = Set.copyOf(resources);
      compatibility = Compatibility.orAny(compatibility);
    }

    /** A job whose build can be installed on every slot. */
    public Need(Duration forecast, Map<String, String> device, Set<String> resources) {
      this(forecast, device, resources, Compatibility.ANY);
    }

    /** A job that uses nothing scarce. */
    public Need(Duration forecast, Map<String, String> device) {
      this(forecast, device, Set.of(), Compatibility.ANY);
    }

    /** The same of a job that takes so much longer. */
    Need after(Duration more) {
      return new Need(forecast.plus(more), device, resources, compatibility);
    }

    /** True where the slot is as wished and can have the build. */
    public boolean metBy(Slot slot) {
      return slot.has(device) && compatibility.allows(slot);
    }

    /** The same slots will do. */
    boolean wishesLike(Need other) {
      return device.equals(other.device)
          && (compatibility == other.compatibility || compatibility.equals(other.compatibility));
    }

    /** False where some slots of the target may not do. */
    boolean metByAny() {
      return device.isEmpty() && compatibility.equals(Compatibility.ANY);
    }
  }

  /**
   * A live slot.
   *
   * @param running how many jobs it took and has not finished: it runs them one after the other
   * @param busyFor when it is expected to be free; zero where it is idle or nothing is known
   * @param held somebody has it to themselves: it gets nothing
   * @param org whose jobs it runs; null where it runs none, or nobody says
   */
  public record SlotLoad(
      Slot slot, int running, Duration busyFor, boolean held, @Nullable String org) {
    public SlotLoad {
      busyFor = busyFor.isNegative() ? Duration.ZERO : busyFor;
    }

    public SlotLoad(Slot slot, int running, Duration busyFor) {
      this(slot, running, busyFor, false, null);
    }

    public SlotLoad(Slot slot, int running) {
      this(slot, running, Duration.ZERO);
    }

    /** The same slot, which is not to be given anything for as long. */
    public SlotLoad heldFor(Duration left) {
      return new SlotLoad(slot, running, left.compareTo(busyFor) > 0 ? left : busyFor, true, org);
    }

    /** The same slot, which runs jobs of this org. */
    public SlotLoad of(String orgId) {
      return new SlotLoad(slot, running, busyFor, held, orgId);
    }
  }
}

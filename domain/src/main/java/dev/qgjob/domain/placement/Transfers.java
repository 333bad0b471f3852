package dev.qgjob.domain.placement;

import static dev.qgjob.domain.placement.Account.seconds;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Which waiting jobs of other targets go on to this one: pure. Only jobs whose run allows both.
 *
 * <p>A job gains (W' + p') − (W + s + p) − c: W' is the wait at the end of the queue where it is, W
 * the one here, p' and p its run time, s the install unless a slot here holds the build, c what the
 * run time here costs beyond waiting. W is the moment until which the slots, each from when it is
 * free, have done the work and the missing installs that wait ({@link #level}).
 *
 * <p>A slot that this target's own work leaves idle takes a job for any gain: it starts at once.
 * Into a queue a job goes only for more than {@value #LEAST_GAIN} seconds and a quarter of W',
 * since forecasts are wrong and each way back costs as much.
 */
public final class Transfers {
  /** Seconds. */
  static final double LEAST_GAIN = 30;

  private static final double LEAST_PART = 0.25;

  /** The next tick sees what came of these. */
  static final int AT_ONCE = 64;

  private final Pool pool;
  private final List<Slot> idle;
  private final Map<Target, Pool> pools = new HashMap<>();
  private final Map<GroupKey, Deque<Candidate>> groups = new LinkedHashMap<>();

  /**
   * A job that waits at another target, was not sent, and may run here.
   *
   * @param device capabilities that its slot has to have
   * @param there how long it is expected to run where it is
   * @param runHere how long it is expected to run here
   * @param setUpHere how long an install takes here
   * @param price waiting time that the run time here is worth
   */
  public record Candidate(
      Job job,
      Map<String, String> device,
      String packageName,
      String buildSha256,
      Duration there,
      Duration runHere,
      Duration setUpHere,
      Duration price) {
    public Candidate {
      device = Map.copyOf(device);
    }

    private boolean isHeldBy(Slot slot) {
      return slot.holds(packageName, buildSha256);
    }
  }

  /**
   * What is looked at besides the board of the target where jobs may go.
   *
   * @param boards of the targets where candidates wait
   * @param candidates in the order of their groups
   */
  public record Others(Map<Target, Board> boards, List<Candidate> candidates) {
    public Others {
      boards = Map.copyOf(boards);
      candidates = List.copyOf(candidates);
    }
  }

  /** Where a candidate would go, and what for. */
  private record Offer(Candidate candidate, double gain, Optional<Slot> slot, double takes) {}

  private Transfers(Board here, List<Decision> decided, Others others) {
    this.pool = new Pool(here);
    this.idle = idle(here, decided);
    others.boards().forEach((target, board) -> pools.put(target, new Pool(board)));
    for (Candidate candidate : others.candidates()) {
      groups.computeIfAbsent(candidate.job().group(), k -> new ArrayDeque<>()).add(candidate);
    }
  }

  /**
   * The jobs that go on to this target, in the order in which they do.
   *
   * @param here this target
   * @param decided what placement decided on that board, and the tick does
   */
  public static List<Job> into(Board here, List<Decision> decided, Others others) {
    return new Transfers(here, decided, others).decide();
  }

  private List<Job> decide() {
    List<Job> going = new ArrayList<>();
    Optional<Offer> best = best();
    while (best.isPresent() && going.size() < AT_ONCE) {
      going.add(take(best.get()));
      best = best();
    }
    return going;
  }

  private Optional<Offer> best() {
    Offer best = null;
    for (Deque<Candidate> group : groups.values()) {
      Candidate first = group.peek();
      if (first != null) {
        Offer offer = offer(first);
        if (offer.gain > 0 && (best == null || offer.gain > best.gain)) {
          best = offer;
        }
      }
    }
    return Optional.ofNullable(best);
  }

  private Job take(Offer offer) {
    Candidate candidate = offer.candidate;
    Objects.requireNonNull(groups.get(candidate.job().group())).remove();
    source(candidate).add(-seconds(candidate.there()));
    pool.add(offer.takes);
    offer.slot.ifPresent(idle::remove);
    return candidate.job();
  }

  private Pool source(Candidate candidate) {
    return Objects.requireNonNull(pools.get(candidate.job().group().target()));
  }

  /** The better of an idle slot and the queue; without a gain where it stays. */
  private Offer offer(Candidate candidate) {
    double stays = source(candidate).startOf(candidate) + seconds(candidate.there());
    Optional<Slot> slot = idleFor(candidate);
    boolean held = slot.map(candidate::isHeldBy).orElseGet(() -> pool.holds(candidate));
    double takes = (held ? 0 : seconds(candidate.setUpHere())) + seconds(candidate.runHere());
    double gain = stays - takes - seconds(candidate.price());
    if (slot.isEmpty()) {
      gain -= pool.endFor(candidate);
      boolean pays = gain > LEAST_GAIN && (Double.isInfinite(stays) || gain > LEAST_PART * stays);
      gain = pays ? gain : 0;
    }
    return new Offer(candidate, gain, slot, takes);
  }

  /** One that holds the build first. */
  private Optional<Slot> idleFor(Candidate candidate) {
    Optional<Slot> any = Optional.empty();
    for (Slot slot : idle) {
      if (slot.has(candidate.device()) && !slot.id().equals(candidate.job().avoidSlotId())) {
        if (candidate.isHeldBy(slot)) {
          return Optional.of(slot);
        }
        any = any.isPresent() ? any : Optional.of(slot);
      }
    }
    return any;
  }

  /**
   * The slots that this target's own work leaves idle; none while some of it is so new that
   * placement waits for what else comes.
   */
  private static List<Slot> idle(Board board, List<Decision> decided) {
    Set<String> taken = new HashSet<>();
    Set<String> sent = new HashSet<>();
    boolean anybodys = false;
    for (Decision decision : decided) {
      sent.add(decision.job().id());
      if (decision instanceof Decision.HandOff handOff) {
        taken.add(handOff.slotId());
      } else if (decision instanceof Decision.Redirect redirect) {
        taken.add(redirect.slotId());
      } else {
        anybodys = true;
      }
    }
    for (Board.WaitingGroup group : board.groups()) {
      for (Job job : group.released()) {
        Optional<String> slot = Queue.slotOf(group, job);
        slot.ifPresent(taken::add);
        anybodys |= slot.isEmpty();
      }
      Duration settling = group.setUp().dividedBy(Placement.SETTLING);
      anybodys |=
          group.heads().stream()
              .anyMatch(
                  job ->
                      !sent.contains(job.id())
                          && job.createdAt().plus(settling).isAfter(board.now()));
    }
    List<Slot> idle = new ArrayList<>();
    if (!anybodys) {
      for (Board.SlotLoad load : board.slots()) {
        if (load.running() == 0 && !load.held() && !taken.contains(load.slot().id())) {
          idle.add(load.slot());
        }
      }
    }
    return idle;
  }

  /** The slots of a target and the work that waits for them, in seconds. */
  private static final class Pool {
    private final List<Board.SlotLoad> slots;
    private final double[] free;
    private final Map<String, Board.Share> orgs;
    private double work;

    Pool(Board board) {
      slots = board.slots();
      orgs = board.orgs();
      free = slots.stream().mapToDouble(load -> seconds(load.busyFor())).sorted().toArray();
      for (Board.WaitingGroup group : board.groups()) {
        boolean there =
            !group.runningOn().isEmpty()
                || slots.stream()
                    .anyMatch(load -> load.slot().holds(group.packageName(), group.buildSha256()));
        work += seconds(group.work()) + (there ? 0 : seconds(group.setUp()));
      }
    }

    void add(double seconds) {
      work = Math.max(0, work + seconds);
    }

    boolean holds(Candidate candidate) {
      return slots.stream().anyMatch(load -> candidate.isHeldBy(load.slot()));
    }

    /** When the last of the queue, which this one is, starts. */
    double startOf(Candidate candidate) {
      return meets(candidate)
          ? level(free, Math.max(0, work - seconds(candidate.there())))
          : Double.POSITIVE_INFINITY;
    }

    /** When one more would start. */
    double endFor(Candidate candidate) {
      return meets(candidate) ? level(free, work) : Double.POSITIVE_INFINITY;
    }

    private boolean meets(Candidate candidate) {
      String org = candidate.job().group().orgId();
      return !orgs.getOrDefault(org, Board.Share.EQUAL).spent()
          && slots.stream().anyMatch(load -> load.slot().has(candidate.device()));
    }
  }

  /**
   * The moment t at which slots that are free from f_1 ≤ f_2 ≤ … have done so much work: Σ max(0, t
   * − f_i) = work. Infinite without slots.
   */
  static double level(double[] free, double work) {
    if (free.length == 0) {
      return Double.POSITIVE_INFINITY;
    }
    double left = work;
    for (int i = 1; i < free.length; i++) {
      double until = (free[i] - free[i - 1]) * i;
      if (left <= until) {
        return free[i - 1] + left / i;
      }
      left -= until;
    }
    return free[free.length - 1] + left / free.length;
  }
}

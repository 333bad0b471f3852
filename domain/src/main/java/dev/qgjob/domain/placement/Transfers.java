package dev.qgjob.domain.placement;

import static dev.qgjob.domain.placement.Account.seconds;

import dev.qgjob.domain.fleet.Compatibility;
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
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which waiting jobs of other targets go on to this one: pure. Only jobs whose run allows both.
 *
 * <p>A job gains (W' + p') − (W + s + p) − c: W' is the wait at the end of the queue where it is, W
 * the one here, p' and p its run time, s the install unless a slot here holds the build, c what the
 * run time here costs beyond waiting. W is the moment until which the slots, each from when it is
 * free, have done the work and the missing installs that wait ({@link SlotTime#level}).
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
  private final Idle idle;
  private final Room room;
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
   * @param compatibility on which slots here its build can be installed, as far as that differs
   */
  public record Candidate(
      Job job,
      Map<String, String> device,
      String packageName,
      String buildSha256,
      Duration there,
      Duration runHere,
      Duration setUpHere,
      Duration price,
      Compatibility compatibility) {
    public Candidate {
      device = Map.copyOf(device);
      compatibility = Compatibility.orAny(compatibility);
    }

    /** One whose build can be installed on every slot here. */
    public Candidate(
        Job job,
        Map<String, String> device,
        String packageName,
        String buildSha256,
        Duration there,
        Duration runHere,
        Duration setUpHere,
        Duration price) {
      this(
          job,
          device,
          packageName,
          buildSha256,
          there,
          runHere,
          setUpHere,
          price,
          Compatibility.ANY);
    }

    /** It may run on this slot here. */
    private boolean isMetBy(Slot slot) {
      return slot.has(device) && compatibility.allows(slot);
    }

    private String orgId() {
      return job.group().orgId();
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
    this.idle = new Idle(idle(here, decided));
    this.room = new Room(here, decided, others);
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
      if (first != null && room.isLeftFor(first.orgId())) {
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
    room.take(candidate.orgId());
    return candidate.job();
  }

  private Pool source(Candidate candidate) {
    return Objects.requireNonNull(pools.get(candidate.job().group().target()));
  }

  /** The better of an idle slot and the queue; without a gain where it stays. */
  private Offer offer(Candidate candidate) {
    double stays = source(candidate).startOf(candidate) + seconds(candidate.there());
    Optional<Slot> slot = idle.slotFor(candidate);
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
      anybodys |=
          group.heads().stream()
              .anyMatch(
                  job ->
                      !sent.contains(job.id())
                          && Placement.settledAt(group, job).isAfter(board.now()));
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

  /** The idle slots, by the builds that they hold. */
  private static final class Idle {
    private final Set<Slot> slots;
    private final Map<String, Set<Slot>> byBuild = new HashMap<>();
    private final Map<Compatibility, Set<String>> allowed = new IdentityHashMap<>();

    Idle(List<Slot> idle) {
      slots = new LinkedHashSet<>(idle);
      for (Slot slot : idle) {
        for (String build : slot.holds().values()) {
          byBuild.computeIfAbsent(build, k -> new LinkedHashSet<>()).add(slot);
        }
      }
    }

    /** One that holds the build first. */
    Optional<Slot> slotFor(Candidate candidate) {
      // those that cannot have it are asked once, and not for each job of the build
      Set<String> fit =
          allowed.computeIfAbsent(
              candidate.compatibility(),
              build ->
                  slots.stream().filter(build::allows).map(Slot::id).collect(Collectors.toSet()));
      return byBuild.getOrDefault(candidate.buildSha256(), Set.of()).stream()
          .filter(slot -> candidate.isHeldBy(slot) && mayTake(candidate, slot, fit))
          .findFirst()
          .or(() -> slots.stream().filter(slot -> mayTake(candidate, slot, fit)).findFirst());
    }

    private static boolean mayTake(Candidate candidate, Slot slot, Set<String> fit) {
      return fit.contains(slot.id())
          && slot.has(candidate.device())
          && !slot.id().equals(candidate.job().avoidSlotId());
    }

    void remove(Slot slot) {
      slots.remove(slot);
      slot.holds().values().forEach(build -> byBuild.getOrDefault(build, Set.of()).remove(slot));
    }
  }

  /** How many jobs more may be at work on this target. What comes beyond that could not start. */
  private static final class Room {
    private final Map<String, Board.Share> orgs = new HashMap<>();
    private final Map<String, Integer> busy = new HashMap<>();
    private int left;

    Room(Board here, List<Decision> decided, Others others) {
      // an org's cap is the same on each target, and who has nothing waiting here is known there
      others.boards().values().forEach(there -> orgs.putAll(there.orgs()));
      orgs.putAll(here.orgs());
      left = here.cap();
      for (Board.SlotLoad load : here.slots()) {
        if (load.running() > 0) {
          left--;
          if (load.org() != null) {
            busy.merge(load.org(), 1, Integer::sum);
          }
        }
      }
      for (Board.WaitingGroup group : here.groups()) {
        busy.merge(group.key().orgId(), group.orgRunning(), Math::max);
        left -= group.released().size();
      }
      decided.forEach(decision -> take(decision.job().group().orgId()));
    }

    boolean isLeftFor(String orgId) {
      Board.Share share = orgs.getOrDefault(orgId, Board.Share.EQUAL);
      return left > 0 && busy.getOrDefault(orgId, 0) < share.cap();
    }

    void take(String orgId) {
      busy.merge(orgId, 1, Integer::sum);
      left--;
    }
  }

  /** The slots of a target and the work that waits for them, in seconds. */
  private static final class Pool {
    private final List<Board.SlotLoad> slots;
    private final SlotTime time;
    private final Set<String> held = new HashSet<>();
    private final Map<String, Board.Share> orgs;
    private double work;

    Pool(Board board) {
      slots = board.slots();
      orgs = board.orgs();
      time = new SlotTime(slots.stream().mapToDouble(load -> seconds(load.busyFor())).toArray());
      slots.forEach(load -> load.slot().holds().forEach((app, build) -> held.add(key(app, build))));
      for (Board.WaitingGroup group : board.groups()) {
        boolean there =
            !group.runningOn().isEmpty()
                || held.contains(key(group.packageName(), group.buildSha256()));
        work += seconds(group.work()) + (there ? 0 : seconds(group.setUp()));
      }
    }

    private static String key(String packageName, String build) {
      return packageName + "/" + build;
    }

    void add(double seconds) {
      work = Math.max(0, work + seconds);
    }

    boolean holds(Candidate candidate) {
      return held.contains(key(candidate.packageName(), candidate.buildSha256()));
    }

    /** When the last of the queue, which this one is, starts where it is. */
    double startOf(Candidate candidate) {
      return maySpend(candidate) && some(slot -> slot.has(candidate.device()))
          ? time.level(Math.max(0, work - seconds(candidate.there())))
          : Double.POSITIVE_INFINITY;
    }

    /** When one more would start here. */
    double endFor(Candidate candidate) {
      return maySpend(candidate) && some(candidate::isMetBy)
          ? time.level(work)
          : Double.POSITIVE_INFINITY;
    }

    private boolean maySpend(Candidate candidate) {
      return !orgs.getOrDefault(candidate.orgId(), Board.Share.EQUAL).spent();
    }

    private boolean some(Predicate<Slot> good) {
      return slots.stream().anyMatch(load -> good.test(load.slot()));
    }
  }
}

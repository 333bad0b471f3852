package dev.qgjob.domain.explain;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.Decision;
import dev.qgjob.domain.placement.Placement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What the placement will do with a board, played forward by the placement itself until one job
 * starts: jobs take as long as is expected of them, give or take what chance draws, and nothing
 * else is submitted. Jobs that the board only counts are taken for the mean of their group. For one
 * thread, and for one play.
 */
final class Ahead {
  /** Log-normal deviation of a job from its forecast. */
  private static final double OFF = 0.3;

  /** Log-normal deviation of a job of which only its group is known. */
  private static final double UNKNOWN_OFF = 0.5;

  private final Board board;
  private final Job mine;
  private final DoubleUnaryOperator chance;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final Map<GroupKey, Line> lines = new LinkedHashMap<>();
  private final Map<String, Integer> busyOfOrg = new HashMap<>();
  private final Map<String, Double> served = new HashMap<>();
  private final Map<String, Integer> left;
  private double clock;
  private @Nullable Start started;

  private Ahead(Board board, Job mine, int before, DoubleUnaryOperator chance) {
    this.board = board;
    this.mine = mine;
    this.chance = chance;
    this.left = new HashMap<>(board.left());
    for (Board.WaitingGroup group : board.groups()) {
      boolean ofMine = group.key().equals(mine.group());
      lines.put(group.key(), new Line(group, ofMine ? before : -1));
      busyOfOrg.merge(group.key().orgId(), group.orgRunning(), Math::max);
    }
    for (Board.SlotLoad load : board.slots()) {
      places.put(load.slot().id(), new Place(load));
    }
    lines.values().forEach(this::take);
  }

  /**
   * How a job starts.
   *
   * @param seconds from the board's moment
   * @param setsUp its build is put on the slot first
   */
  record Start(double seconds, boolean setsUp) {}

  /**
   * Plays until the job starts; empty where it never does, or not within the work that is left.
   *
   * @param before how many waiting jobs of its group go before it
   * @param chance draws a factor by which a time is off its forecast, of median 1, from the
   *     standard deviation of its logarithm
   * @param left how many things may still be looked at; what was looked at is taken off
   */
  static Optional<Start> play(
      Board board, Job job, int before, DoubleUnaryOperator chance, AtomicLong left) {
    return new Ahead(board, job, before, chance).play(left);
  }

  /** What is sent already is where it was sent to, or where the broker may have put it. */
  private void take(Line line) {
    for (Job job : line.group.released()) {
      Release release = job.release();
      String at = release == null ? null : release.slotId();
      at = at == null && release != null ? release.notedSlotId() : at;
      Place place = places.get(at == null ? String.valueOf(line.group.home()) : at);
      if (place == null || place.waiting != null) {
        place = anyIdle().orElse(null);
      }
      if (place == null) {
        line.heads.addFirst(job);
      } else {
        give(line, job, place);
      }
    }
  }

  private Optional<Place> anyIdle() {
    return places.values().stream().filter(p -> !p.busy && p.waiting == null).findFirst();
  }

  private Optional<Start> play(AtomicLong left) {
    while (started == null && left.get() > 0) {
      if (someWait() && someRoom()) {
        Board now = now();
        left.addAndGet(-cost(now));
        Placement.decide(now).forEach(this::carryOut);
      }
      OptionalDouble next = next();
      if (started != null || next.isEmpty()) {
        break;
      }
      clock = next.getAsDouble();
      left.addAndGet(-places.size());
      places.values().stream().filter(p -> p.busy && p.until <= clock).forEach(this::end);
    }
    return Optional.ofNullable(started);
  }

  private boolean someWait() {
    return lines.values().stream().anyMatch(Line::hasHeads);
  }

  private boolean someRoom() {
    return places.values().stream().anyMatch(p -> p.waiting == null);
  }

  private static long cost(Board board) {
    long heads = board.groups().stream().mapToLong(g -> 1 + g.heads().size()).sum();
    return heads + board.slots().size();
  }

  /** When a slot is free next, or work has waited long enough to be worth another install. */
  private OptionalDouble next() {
    OptionalDouble end =
        places.values().stream().filter(p -> p.busy).mapToDouble(p -> p.until).min();
    if (anyIdle().isEmpty()) {
      return end;
    }
    OptionalDouble settled =
        lines.values().stream()
            .filter(Line::hasHeads)
            .mapToDouble(this::settled)
            .filter(at -> at > clock)
            .min();
    return settled.isEmpty() || (end.isPresent() && end.getAsDouble() <= settled.getAsDouble())
        ? end
        : settled;
  }

  private double settled(Line line) {
    Instant at = Placement.settledAt(line.group, line.heads.getFirst()).plusMillis(1);
    return seconds(Duration.between(board.now(), at));
  }

  private Board now() {
    List<Board.WaitingGroup> groups = new ArrayList<>();
    lines.values().stream().filter(Line::waits).forEach(line -> groups.add(line.shown()));
    List<Board.SlotLoad> loads = new ArrayList<>();
    places.values().forEach(place -> loads.add(place.shown()));
    Map<String, Board.Share> shares = new HashMap<>(board.orgs());
    shares.replaceAll((org, share) -> share.servedMore(span(served.getOrDefault(org, 0.0))));
    return new Board(
        board.target(),
        board.now().plus(span(clock)),
        groups,
        loads,
        clock > 0 ? Set.of() : board.suspects(),
        shares,
        board.cap(),
        left);
  }

  private void carryOut(Decision decision) {
    Job job = decision.job();
    Line line = line(job);
    if (decision instanceof Decision.Share) {
      Place home = places.get(String.valueOf(line.home));
      Optional<Place> place = home == null || home.waiting != null ? anyIdle() : Optional.of(home);
      if (place.isPresent() && line.remove(job)) {
        oneMore(line, job);
        give(line, job, place.get());
      }
    } else if (decision instanceof Decision.HandOff handOff) {
      if (line.remove(job)) {
        oneMore(line, job);
        give(line, job, place(handOff.slotId()));
      }
    } else if (decision instanceof Decision.Redirect redirect) {
      places.values().stream()
          .filter(p -> p.waiting != null && p.waiting.id().equals(job.id()))
          .findFirst()
          .ifPresent(p -> p.waiting = null);
      give(line, job, place(redirect.slotId()));
    }
  }

  private void oneMore(Line line, Job job) {
    busyOfOrg.merge(job.group().orgId(), 1, Integer::sum);
    line.need(job).resources().forEach(key -> left.computeIfPresent(key, (k, count) -> count - 1));
  }

  private Line line(Job job) {
    Line line = lines.get(job.group());
    if (line == null) {
      throw new IllegalStateException("no group " + job.group());
    }
    return line;
  }

  private Place place(String slotId) {
    Place place = places.get(slotId);
    if (place == null) {
      throw new IllegalStateException("no slot " + slotId);
    }
    return place;
  }

  private void give(Line line, Job job, Place place) {
    if (place.busy) {
      place.waiting = sent(job, place.slot.id());
    } else {
      begin(line, job, place);
    }
  }

  private void begin(Line line, Job job, Place place) {
    boolean holds = line.group.buildSha256().equals(place.holds.get(line.group.packageName()));
    if (started == null && job.id().equals(mine.id())) {
      started = new Start(clock, !holds);
    }
    double setUp = holds ? 0 : seconds(line.group.setUp());
    double expected = line.expected(job);
    place.holds.put(line.group.packageName(), line.group.buildSha256());
    place.busy = true;
    place.line = line;
    place.org = line.group.key().orgId();
    place.uses = line.need(job).resources();
    place.waiting = null;
    place.expected = clock + setUp + expected;
    place.until = clock + setUp + expected * off(line.knows(job) ? OFF : UNKNOWN_OFF);
    line.home = place.slot.id();
    served.merge(line.group.key().orgId(), setUp + expected, Double::sum);
  }

  /** By how much a time differs from what is expected. */
  private double off(double deviation) {
    return chance.applyAsDouble(deviation);
  }

  private void end(Place place) {
    place.busy = false;
    place.held = false;
    if (place.org != null) {
      busyOfOrg.merge(place.org, -1, Integer::sum);
    }
    place.uses.forEach(key -> left.computeIfPresent(key, (k, count) -> count + 1));
    place.uses = Set.of();
    Job next = place.waiting;
    if (next != null) {
      begin(line(next), next, place);
    }
  }

  private static Job sent(Job job, String slotId) {
    return job.with(
        job.lease(), new Release(job.generation(), slotId, job.createdAt(), null, null));
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static Duration span(double seconds) {
    return Duration.ofNanos(Math.round(seconds * 1e9));
  }

  /** A slot while time goes on. */
  private final class Place {
    private final Slot slot;
    private final Map<String, String> holds;
    private @Nullable Line line;
    private @Nullable Job waiting;
    private @Nullable String org;
    private Set<String> uses = Set.of();
    private boolean busy;
    private boolean held;
    private double until;
    private double expected;

    Place(Board.SlotLoad load) {
      this.slot = load.slot();
      this.holds = new HashMap<>(slot.holds());
      this.org = load.org();
      this.held = load.held();
      this.busy = load.running() > 0 || held;
      if (held) { // as long as was said, whatever runs there
        expected = seconds(load.busyFor());
        until = expected;
      } else if (busy) {
        this.line =
            lines.values().stream()
                .filter(l -> l.group.runningOn().contains(slot.id()))
                .findFirst()
                .orElse(null);
        if (line != null) {
          holds.put(line.group.packageName(), line.group.buildSha256());
        }
        double left = seconds(load.busyFor());
        expected = left > 0 || line == null ? left : seconds(line.group.runTime());
        until = expected * off(OFF);
      }
    }

    Board.SlotLoad shown() {
      Slot now =
          new Slot(
              slot.id(),
              slot.workerId(),
              slot.target(),
              slot.udid(),
              slot.capabilities(),
              holds,
              slot.attached(),
              slot.attachment(),
              slot.lastBeatAt());
      Duration left = span(Math.max(0.001, expected - clock));
      if (held) {
        return new Board.SlotLoad(now, 0).heldFor(left);
      }
      return busy ? new Board.SlotLoad(now, 1, left) : new Board.SlotLoad(now, 0);
    }
  }

  /** A group while time goes on. */
  private final class Line {
    private final Board.WaitingGroup group;
    private final Deque<Job> heads = new ArrayDeque<>();
    private final int window;
    private final int myPlace;
    private final double mean;
    private final Board.Need alike;
    private int drawn;
    private int counted;
    private @Nullable String home;

    Line(Board.WaitingGroup group, int before) {
      this.group = group;
      this.home = group.home();
      this.heads.addAll(group.heads());
      this.window = Math.max(1, heads.size());
      this.counted = Math.max(0, group.queued() - heads.size() - group.released().size());
      this.myPlace = before < 0 || has(group.released()) ? -1 : myPlace(before);
      counted = Math.max(counted, myPlace + 1);
      double ofKnown = 0;
      for (Board.Need need : group.needs().values()) {
        ofKnown += seconds(need.forecast());
      }
      int unknown = Math.max(0, group.queued() - group.needs().size());
      double left = unknown == 0 ? 0 : (seconds(group.work()) - ofKnown) / unknown;
      this.mean = left > 0 ? left : seconds(group.runTime());
      this.alike = alike();
      fill();
    }

    /** What those ask for that are only counted: what all that are known do. */
    private Board.Need alike() {
      Board.Need nothing = new Board.Need(span(mean), Map.of());
      List<Board.Need> known =
          group.needs().values().stream()
              .map(n -> new Board.Need(span(mean), n.device(), n.resources(), n.compatibility()))
              .distinct()
              .toList();
      return known.size() == 1 ? known.get(0) : nothing;
    }

    Board.Need need(Job job) {
      return knows(job) ? group.need(job) : alike;
    }

    /** Where it comes among those that are only counted; -1: it is one of the first. */
    private int myPlace(int before) {
      int first = heads.size() + group.released().size();
      if (has(heads)) {
        if (before < first) {
          return -1;
        }
        heads.removeIf(job -> job.id().equals(mine.id()));
        first--;
        counted++;
      }
      return Math.max(0, before - first);
    }

    private boolean has(Collection<Job> jobs) {
      return jobs.stream().anyMatch(job -> job.id().equals(mine.id()));
    }

    private void fill() {
      while (heads.size() < window && counted > 0) {
        Job last = heads.isEmpty() ? mine : heads.getLast();
        heads.add(
            drawn == myPlace
                ? mine
                : Job.queued(
                    group.key().messageGroup() + "#" + drawn,
                    "",
                    group.key(),
                    "",
                    last.priority(),
                    0,
                    last.createdAt()));
        drawn++;
        counted--;
      }
    }

    boolean hasHeads() {
      return !heads.isEmpty();
    }

    boolean waits() {
      return hasHeads() || !waitingAtSlots().isEmpty();
    }

    boolean knows(Job job) {
      return group.needs().containsKey(job.id());
    }

    double expected(Job job) {
      return knows(job) ? seconds(group.need(job).forecast()) : mean;
    }

    boolean remove(Job job) {
      boolean was = heads.removeIf(head -> head.id().equals(job.id()));
      fill();
      return was;
    }

    private List<Job> waitingAtSlots() {
      List<Job> jobs = new ArrayList<>();
      for (Place place : places.values()) {
        if (place.waiting != null && place.waiting.group().equals(group.key())) {
          jobs.add(place.waiting);
        }
      }
      return jobs;
    }

    Board.WaitingGroup shown() {
      List<Job> first = List.copyOf(heads);
      List<Job> sent = waitingAtSlots();
      Set<String> on = new HashSet<>();
      for (Place place : places.values()) {
        if (place.busy && place.line == this) {
          on.add(place.slot.id());
        }
      }
      Map<String, Board.Need> needs = new HashMap<>();
      double work = counted * mean;
      double longest = 0;
      for (List<Job> some : List.of(first, sent)) {
        for (Job job : some) {
          double expected = expected(job);
          work += expected;
          longest = Math.max(longest, expected);
          needs.put(job.id(), need(job));
        }
      }
      return new Board.WaitingGroup(
          group.key(),
          Math.max(0, busyOfOrg.getOrDefault(group.key().orgId(), 0)),
          home,
          null,
          group.packageName(),
          group.buildSha256(),
          first.size() + sent.size() + counted,
          on,
          first,
          sent,
          span(mean),
          group.setUp(),
          span(work),
          span(Math.max(longest, Math.min(mean, seconds(group.longest())))),
          needs);
    }
  }
}

package dev.qgjob.domain.placement;

import static dev.qgjob.domain.placement.Account.seconds;

import dev.qgjob.domain.job.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Which waiting job goes where: pure, one target at a time. The caller carries the decisions out
 * under guards, so a board that is a moment old costs a repeat and never a job.
 *
 * <ol>
 *   <li><b>Interrupted</b> jobs go first, to a slot that did not break them, and on to an idle one
 *       where they wait at a busy one.
 *   <li><b>Apart</b>: a job that broke before goes to a worker that has no other such job. One that
 *       kills its worker takes down what runs beside it; so it does that to the same job only once.
 *   <li><b>Take over</b>: an idle slot gets work, the fairest org's ({@link Account}) first: of a
 *       build that it holds; else of a group that no slot works on; else of one that is split.
 *   <li><b>Split</b> a group over one more slot if an install pays ({@link SplitRule}) and the
 *       group would otherwise end after its org could have ended on its fair part of the slots
 *       ({@link LowerBound}), once the work has waited a {@value #SETTLING}th of an install, a
 *       second at least.
 *   <li><b>Stay</b>: a slot that still has work of the build it holds keeps to it, unless another
 *       org has been served less by more than an install, or a group that no slot works on has been
 *       due {@value #PATIENCE} installs longer, or one of the same org would end later ({@link
 *       Claims}).
 *   <li><b>Supply</b>: a busy slot that is free soon has its next job of the same build waiting at
 *       it. A change of build is decided when the slot is idle: it costs an install anyway.
 * </ol>
 *
 * <p>Groups, orgs and slots are looked at through queues and indexes: a tick over g groups, s slots
 * and n decisions takes O((g + s + n)·log(g + s)).
 */
public final class Placement {
  /** How many installs longer than another's a group's work has been due before it may displace. */
  static final int PATIENCE = 10;

  /**
   * Part of a set-up time that a job waits before it may cost another install: pipelines submit
   * several versions at once, and a slot that is idle this second is often the next version's.
   */
  static final int SETTLING = 10;

  /** It waits so long in any case: what a pipeline submits at once comes within a second. */
  static final Duration LEAST_SETTLING = Duration.ofSeconds(1);

  /**
   * So long before a busy slot is expected to be free its next job waits at it. What waits there
   * sooner is bound to a slot that may by then be of more use to another group.
   */
  static final Duration SUPPLY = Duration.ofSeconds(10);

  /** Part of an install by which a group has to end late before it is split. */
  private static final double TOLERANCE = 0.5;

  private final Board board;
  private final Map<String, Place> places;
  private final List<Queue> queues = new ArrayList<>();
  private final Map<String, Account> orgs = new HashMap<>();
  private final Map<Account, Double> horizons = new HashMap<>();
  private final Map<Account, FairPart.Taker> takers = new HashMap<>();
  private final SlotTime slotTime;
  private final IdleSlots idle;
  private final Claims claims = new Claims();
  private final List<Decision> decisions = new ArrayList<>();
  private final boolean allIdle;
  private final boolean someAreMarked;
  private int room;

  private Placement(Board board, Map<String, Place> places) {
    this.board = board;
    this.places = places;
    room = board.cap();
    someAreMarked = places.values().stream().anyMatch(place -> place.slot().forUntrusted());
    Stock stock = new Stock(board.left());
    for (Board.WaitingGroup group : board.groups()) {
      Account org = orgs.computeIfAbsent(group.key().orgId(), id -> account(id, group));
      Queue queue = new Queue(group, org, places, stock, someAreMarked);
      queues.add(queue);
      org.queues.add(queue);
      for (Job job : group.released()) {
        org.charge(seconds(group.need(job).forecast()));
        room--;
      }
    }
    board.slots().forEach(load -> room -= load.running() > 0 ? 1 : 0);
    allIdle = places.values().stream().noneMatch(Place::busy);
    slotTime =
        new SlotTime(
            places.values().stream()
                .filter(place -> !place.held())
                .mapToDouble(place -> seconds(place.busyFor()))
                .toArray());
    idle = new IdleSlots(places.values(), queues, queue -> mayHaveMore(queue.org));
  }

  private Account account(String org, Board.WaitingGroup group) {
    return new Account(
        board.orgs().getOrDefault(org, Board.Share.EQUAL),
        group.orgRunning(),
        group.orgRunning() * seconds(group.runTime()));
  }

  /** Decides for one target. */
  public static List<Decision> decide(Board board) {
    if (board.groups().isEmpty()) {
      return List.of();
    }
    Map<String, Place> places = new LinkedHashMap<>();
    Set<String> suspects = new HashSet<>(board.suspects());
    board.slots().forEach(load -> places.put(load.slot().id(), new Place(load, suspects)));
    for (Board.WaitingGroup group : board.groups()) {
      for (Job job : group.released()) {
        Queue.slotOf(group, job).map(places::get).ifPresent(place -> place.take(job));
      }
    }
    if (places.values().stream().noneMatch(Place::hasRoom)) {
      return List.of();
    }
    Placement placement = new Placement(board, places);
    placement.moveTheInterrupted();
    placement.placeTheInterrupted();
    placement.fillIdleSlots();
    placement.supplyBusySlots();
    return List.copyOf(placement.decisions);
  }

  /**
   * One that was sent to a busy slot, since none was idle, waits for a job of which nobody knows
   * how long it takes: an idle slot takes it first.
   */
  private void moveTheInterrupted() {
    for (Queue queue : queues) {
      for (Job job : queue.interruptedElsewhere()) {
        places.values().stream()
            .filter(place -> place.idle() && queue.mayRun(job, place))
            .min(Comparator.comparingDouble(queue::startsIn))
            .ifPresent(place -> redirect(queue, job, place));
      }
    }
  }

  private void redirect(Queue queue, Job job, Place place) {
    decisions.add(new Decision.Redirect(job, place.slot().workerId(), place.id()));
    taken(queue, job, place);
  }

  /** Never through a pin; one that nobody can take now holds up nobody behind it. */
  private void placeTheInterrupted() {
    for (Queue queue : queues) {
      Optional<Job> first = queue.interrupted();
      while (first.isPresent()) {
        Job job = first.get();
        Optional<Place> place =
            places.values().stream()
                .filter(p -> p.hasRoom() && queue.mayRun(job, p))
                .min(Comparator.comparingDouble(queue::startsIn));
        if (place.isPresent() && mayHaveMore(queue.org)) {
          give(queue, job, place.get());
        } else {
          queue.passOver(job);
        }
        first = queue.interrupted();
      }
    }
  }

  private void fillIdleSlots() {
    queues.stream()
        .filter(queue -> queue.hasHeads() && queue.slots() == 0)
        .forEach(queue -> queue.beginBy(horizon(queue.org)));
    PriorityQueue<Account> turns = new PriorityQueue<>(Account.FAIREST);
    queues.stream().filter(Queue::hasWork).forEach(queue -> queue.org.asking.add(queue));
    orgs.values().stream().filter(org -> !org.asking.isEmpty()).forEach(turns::add);
    while (!turns.isEmpty() && !idle.none()) {
      Account org = turns.remove();
      if (!mayHaveMore(org)) {
        continue;
      }
      Queue queue = org.asking.remove();
      if (takeOver(queue) && queue.hasWork()) {
        org.asking.add(queue);
      }
      if (!org.asking.isEmpty()) {
        turns.add(org);
      }
    }
    turns.stream().flatMap(org -> org.asking.stream()).forEach(this::remember);
  }

  /** True if the group got an idle slot. */
  private boolean takeOver(Queue queue) {
    Optional<Place> warm = idle.holding(queue, place -> queue.canUse(place));
    if (warm.isPresent()) {
      return start(queue, warm.get());
    }
    if (!installPays(queue)) {
      return false;
    }
    Optional<Place> cold = idle.free(place -> queue.canUse(place)).or(() -> keptByAnother(queue));
    if (cold.isPresent()) {
      return start(queue, cold.get());
    }
    claim(queue);
    return false;
  }

  private Optional<Place> keptByAnother(Queue queue) {
    Claims claim = new Claims();
    claim.add(queue);
    return idle.kept(claim::displace, place -> queue.canUse(place));
  }

  private void remember(Queue queue) {
    if (installPays(queue)) {
      claim(queue);
    }
  }

  /** What waits for a resource makes no slot leave its build. */
  private void claim(Queue queue) {
    if (queue.inStock()) {
      claims.add(queue);
    }
  }

  private boolean start(Queue queue, Place place) {
    Optional<Job> job = queue.nextFor(place);
    if (job.isPresent()) {
      give(queue, job.get(), place);
    } else {
      redirect(queue, queue.waitingElsewhereFor(place).orElseThrow(), place);
    }
    return true;
  }

  /** One more slot for the group is worth the install. */
  private boolean installPays(Queue queue) {
    if (queue.slots() == 0) {
      return true;
    }
    return settled(queue)
        && SplitRule.gainSeconds(queue.workLeft(), queue.slots(), queue.setUp()) > 0
        && queue.setUp() + seconds(queue.group.runTime()) < queue.end()
        && queue.endInRounds() > horizon(queue.org) + TOLERANCE * queue.setUp();
  }

  private boolean settled(Queue queue) {
    return !settled(queue.group, queue.submitted()).isAfter(board.now());
  }

  /** From when on the job may cost another install. */
  public static Instant settledAt(Board.WaitingGroup group, Job job) {
    return settled(group, job.createdAt());
  }

  private static Instant settled(Board.WaitingGroup group, Instant submitted) {
    Duration part = group.setUp().dividedBy(SETTLING);
    return submitted.plus(part.compareTo(LEAST_SETTLING) > 0 ? part : LEAST_SETTLING);
  }

  /** Seconds until the org could have ended all that waits on its fair part of the slots. */
  private double horizon(Account org) {
    return horizons.computeIfAbsent(
        org,
        o -> {
          List<FairPart.Taker> others =
              orgs.values().stream().filter(other -> other != o).map(this::taker).toList();
          double slots = FairPart.of(o.weight(), others, slotTime.slots());
          return LowerBound.of(
              o.queues.stream().map(queue -> queue.family(idle.holding(queue))).toList(),
              by -> slots / slotTime.slots() * slotTime.until(by));
        });
  }

  private FairPart.Taker taker(Account org) {
    return takers.computeIfAbsent(org, o -> new FairPart.Taker(o.weight(), o.most(waiting(o))));
  }

  /** Jobs of the org that slots could run: not those that wait for something else. */
  private static int waiting(Account org) {
    return org.queues.stream()
        .filter(queue -> queue.hasWork() && queue.inStock())
        .mapToInt(Queue::most)
        .sum();
  }

  private void supplyBusySlots() {
    Map<String, Queue> byBuild = new HashMap<>();
    Map<String, Queue> bySlot = new HashMap<>();
    for (Queue queue : queues) {
      if (queue.hasHeads()) {
        byBuild.put(queue.group.buildSha256(), queue);
        queue.group.runningOn().forEach(slot -> bySlot.put(slot, queue));
      }
    }
    for (Place place : places.values()) {
      if (!place.busy() || !place.hasRoom() || place.busyFor().compareTo(SUPPLY) > 0) {
        continue;
      }
      Optional.ofNullable(bySlot.get(place.id()))
          .filter(Queue::hasHeads)
          .or(() -> heldBy(place, byBuild))
          .filter(queue -> mayHaveMore(queue.org) && !claims.displace(queue, place))
          .ifPresent(queue -> queue.nextFor(place).ifPresent(job -> give(queue, job, place)));
    }
  }

  private static Optional<Queue> heldBy(Place place, Map<String, Queue> byBuild) {
    return place.slot().holds().values().stream()
        .map(byBuild::get)
        .filter(queue -> queue != null && queue.hasHeads() && queue.at(place))
        .min(Queue.ORDER);
  }

  private boolean mayHaveMore(Account org) {
    return room > 0 && !org.capped();
  }

  private void give(Queue queue, Job job, Place place) {
    boolean byTheBroker = throughThePin(queue, job, place) || brokerMayChoose(queue, job, place);
    decisions.add(
        byTheBroker
            ? new Decision.Share(job)
            : new Decision.HandOff(job, place.slot().workerId(), place.id()));
    queue.org.oneMore();
    room--;
    taken(queue, job, place);
  }

  private void taken(Queue queue, Job job, Place place) {
    queue.org.charge(queue.cost(job, place));
    queue.given(job, place);
    place.take(job);
    idle.remove(place);
  }

  private static boolean throughThePin(Queue queue, Job job, Place place) {
    Long pinnedAt = queue.group.pinnedAt();
    return !job.interrupted()
        && queue.group.need(job).metByAny()
        && place.id().equals(queue.group.home())
        && pinnedAt != null
        && pinnedAt == place.slot().attachment();
  }

  /** Where all slots are alike to the group, the broker's choice is as good as any. */
  private boolean brokerMayChoose(Queue queue, Job job, Place place) {
    return allIdle
        && !someAreMarked
        && !idle.someAreKept()
        && !job.interrupted()
        && queue.group.need(job).metByAny()
        && queue.untouched()
        && !place.holds(queue.group)
        && !places.containsKey(queue.group.home() == null ? "" : queue.group.home());
  }
}

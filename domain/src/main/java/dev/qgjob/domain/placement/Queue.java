package dev.qgjob.domain.placement;

import static dev.qgjob.domain.placement.Account.seconds;

import dev.qgjob.domain.job.Due;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Release;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A group while the decisions are taken. */
final class Queue {
  /**
   * Which group of an org goes first: the one whose first job is due first, and of those that are
   * due at once those that have to begin now, and then the one that would end last.
   */
  static final Comparator<Queue> ORDER =
      Comparator.comparingLong((Queue queue) -> queue.due())
          .thenComparing(queue -> !queue.pressing)
          .thenComparingDouble(queue -> -queue.end());

  /** What was submitted within so many seconds was submitted at once. */
  static final long AT_ONCE = 60;

  private static final long NEVER = Long.MAX_VALUE / 2;

  final Board.WaitingGroup group;
  final Account org;
  private final List<Job> heads;
  private final List<Job> waitingElsewhere = new ArrayList<>();
  private final Map<String, Place> places;
  private final Map<String, Place> slots = new HashMap<>();
  private final boolean wishes;
  private final Board.@Nullable Need alike;
  private final Map<String, Boolean> fit = new HashMap<>();
  private final Stock stock;
  private final double setUp;
  private double work;
  private double busy;
  private boolean inFlight;
  private boolean pressing;

  /**
   * @param choosy not every slot serves every job, whatever this group wishes for
   */
  Queue(
      Board.WaitingGroup group,
      Account org,
      Map<String, Place> places,
      Stock stock,
      boolean choosy) {
    this.stock = stock;
    this.places = places;
    this.group = group;
    this.org = org;
    this.setUp = seconds(group.setUp());
    this.work = seconds(group.work());
    this.heads = new ArrayList<>(group.heads());
    this.wishes = choosy || group.needs().values().stream().anyMatch(need -> !need.metByAny());
    this.alike = wishes ? alike(group) : null;
    heads.sort(
        Comparator.comparing((Job job) -> !job.interrupted())
            .thenComparingLong(Queue::due)
            .thenComparing(job -> group.need(job).forecast(), Comparator.reverseOrder()));
    group.runningOn().stream().map(places::get).forEach(this::worksOn);
    for (Job job : group.released()) {
      Place place = slotOf(group, job).map(places::get).orElse(null);
      if (place == null) {
        inFlight = true;
      } else if (place.busy()) {
        waitingElsewhere.add(job);
      } else {
        worksOn(place);
      }
    }
  }

  private void worksOn(@Nullable Place place) {
    if (place != null && slots.put(place.id(), place) == null) {
      busy += seconds(place.busyFor());
    }
  }

  /** Where a released job waits as far as is known. */
  static Optional<String> slotOf(Board.WaitingGroup group, Job job) {
    Release release = job.release();
    if (release != null && release.slotId() != null) {
      return Optional.of(release.slotId());
    }
    if (release != null && release.notedSlotId() != null) {
      return Optional.of(release.notedSlotId());
    }
    return Optional.ofNullable(group.home());
  }

  /** When, in epoch seconds, it is due; all that was submitted at once is due at once. */
  private static long due(Job job) {
    long at = Due.of(job).getEpochSecond();
    return at - Math.floorMod(at, AT_ONCE);
  }

  /** When the first of its jobs is due, in epoch seconds. */
  long due() {
    return heads.isEmpty() ? NEVER : due(heads.get(0));
  }

  /** When the first of those that may go next was submitted. */
  Instant submitted() {
    return heads.isEmpty() ? waitingElsewhere.get(0).createdAt() : heads.get(0).createdAt();
  }

  boolean hasHeads() {
    return !heads.isEmpty();
  }

  boolean hasWork() {
    return !heads.isEmpty() || !waitingElsewhere.isEmpty();
  }

  /** Those that wait behind another job at a busy slot. */
  List<Job> interruptedElsewhere() {
    return waitingElsewhere.stream().filter(Job::interrupted).toList();
  }

  Optional<Job> interrupted() {
    return heads.stream().findFirst().filter(Job::interrupted);
  }

  /** The first job that this slot may run. */
  Optional<Job> nextFor(Place place) {
    return first(heads, place);
  }

  /** A job that waits behind another one at a busy slot, and that this slot may run. */
  Optional<Job> waitingElsewhereFor(Place place) {
    return first(waitingElsewhere, place);
  }

  /** Something waits that this slot may run. */
  boolean canUse(Place place) {
    return nextFor(place).isPresent() || waitingElsewhereFor(place).isPresent();
  }

  private Optional<Job> first(List<Job> jobs, Place place) {
    if (alike != null && !fits(place)) {
      return Optional.empty();
    }
    for (Job job : jobs) {
      if (mayRun(job, place)) {
        return Optional.of(job);
      }
    }
    return Optional.empty();
  }

  /**
   * False for a slot that the job avoids, unless no other would do, for a worker that has another
   * job that broke, and for a slot that is not as wished or cannot have the build. What uses a
   * scarce resource waits until there is one, and never at a busy slot: it would have it meanwhile.
   */
  boolean mayRun(Job job, Place place) {
    return place.keepsApart(job) && suits(job, place) && inStock(job, place);
  }

  /** The job could run there at some time. */
  private boolean suits(Job job, Place place) {
    return (alike != null ? fits(place) : !wishes || group.need(job).metBy(place.slot()))
        && !avoids(job, place);
  }

  /** Where all jobs wish for the same, each slot is asked once. */
  private boolean fits(Place place) {
    return fit.computeIfAbsent(place.id(), id -> Objects.requireNonNull(alike).metBy(place.slot()));
  }

  /** How many slots its jobs could use at once. */
  int most() {
    return alike == null
        ? group.queued()
        : Math.min(group.queued(), (int) places.values().stream().filter(this::fits).count());
  }

  /** What all jobs wish for; null where they differ, or wish for nothing. */
  private static Board.@Nullable Need alike(Board.WaitingGroup group) {
    Board.Need first = null;
    for (List<Job> some : List.of(group.heads(), group.released())) {
      for (Job job : some) {
        Board.Need need = group.need(job);
        if (first == null) {
          first = need;
        } else if (!need.wishesLike(first)) {
          return null;
        }
      }
    }
    return first;
  }

  /**
   * The slot broke the job, and there is another that would do; or its test failed there, and
   * another one that needs no install can say whether it was the slot.
   */
  private boolean avoids(Job job, Place place) {
    return place.id().equals(job.avoidSlotId())
        && (job.interrupted() ? places : slots)
            .values().stream()
                .anyMatch(
                    other ->
                        other != place && !other.held() && group.need(job).metBy(other.slot()));
  }

  /** Something of it waits for a slot alone. */
  boolean inStock() {
    return heads.isEmpty() || heads.stream().anyMatch(job -> stock.suffices(group.need(job)));
  }

  private boolean inStock(Job job, Place place) {
    Board.Need need = group.need(job);
    return need.resources().isEmpty() || (!place.busy() && stock.suffices(need));
  }

  /** The same, as jobs are not divided: the last of them end half a job later in the mean. */
  double endInRounds() {
    int k = Math.max(1, slots());
    return end() + seconds(group.runTime()) * (k - 1) / (2.0 * k);
  }

  /** Seconds that the job costs on this slot. */
  double cost(Job job, Place place) {
    return seconds(group.need(job).forecast()) + (at(place) ? 0 : setUp);
  }

  /** Seconds until a job could start there; the mean of its group where nothing is known. */
  double startsIn(Place place) {
    double busyFor = seconds(place.busyFor().isZero() ? group.runTime() : place.busyFor());
    return (place.busy() ? busyFor : 0) + (at(place) ? 0 : setUp);
  }

  /** The slot holds the build, or will before it could run anything of this group. */
  boolean at(Place place) {
    return slots.containsKey(place.id()) || place.holds(group);
  }

  void given(Job job, Place place) {
    if (heads.remove(job)) {
      stock.take(group.need(job));
    }
    waitingElsewhere.remove(job);
    work -= seconds(group.need(job).forecast());
    if (slots.put(place.id(), place) == null) {
      busy += seconds(place.busyFor()) + (place.holds(group) ? 0 : setUp);
    }
    busy += seconds(group.need(job).forecast());
  }

  /** Waits until the next decisions: nobody can take it now. */
  void passOver(Job job) {
    heads.remove(job);
  }

  double setUp() {
    return setUp;
  }

  /**
   * Slots that work on it, or will as soon as they claim what they were sent; without those that
   * may run nothing of what waits.
   */
  int slots() {
    if (slots.isEmpty()) {
      return inFlight ? 1 : 0;
    }
    return wishes ? (int) slots.values().stream().filter(this::suitsSome).count() : slots.size();
  }

  private boolean suitsSome(Place place) {
    return Stream.of(heads, waitingElsewhere)
        .flatMap(List::stream)
        .anyMatch(job -> suits(job, place));
  }

  /** Seconds of work that waits, at busy slots or anywhere. */
  double workLeft() {
    return Math.max(0, work);
  }

  /** Seconds until it ends with the slots it has, or with one if it has none. */
  double end() {
    return slots() == 0 ? setUp + work : (work + busy) / slots();
  }

  /**
   * Seconds until it ends with its slots, each from when it is free: one that hangs is expected to
   * hang on, and does not make the others late.
   */
  private double endBesideTheOverdue() {
    double[] free = slots.values().stream().mapToDouble(p -> seconds(p.busyFor())).toArray();
    double givenSince = busy - DoubleStream.of(free).sum();
    return free.length == 0 ? end() : new SlotTime(free).level(work + Math.max(0, givenSince));
  }

  /** Slots that work on it beside this one. */
  int slotsBeside(Place place) {
    return slots() - (slots.containsKey(place.id()) ? 1 : 0);
  }

  /** Seconds until it would end with its other slots, of which it has some. */
  double endWithout(Place place) {
    double there = slots.containsKey(place.id()) ? seconds(place.busyFor()) : 0;
    return (work + busy - there) / slotsBeside(place);
  }

  /**
   * In how many seconds, at most, a group of the same org has to end without a slot that it leaves
   * to this one: that slot's install is done by then, and this group had more to do. Whenever,
   * where no slot works on this one and it has to begin now; never, where it may begin later.
   */
  double othersMayYieldUntil() {
    if (slots() > 0) {
      return endBesideTheOverdue() - setUp;
    }
    return pressing ? Double.POSITIVE_INFINITY : 0;
  }

  void beginBy(double horizon) {
    pressing = slots() == 0 && end() > horizon;
  }

  LowerBound.Family family(long warm) {
    return new LowerBound.Family(
        Math.max(0, work), seconds(group.longest()), setUp, (int) Math.max(warm, slots()));
  }

  /** No message of it is out and no slot works on it: the broker may choose its first slot. */
  boolean untouched() {
    return slots.isEmpty() && group.released().isEmpty() && !inFlight;
  }
}

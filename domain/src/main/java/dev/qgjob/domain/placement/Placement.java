package dev.qgjob.domain.placement;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which waiting job goes where: pure, one target at a time. The caller carries the decisions out
 * under guards, so a board that is a moment old costs a repeat and never a job.
 *
 * <ol>
 *   <li><b>Release</b>: a group's next job goes to the slot that is its home; through the broker's
 *       pin where that still holds, else handed off. A group without a home has one message out, on
 *       the shared queue, and the broker's pin chooses its home.
 *   <li><b>Apart</b>: a job that broke before goes to a worker that has no other such job. One that
 *       kills its worker takes down what runs beside it; so it does that to the same job only once.
 *   <li><b>Stay</b>: a slot that still has work of the build it holds gets no other build, unless
 *       that one has waited {@value #PATIENCE} installs long.
 *   <li><b>Take over</b>: an idle slot gets waiting work: of a build that it holds, else by {@link
 *       SplitRule}, once the work has waited a {@value #SETTLING}th of an install.
 * </ol>
 */
public final class Placement {
  /** How many set-up times a job waits for a slot that is busy with another build. */
  static final int PATIENCE = 10;

  /**
   * Part of a set-up time that a job waits before it may cost another install: pipelines submit
   * several versions at once, and a slot that is idle this second is often the next version's.
   */
  static final int SETTLING = 10;

  private final Board board;
  private final Map<String, Place> places = new LinkedHashMap<>();
  private final List<Queue> queues = new ArrayList<>();
  private final Map<String, Integer> orgLoad = new HashMap<>();
  private final List<Decision> decisions = new ArrayList<>();
  private final Set<String> suspects;

  private Placement(Board board) {
    this.board = board;
    this.suspects = new HashSet<>(board.suspects());
    board.slots().forEach(load -> places.put(load.slot().id(), new Place(load)));
    for (Board.WaitingGroup group : board.groups()) {
      queues.add(new Queue(group));
      orgLoad.merge(group.key().orgId(), group.orgRunning(), Math::max);
      group.released().forEach(job -> placeOf(group, job).ifPresent(place -> occupy(place, job)));
    }
  }

  /** Decides for one target. */
  public static List<Decision> decide(Board board) {
    if (board.groups().isEmpty()) {
      return List.of();
    }
    Placement placement = new Placement(board);
    placement.release();
    placement.takeOver();
    return List.copyOf(placement.decisions);
  }

  /** In rounds of one job a group, so that the orgs' loads are looked at anew after each. */
  private void release() {
    boolean progress = true;
    while (progress) {
      progress = false;
      queues.sort(this::fairest);
      for (Queue queue : queues) {
        progress |= releaseOne(queue);
      }
    }
  }

  /** Least served org first, then what was interrupted, then priority, then age. */
  private int fairest(Queue a, Queue b) {
    return Comparator.comparingInt((Queue q) -> orgLoad.getOrDefault(q.group.key().orgId(), 0))
        .thenComparing(q -> !q.interrupted())
        .thenComparing(q -> -q.priority())
        .thenComparing(Queue::age)
        .compare(a, b);
  }

  private boolean releaseOne(Queue queue) {
    Job job = queue.peek();
    if (job == null) {
      return false;
    }
    Place home = places.get(queue.group.home() == null ? "" : queue.group.home());
    if (job.interrupted()) {
      // one that has to wait for another slot must not keep its own from those behind it
      return handOffElsewhere(queue, job) || queue.passOver();
    }
    if (home != null) {
      return releaseToHome(queue, job, home);
    }
    return releaseHomeless(queue, job);
  }

  private boolean releaseToHome(Queue queue, Job job, Place home) {
    if (!home.hasRoom() || !mayChangeBuild(queue, job, home)) {
      return false;
    }
    boolean pinned =
        queue.group.pinnedAt() != null && queue.group.pinnedAt() == home.slot().attachment();
    return decide(queue, home, pinned ? new Decision.Share(job) : handOff(job, home));
  }

  private boolean releaseHomeless(Queue queue, Job job) {
    if (queue.sent || !queue.group.released().isEmpty()) {
      return false;
    }
    Optional<Place> warm = idle().filter(p -> p.holds(queue.group)).findFirst();
    if (warm.isPresent()) {
      return decide(queue, warm.get(), handOff(job, warm.get()));
    }
    Optional<Place> free = idle().findFirst();
    if (free.isPresent()) {
      boolean allIdle = places.values().stream().allMatch(p -> p.running == 0);
      return decide(
          queue, free.get(), allIdle ? new Decision.Share(job) : handOff(job, free.get()));
    }
    Optional<Place> next =
        places.values().stream()
            .filter(p -> p.hasRoom() && mayChangeBuild(queue, job, p))
            .findFirst();
    return next.isPresent() && decide(queue, next.get(), handOff(job, next.get()));
  }

  /** A job that broke goes to another slot where there is one, and never through a pin. */
  private boolean handOffElsewhere(Queue queue, Job job) {
    Optional<Place> place =
        places.values().stream()
            .filter(p -> p.hasRoom() && !avoids(job, p) && !besideASuspect(job, p))
            .min(
                Comparator.comparing((Place p) -> p.overdue(queue.group))
                    .thenComparing(p -> p.running)
                    .thenComparing(p -> !p.holds(queue.group)));
    return place.isPresent() && decide(queue, place.get(), handOff(job, place.get()));
  }

  /** True for the slot that broke the job, unless it is the only one. */
  private boolean avoids(Job job, Place place) {
    return place.slot().id().equals(job.avoidSlotId()) && places.size() > 1;
  }

  /** True where the worker has another job that broke before. */
  private boolean besideASuspect(Job job, Place place) {
    return job.suspect() && suspects.contains(place.slot().workerId());
  }

  private void occupy(Place place, Job job) {
    place.take();
    if (job.suspect()) {
      suspects.add(place.slot().workerId());
    }
  }

  private boolean decide(Queue queue, Place place, Decision decision) {
    decisions.add(decision);
    queue.take();
    occupy(place, decision.job());
    orgLoad.merge(queue.group.key().orgId(), 1, Integer::sum);
    return true;
  }

  /** True unless the slot would leave a build that still has work waiting for it. */
  private boolean mayChangeBuild(Queue queue, Job job, Place place) {
    if (place.holds(queue.group) || place.idle()) {
      return true;
    }
    boolean workLeft =
        queues.stream()
            .anyMatch(
                other ->
                    other != queue
                        && (place.holds(other.group)
                            || other.group.runningOn().contains(place.slot().id()))
                        && other.peek() != null);
    Duration waited = Duration.between(job.createdAt(), board.now());
    return !workLeft || waited.compareTo(queue.group.setUp().multipliedBy(PATIENCE)) > 0;
  }

  private void takeOver() {
    for (Place place : idle().toList()) {
      queues.stream()
          .flatMap(q -> offer(q, place).stream())
          .max(Comparator.comparingDouble(Offer::gain))
          .ifPresent(best -> accept(best, place));
    }
  }

  /** What an idle slot would gain by taking from a group. */
  private record Offer(Queue queue, Job job, boolean wasReleased, double gain) {}

  private Optional<Offer> offer(Queue queue, Place place) {
    Job job = queue.peek();
    boolean stuck = false;
    if (job == null) {
      Optional<Job> waits = queue.waitingAtABusySlot(places);
      if (waits.isEmpty()) {
        return Optional.empty();
      }
      job = waits.get();
      stuck = true;
    }
    if (avoids(job, place) || besideASuspect(job, place)) {
      return Optional.empty();
    }
    int slots = queue.slots(places);
    if (slots > 0 && !place.holds(queue.group) && !settled(queue, job)) {
      return Optional.empty();
    }
    double gain =
        slots == 0
            ? Double.MAX_VALUE
            : SplitRule.gainSeconds(
                queue.workLeft(),
                slots,
                place.holds(queue.group) ? Duration.ZERO : queue.group.setUp());
    return gain > 0 ? Optional.of(new Offer(queue, job, stuck, gain)) : Optional.empty();
  }

  private boolean settled(Queue queue, Job job) {
    Duration waited = Duration.between(job.createdAt(), board.now());
    return waited.compareTo(queue.group.setUp().dividedBy(SETTLING)) >= 0;
  }

  private void accept(Offer offer, Place place) {
    if (offer.wasReleased()) {
      decisions.add(new Decision.Redirect(offer.job(), place.slot().workerId(), place.slot().id()));
      offer.queue().redirected.add(offer.job().id());
      occupy(place, offer.job());
    } else {
      decide(offer.queue(), place, handOff(offer.job(), place));
    }
  }

  private static Decision handOff(Job job, Place place) {
    return new Decision.HandOff(job, place.slot().workerId(), place.slot().id());
  }

  private Stream<Place> idle() {
    return places.values().stream().filter(Place::idle);
  }

  /** Where a released job waits as far as is known. */
  private Optional<Place> placeOf(Board.WaitingGroup group, Job job) {
    Release release = job.release();
    String slotId = null;
    if (release != null) {
      slotId = release.slotId() != null ? release.slotId() : release.notedSlotId();
    }
    if (slotId == null) {
      slotId = group.home();
    }
    return Optional.ofNullable(slotId).map(places::get);
  }

  /** A live slot while the decisions are taken: one runs, one waits. */
  private static final class Place {
    private final Board.SlotLoad load;
    private final int running;
    private int waiting;

    Place(Board.SlotLoad load) {
      this.load = load;
      this.running = load.running();
    }

    Slot slot() {
      return load.slot();
    }

    boolean idle() {
      return running == 0 && waiting == 0;
    }

    boolean hasRoom() {
      return waiting == 0;
    }

    boolean holds(Board.WaitingGroup group) {
      return group.buildSha256().equals(slot().holds().get(group.packageName()));
    }

    /** At its work for longer than expected: of such work the rest is likely to be long as well. */
    boolean overdue(Board.WaitingGroup group) {
      return load.busyWith().compareTo(group.runTime().multipliedBy(1L + running)) > 0;
    }

    void take() {
      waiting++;
    }
  }

  /** A group while the decisions are taken. */
  private static final class Queue {
    private final Board.WaitingGroup group;
    private final Set<String> redirected = new HashSet<>();
    private final Deque<Job> heads;
    private int taken;
    private boolean sent;

    Queue(Board.WaitingGroup group) {
      this.group = group;
      this.heads = new ArrayDeque<>(group.heads());
    }

    @Nullable Job peek() {
      return heads.peek();
    }

    void take() {
      heads.remove();
      taken++;
      sent = true;
    }

    /** The first one waits until the next decisions; true, since another is first now. */
    boolean passOver() {
      heads.remove();
      return true;
    }

    boolean interrupted() {
      Job job = peek();
      return job != null && job.interrupted();
    }

    int priority() {
      Job job = peek();
      return job == null ? Integer.MIN_VALUE : job.priority();
    }

    Instant age() {
      Job job = peek();
      return job == null ? Instant.MAX : job.createdAt();
    }

    /** Run time of what waits and is not spoken for by these decisions. */
    Duration workLeft() {
      return group.runTime().multipliedBy(Math.max(0, group.queued() - taken));
    }

    /** Slots that work on it already, or will as soon as they claim what they were sent. */
    int slots(Map<String, Place> places) {
      Set<String> on = new HashSet<>(group.runningOn());
      if (group.home() != null && places.containsKey(group.home()) && holdsWork(group.home())) {
        on.add(group.home());
      }
      boolean inFlight =
          group.released().stream()
              .anyMatch(j -> !redirected.contains(j.id()) && !waitsAtABusySlot(j, places));
      return on.isEmpty() && (inFlight || sent) ? 1 : on.size();
    }

    private boolean holdsWork(String slotId) {
      return group.runningOn().contains(slotId)
          || group.released().stream()
              .anyMatch(
                  j ->
                      j.release() != null
                          && (slotId.equals(j.release().slotId())
                              || slotId.equals(j.release().notedSlotId())));
    }

    Optional<Job> waitingAtABusySlot(Map<String, Place> places) {
      return group.released().stream()
          .filter(j -> !redirected.contains(j.id()))
          .filter(j -> waitsAtABusySlot(j, places))
          .findFirst();
    }

    private boolean waitsAtABusySlot(Job job, Map<String, Place> places) {
      Release release = job.release();
      String noted = release == null ? null : release.notedSlotId();
      Place place = noted == null ? null : places.get(noted);
      return place != null && place.running > 0;
    }
  }
}

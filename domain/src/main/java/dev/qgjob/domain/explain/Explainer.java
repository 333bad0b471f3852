package dev.qgjob.domain.explain;

import dev.qgjob.domain.explain.Explanation.Kind;
import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Release;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.Minutes;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Finds the one constraint that binds. Pure. */
public final class Explainer {
  private static final int MOST_NAMED = 3;
  private static final Duration MOMENT = Duration.ofSeconds(2);

  private final Situation situation;
  private final Job job;
  private final Board board;
  private final Board.@Nullable WaitingGroup group;
  private final List<Board.SlotLoad> matching;

  private Explainer(Situation situation) {
    this.situation = situation;
    this.job = situation.job();
    this.board = situation.board();
    this.group =
        board.groups().stream().filter(g -> g.key().equals(job.group())).findFirst().orElse(null);
    Compatibility compatibility = group == null ? Compatibility.ANY : ofItsBuild(group);
    this.matching =
        board.slots().stream()
            .filter(l -> l.slot().has(situation.device()) && compatibility.allows(l.slot()))
            .toList();
  }

  /** Why the job is where it is. */
  public static Explanation explain(Situation situation) {
    return new Explainer(situation).explain();
  }

  private Explanation explain() {
    if (job.state().isVerdict()) {
      String next =
          job.state() == JobState.PASSED || job.state() == JobState.SKIPPED
              ? "nothing: that is its verdict"
              : "nothing: submit it again, or retry its run";
      return said(Kind.ENDED, "it has ended: " + word(job.state()), next);
    }
    if (job.state() == JobState.RUNNING) {
      String slot = job.lease() == null ? "a slot" : "slot " + job.lease().slotId();
      return said(Kind.RUNNING, "it runs on " + slot, "nothing holds it up");
    }
    Instant notBefore = job.notBefore();
    if (notBefore != null && notBefore.isAfter(board.now())) {
      return said(
          Kind.BACKING_OFF,
          "backing off until "
              + second(notBefore)
              + " after attempt "
              + job.attempt()
              + " broke"
              + (job.message() == null ? "" : ": " + job.message()),
          "time; if it breaks again and again, look at the slot "
              + (job.avoidSlotId() == null ? "that it ran on" : job.avoidSlotId()));
    }
    if (board.slots().isEmpty()) {
      return noLiveSlot();
    }
    if (matching.isEmpty()
        && board.slots().stream().anyMatch(l -> l.slot().has(situation.device()))) {
      return said(
          Kind.NO_SLOT_AS_WISHED,
          "its build can be installed on no live slot of target "
              + target()
              + (situation.device().isEmpty() ? "" : " with " + wishes())
              + " (native code or API level); one that takes it was there within the hour",
          "attach such a phone again, or submit a build for those that are there");
    }
    if (matching.isEmpty()) {
      return situation.device().isEmpty()
          ? said(
              Kind.NO_SLOT_AS_WISHED,
              "all live slots of target " + target() + " are for what strangers submit",
              "start a worker without --capability untrusted=true")
          : said(
              Kind.NO_SLOT_AS_WISHED,
              "none of the "
                  + board.slots().size()
                  + " live slots of target "
                  + target()
                  + " has what it wishes for: "
                  + wishes(),
              "attach such a device, or submit with another wish");
    }
    return sent().or(this::spent).or(this::capped).or(this::scarce).orElseGet(this::waits);
  }

  /** As placement heeds it; of a job that it does not look at yet, as of those before it. */
  private Compatibility ofItsBuild(Board.WaitingGroup waiting) {
    return Optional.ofNullable(waiting.needs().get(job.id()))
        .or(
            () ->
                waiting.needs().values().stream()
                    .filter(need -> need.device().equals(situation.device()))
                    .findFirst())
        .map(Board.Need::compatibility)
        .orElse(Compatibility.ANY);
  }

  private Explanation noLiveSlot() {
    Map<String, String> there = situation.unavailable();
    String another =
        "start a worker with slots of target " + target() + ", or submit to another target";
    if (there.isEmpty()) {
      return said(Kind.NO_LIVE_SLOT, "no live slot of target " + target(), another);
    }
    String why =
        there.entrySet().stream()
            .sorted(Map.Entry.comparingByKey())
            .limit(MOST_NAMED)
            .map(slot -> slot.getKey() + " (" + slot.getValue() + ")")
            .collect(Collectors.joining(", "));
    return said(
        Kind.NO_LIVE_SLOT,
        "no live slot of target %s; %d %s there and %s no job: %s%s"
            .formatted(
                target(),
                there.size(),
                there.size() == 1 ? "is" : "are",
                there.size() == 1 ? "takes" : "take",
                why,
                there.size() > MOST_NAMED ? ", …" : ""),
        "put right what keeps " + (there.size() == 1 ? "it" : "them") + ", " + another);
  }

  private Optional<Minutes> minutesSpent() {
    Board.Share share = board.orgs().getOrDefault(job.group().orgId(), Board.Share.EQUAL);
    return Optional.ofNullable(share.minutes()).filter(Minutes::spent);
  }

  private Optional<Explanation> spent() {
    return minutesSpent()
        .map(
            minutes ->
                said(
                    Kind.MINUTES_SPENT,
                    "org "
                        + job.group().orgId()
                        + " has used its "
                        + minutes.most()
                        + " minutes of target "
                        + target()
                        + " for this month; the next one begins at "
                        + minutes.resetsAt(),
                    "the next month, or more minutes: qgjob admin org set "
                        + job.group().orgId()
                        + " --browserstack-minutes N"));
  }

  private Optional<Explanation> capped() {
    Board.Share share = board.orgs().getOrDefault(job.group().orgId(), Board.Share.EQUAL);
    int busy = group == null ? 0 : group.orgRunning();
    if (busy >= share.cap()) {
      return Optional.of(
          said(
              Kind.ORG_CAP,
              "org "
                  + job.group().orgId()
                  + " may run "
                  + jobs(share.cap())
                  + " at once on target "
                  + target()
                  + ", and "
                  + (busy == 1 ? "1 is" : busy + " are")
                  + " at it",
              "a job of the org that ends, or a larger cap: qgjob admin org set "
                  + job.group().orgId()
                  + " --cap=N"));
    }
    long atIt =
        board.slots().stream().filter(l -> l.running() > 0).count()
            + board.groups().stream().mapToLong(g -> g.released().size()).sum();
    if (atIt >= board.cap()) {
      return Optional.of(
          said(
              Kind.TARGET_CAP,
              "target " + target() + " may run " + jobs(board.cap()) + " at once",
              "a job that ends, or a larger cap: qgjob admin target set " + target() + " --cap=N"));
    }
    return Optional.empty();
  }

  private Optional<Explanation> scarce() {
    return situation.resources().stream()
        .filter(key -> board.left().getOrDefault(key, 1) <= 0)
        .sorted()
        .findFirst()
        .map(key -> key.substring(key.indexOf('/') + 1))
        .map(
            name ->
                said(
                    Kind.RESOURCE,
                    "as many jobs as may use resource " + name + " at once run or are about to",
                    "the end of one of those jobs, or more of it: qgjob admin resource set "
                        + job.group().orgId()
                        + " "
                        + name
                        + " --count N"));
  }

  private Optional<Explanation> sent() {
    Release release = job.release();
    if (job.unpublished() || release == null) {
      return Optional.empty();
    }
    String at = release.notedSlotId() != null ? release.notedSlotId() : release.slotId();
    Optional<Board.SlotLoad> slot =
        board.slots().stream().filter(l -> l.slot().id().equals(at)).findFirst();
    if (slot.isPresent() && installs(slot.get())) {
      return Optional.of(
          said(
              Kind.INSTALLING,
              "it waits at slot " + busy(slot.get()) + ", where its build is being installed",
              "the end of the install and of the job that it is for, or an idle slot that may take"
                  + " it over"));
    }
    if (slot.isPresent() && slot.get().running() > 0) {
      return Optional.of(
          said(
              Kind.AT_BUSY_SLOT,
              "it waits at slot " + busy(slot.get()),
              "that job's end, or an idle slot that may take it over"));
    }
    return Optional.of(
        said(
            Kind.SENT,
            at == null
                ? "it was sent to the queue of target " + target() + ", and no slot has taken it"
                : "it was sent to slot " + at + ", which has yet to take it",
            "the slot's next look at its queue; if it stays so, see whether its worker beats"));
  }

  private Explanation waits() {
    if (job.suspect() && matching.stream().allMatch(this::keptApart)) {
      return said(
          Kind.KEPT_APART,
          "it broke before, and every worker has another job that did",
          "the end of one of those jobs, or one more worker");
    }
    if (situation.before() > 0) {
      return behind();
    }
    Optional<Board.SlotLoad> installing = matching.stream().filter(this::installs).findFirst();
    List<Board.SlotLoad> idle =
        matching.stream().filter(l -> l.running() == 0 && !l.held()).toList();
    if (idle.isEmpty() && installing.isPresent()) {
      return said(
          Kind.INSTALLING,
          "its build is being installed on slot " + busy(installing.get()),
          "the end of the install");
    }
    if (idle.isEmpty()) {
      return said(
          Kind.ALL_SLOTS_BUSY,
          (matching.size() == 1
                  ? "the one matching slot is busy: "
                  : "all " + matching.size() + " matching slots are busy: ")
              + named(matching),
          "the first of them that is free, or one more slot of target " + target());
    }
    Optional<Board.SlotLoad> kept = idle.stream().filter(this::keptForOthers).findFirst();
    if (kept.isPresent() && idle.stream().allMatch(this::keptForOthers)) {
      return said(
          Kind.SLOTS_KEPT,
          "slot "
              + kept.get().slot().id()
              + " is idle and holds a build for which there is work: an install would cost more"
              + " than it gains now",
          "the end of that work, or its org's larger part of the slots");
    }
    return said(Kind.NEXT, "nothing: it is next, and a slot is idle", "the next moment");
  }

  private Explanation behind() {
    String where =
        group == null || group.runningOn().isEmpty()
            ? ""
            : board.slots().stream()
                .filter(l -> group.runningOn().contains(l.slot().id()))
                .findFirst()
                .map(l -> " on slot " + busy(l))
                .orElse("");
    return said(
        Kind.BEHIND_ITS_GROUP,
        "behind "
            + jobs(situation.before())
            + " of its group (app version "
            + job.group().appVersionId()
            + " build "
            + job.group().build()
            + ")"
            + where,
        "those jobs' ends, a higher --priority at submission, or one more slot of target "
            + target());
  }

  private boolean keptApart(Board.SlotLoad load) {
    return board.suspects().contains(load.slot().workerId());
  }

  /** It works on this group, and does not hold the build yet. */
  private boolean installs(Board.SlotLoad load) {
    return group != null
        && load.running() > 0
        && group.runningOn().contains(load.slot().id())
        && !load.slot().holds(group.packageName(), group.buildSha256());
  }

  private boolean keptForOthers(Board.SlotLoad load) {
    return board.groups().stream()
        .anyMatch(
            g ->
                !g.key().equals(job.group())
                    && load.slot().holds(g.packageName(), g.buildSha256()));
  }

  private String named(List<Board.SlotLoad> busy) {
    String some =
        busy.stream()
            .sorted(Comparator.comparing(Board.SlotLoad::busyFor))
            .limit(MOST_NAMED)
            .map(this::busy)
            .collect(Collectors.joining("; "));
    return busy.size() > MOST_NAMED ? some + "; …" : some;
  }

  private String busy(Board.SlotLoad load) {
    String what =
        load.running() == 0
            ? "held by somebody"
            : "busy with "
                + situation.onSlots().getOrDefault(load.slot().id(), jobs(load.running()));
    return load.slot().id()
        + " ("
        + what
        + (load.busyFor().isZero()
            ? ")"
            : ", free about " + second(board.now().plus(load.busyFor())) + ")");
  }

  private String wishes() {
    return situation.device().entrySet().stream()
        .sorted(java.util.Map.Entry.comparingByKey())
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(", "));
  }

  private Explanation said(Kind kind, String line, String remedy) {
    boolean waits = job.state() == JobState.QUEUED;
    return new Explanation(
        job,
        kind,
        line,
        remedy,
        waits ? situation.before() + 1 : 0,
        waits && group != null ? Math.max(group.queued(), situation.before() + 1) : 0,
        outlook(kind));
  }

  private Explanation.@Nullable Outlook outlook(Kind kind) {
    return switch (kind) {
      case ENDED, NO_LIVE_SLOT, NO_SLOT_AS_WISHED, RESOURCE -> null;
      case RUNNING -> running();
      case MINUTES_SPENT ->
          minutesSpent()
              .map(minutes -> at(minutes.resetsAt(), minutes.resetsAt(), Duration.ZERO))
              .orElse(null);
      default -> {
        Forecast start = Forecast.of(job, group, board, matching, situation.before());
        yield start == null
            ? null
            : at(
                board.now().plus(start.p50()),
                board.now().plus(start.p90()),
                start.setsUp() && group != null ? group.setUp() : Duration.ZERO);
      }
    };
  }

  private Explanation.@Nullable Outlook running() {
    Instant from = job.startedAt();
    if (from == null) {
      return null;
    }
    Optional<Board.SlotLoad> slot =
        board.slots().stream()
            .filter(l -> job.lease() != null && l.slot().id().equals(job.lease().slotId()))
            .findFirst();
    Instant end = board.now().plus(slot.map(Board.SlotLoad::busyFor).orElse(MOMENT));
    Instant late = end.plus(runHigh().minus(run()));
    Instant last = last(from, slot.map(Board.SlotLoad::running).orElse(1));
    return new Explanation.Outlook(from, from, earlier(end, last), earlier(late, last));
  }

  /**
   * When its timeout ends it at the latest, which counts from its first test. It may have begun
   * later than it was taken: after others that its slot took with it, or it is tried again.
   *
   * @param jobs that the slot runs one after the other, this one among them
   */
  private Instant last(Instant taken, int jobs) {
    Duration timeout = situation.timeout();
    if (timeout == null) {
      return Instant.MAX;
    }
    Instant alone = taken.plus(timeout).plus(group == null ? Duration.ZERO : group.setUp());
    return jobs <= 1 && job.attempt() == 1 && alone.isAfter(board.now())
        ? alone
        : board.now().plus(timeout.multipliedBy(Math.max(1, jobs)));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private Explanation.Outlook at(Instant p50, Instant p90, Duration setUp) {
    return new Explanation.Outlook(
        p50, p90, p50.plus(setUp).plus(run()), p90.plus(setUp).plus(runHigh()));
  }

  private Duration run() {
    if (situation.run() != null) {
      return withinTimeout(situation.run());
    }
    return withinTimeout(
        group == null ? dev.qgjob.domain.placement.BoardStore.DEFAULT_RUN : group.runTime());
  }

  private Duration runHigh() {
    Duration high = situation.runHigh();
    Duration run = run();
    return withinTimeout(high == null || high.compareTo(run) < 0 ? run.multipliedBy(2) : high);
  }

  private Duration withinTimeout(Duration run) {
    Duration timeout = situation.timeout();
    return timeout == null || run.compareTo(timeout) < 0 ? run : timeout;
  }

  private static String jobs(int count) {
    return count == 1 ? "1 job" : count + " jobs";
  }

  private static Instant second(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS);
  }

  private String target() {
    return word(job.group().target());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}

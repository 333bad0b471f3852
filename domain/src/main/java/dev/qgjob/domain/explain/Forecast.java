package dev.qgjob.domain.explain;

import dev.qgjob.domain.job.Due;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.SplitRule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * In how long a waiting job starts: the placement is played forward some times ({@link Ahead}).
 *
 * @param p50 as likely earlier as later
 * @param p90 nine of ten times not later
 * @param setsUp a set-up is expected just before it
 */
record Forecast(Duration p50, Duration p90, boolean setsUp) {
  /** How often it is played; the middle one is p50. */
  private static final int PLAYS = 9;

  /** Things looked at in all plays of one forecast: a second or two of one core. */
  private static final long MOST_WORK = 10_000_000;

  /** Part of an install that chance may add to the latest of the plays. */
  private static final double MARGIN = 0.5;

  /** Times of jobs spread round their forecast by about this part of it. */
  private static final double SPREAD = 0.5;

  /** Standard deviations up to the 90th percentile. */
  private static final double P90 = 1.28;

  /** By how much what comes can differ from what is thought here. */
  private static final double ORDER = 1.1;

  /** What is submitted within this time is due at once. */
  private static final Duration AT_ONCE = Duration.ofMinutes(1);

  /** Null where it waits for what jobs use of which the board does not tell. */
  static @Nullable Forecast of(
      Job job,
      Board.@Nullable WaitingGroup group,
      Board board,
      List<Board.SlotLoad> matching,
      int before) {
    double backOff = backOff(job, board.now());
    if (group == null || matching.isEmpty()) {
      return new Forecast(span(backOff), span(backOff), true);
    }
    List<Ahead.Start> starts = played(job, board, before);
    if (starts.size() < PLAYS && !group.need(job).resources().isEmpty()) {
      return null;
    }
    return starts.size() < PLAYS
        ? roughly(job, group, board, matching, before)
        : among(starts, backOff, seconds(group.setUp()));
  }

  /** What came of as many plays as there is time for. */
  private static List<Ahead.Start> played(Job job, Board board, int before) {
    AtomicLong left = new AtomicLong(MOST_WORK);
    List<Ahead.Start> starts = new ArrayList<>();
    for (int i = 0; i < PLAYS && left.get() > 0; i++) {
      Random random = new Random(31L * job.id().hashCode() + i);
      Ahead.play(board, job, before, deviation -> logNormal(random, deviation), left)
          .ifPresent(starts::add);
    }
    return starts;
  }

  private static double logNormal(Random random, double deviation) {
    return Math.exp(deviation * random.nextGaussian());
  }

  private static Forecast among(List<Ahead.Start> starts, double backOff, double setUp) {
    double[] seconds = starts.stream().mapToDouble(Ahead.Start::seconds).sorted().toArray();
    double p50 = Math.max(backOff, seconds[PLAYS / 2]);
    double latest = seconds[PLAYS - 1];
    double p90 = p50 == 0 && latest == 0 ? 0 : Math.max(p50, ORDER * latest + MARGIN * setUp);
    boolean setsUp = starts.stream().filter(Ahead.Start::setsUp).count() > PLAYS / 2;
    return new Forecast(span(p50), span(Math.max(backOff, p90)), setsUp);
  }

  /** Of so much work that nobody plays it: the work before it, over the slots it may count on. */
  private static Forecast roughly(
      Job job, Board.WaitingGroup group, Board board, List<Board.SlotLoad> matching, int before) {
    double backOff = backOff(job, board.now());
    double run = seconds(group.runTime());
    double setUp = seconds(group.setUp());
    long warm = matching.stream().filter(l -> holds(l, group)).count();
    long works = matching.stream().filter(l -> group.runningOn().contains(l.slot().id())).count();
    boolean idle = matching.stream().anyMatch(l -> l.running() == 0);
    boolean cold = warm == 0 && works == 0;
    double part = part(job, board, matching.size());
    double slots = slots(group, before * run, setUp, Math.max(1, Math.max(warm, works)), part);
    double busy =
        idle && before == 0
            ? 0
            : matching.stream().mapToDouble(l -> seconds(l.busyFor())).sum() / matching.size();
    double own = busy + before * run / slots + (cold && before > 0 ? setUp : 0);
    double peers = idle && before == 0 ? 0 : peers(job, group, board);
    double others = 0;
    if (!idle && share(board, job.group().orgId()).weight() == 0) {
      others += ofOthers(job, board) / matching.size();
    }
    // where the org has other groups, all end about together: this one begins early or late
    double after = (group.queued() - before) * run / Math.max(1, works);
    double end = busy + (peers + seconds(group.work()) + (cold ? setUp : 0)) / part;
    double late = peers > 0 ? Math.max(own, end - after) : own;
    double p50 = Math.max(backOff, others + (own + late) / 2);
    double spread = SPREAD * Math.sqrt(run * run * before) / slots + SPREAD * busy;
    double p90 = Math.max(backOff, (others + late) * ORDER + P90 * spread + setUp);
    return new Forecast(span(p50), span(p90), cold && before == 0);
  }

  private static double backOff(Job job, Instant now) {
    Instant notBefore = job.notBefore();
    return notBefore == null ? 0 : Math.max(0, seconds(Duration.between(now, notBefore)));
  }

  private static boolean holds(Board.SlotLoad load, Board.WaitingGroup group) {
    return load.slot().holds(group.packageName(), group.buildSha256());
  }

  /** Slots that the org may count on, by weight and cap; one where it has to wait for all. */
  private static double part(Job job, Board board, int matching) {
    String org = job.group().orgId();
    Board.Share mine = share(board, org);
    double weights =
        board.groups().stream()
            .map(g -> g.key().orgId())
            .distinct()
            .mapToDouble(id -> share(board, id).weight())
            .sum();
    double fair = weights > 0 ? matching * mine.weight() / weights : matching;
    return Math.max(1, Math.min(Math.min(fair, mine.cap()), Math.min(matching, board.cap())));
  }

  private static Board.Share share(Board board, String org) {
    return board.orgs().getOrDefault(org, Board.Share.EQUAL);
  }

  /** Seconds of work of all orgs that have a weight: an org of none comes after them. */
  private static double ofOthers(Job job, Board board) {
    return board.groups().stream()
        .filter(g -> !g.key().orgId().equals(job.group().orgId()))
        .filter(g -> share(board, g.key().orgId()).weight() > 0)
        .mapToDouble(g -> seconds(g.work()) + seconds(g.setUp()))
        .sum();
  }

  /** As many as splitting pays for. */
  private static double slots(
      Board.WaitingGroup group, double workBefore, double setUp, long now, double part) {
    double work = Math.max(workBefore, seconds(group.work()));
    int slots = (int) Math.min(now, Math.max(1, Math.floor(part)));
    while (slots + 1 <= part && SplitRule.gainSeconds(work, slots, setUp) > 0) {
      slots++;
    }
    return slots;
  }

  /**
   * Seconds of work of the org's other groups that are due before this job's or at once with it.
   */
  private static double peers(Job job, Board.WaitingGroup group, Board board) {
    Instant atOnce = Due.of(job).plus(AT_ONCE);
    return board.groups().stream()
        .filter(g -> g != group && g.key().orgId().equals(job.group().orgId()))
        .filter(g -> !g.heads().isEmpty() && Due.of(g.heads().get(0)).isBefore(atOnce))
        .mapToDouble(g -> seconds(g.work()) + seconds(g.setUp()))
        .sum();
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  private static Duration span(double seconds) {
    return Duration.ofMillis(Math.round(seconds * 1000));
  }
}

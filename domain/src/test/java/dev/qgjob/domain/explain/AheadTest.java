package dev.qgjob.domain.explain;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Board;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class AheadTest {
  private static final Instant NOW = Instant.parse("2026-03-01T09:00:00Z");
  private static final Duration RUN = Duration.ofSeconds(20);
  private static final Duration SET_UP = Duration.ofSeconds(30);

  private final List<Board.SlotLoad> slots = new ArrayList<>();
  private final List<Board.WaitingGroup> groups = new ArrayList<>();
  private final Map<String, Board.Share> orgs = new HashMap<>();

  private void slot(String id, long busyFor, String holds) {
    slots.add(
        new Board.SlotLoad(
            new Slot(
                id, "w-" + id, Target.EMULATOR, id, Map.of(), Map.of("app", holds), true, 1, NOW),
            busyFor > 0 ? 1 : 0,
            Duration.ofSeconds(busyFor)));
  }

  private static Job job(String version, int number) {
    return Job.queued(
        version + "#" + number,
        "r1",
        new GroupKey("acme", version, 1, Target.EMULATOR),
        "a.spec.js",
        0,
        0,
        NOW.minusSeconds(60));
  }

  /** So many jobs, of which the board shows the first few. */
  private void group(String version, int queued, int shown, String... runningOn) {
    List<Job> heads = new ArrayList<>();
    for (int i = 0; i < shown; i++) {
      heads.add(job(version, i));
    }
    groups.add(
        new Board.WaitingGroup(
            new GroupKey("acme", version, 1, Target.EMULATOR),
            runningOn.length,
            null,
            null,
            "app",
            version,
            queued,
            Set.of(runningOn),
            heads,
            List.of(),
            RUN,
            SET_UP));
  }

  /** The start of a job of version 1, where all takes as long as expected. */
  private Optional<Ahead.Start> start(int number, long left) {
    Board board = new Board(Target.EMULATOR, NOW, groups, slots, Set.of(), orgs, Board.NO_CAP);
    return Ahead.play(board, job("1", number), number, deviation -> 1, new AtomicLong(left));
  }

  private Ahead.Start start(int number) {
    return start(number, 1_000_000).orElseThrow();
  }

  @Test
  void aJobStartsWhenAllBeforeItHaveRun() {
    slot("s1", 15, "1");
    group("1", 30, 4, "s1");
    assertThat(start(0)).isEqualTo(new Ahead.Start(15, false));
    assertThat(start(3)).isEqualTo(new Ahead.Start(15 + 3 * 20, false));
  }

  @Test
  void aJobThatTheBoardOnlyCountsHasItsTurn() {
    slot("s1", 15, "1");
    group("1", 30, 4, "s1");
    assertThat(start(14)).isEqualTo(new Ahead.Start(15 + 14 * 20, false));
    assertThat(start(29)).isEqualTo(new Ahead.Start(15 + 29 * 20, false));
  }

  @Test
  void anInstallBeforeItIsSeen() {
    slot("s1", 0, "other");
    group("1", 3, 3);
    assertThat(start(0)).isEqualTo(new Ahead.Start(0, true));
    assertThat(start(1)).isEqualTo(new Ahead.Start(30 + 20, false));
  }

  @Test
  void slotsThatHoldTheBuildShareTheWork() {
    slot("s1", 0, "1");
    slot("s2", 0, "1");
    group("1", 20, 8);
    assertThat(start(19).seconds()).isEqualTo(9 * 20);
  }

  @Test
  void aCapHolds() {
    orgs.put("acme", new Board.Share(1, 1, Duration.ZERO));
    slot("s1", 0, "1");
    slot("s2", 0, "1");
    group("1", 20, 8);
    assertThat(start(19).seconds()).isEqualTo(19 * 20);
  }

  @Test
  void anotherVersionsWorkGoesOnWhereItIs() {
    slot("s1", 5, "2");
    slot("s2", 15, "1");
    group("1", 10, 10, "s2");
    group("2", 10, 10, "s1");
    assertThat(start(9)).isEqualTo(new Ahead.Start(15 + 9 * 20, false));
  }

  @Test
  void whereNoSlotIsNothingStarts() {
    group("1", 3, 3);
    assertThat(start(0, 1_000_000)).isEmpty();
  }

  @Test
  void itGivesUpWhenTheWorkThatItMayDoIsDone() {
    slot("s1", 15, "1");
    group("1", 100_000, 4, "s1");
    AtomicLong left = new AtomicLong(1000);
    Board board = new Board(Target.EMULATOR, NOW, groups, slots, Set.of());
    assertThat(Ahead.play(board, job("1", 99_999), 99_999, deviation -> 1, left)).isEmpty();
    assertThat(left.get()).isBetween(-100L, 0L);
  }
}

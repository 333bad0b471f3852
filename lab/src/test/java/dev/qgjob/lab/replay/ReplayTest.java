package dev.qgjob.lab.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.client.Json;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.Decided;
import dev.qgjob.domain.placement.Decision;
import dev.qgjob.domain.placement.Placement;
import dev.qgjob.domain.placement.Transfers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReplayTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final GroupKey GROUP = new GroupKey("acme", "1.0", 1, Target.EMULATOR);

  @TempDir Path folder;

  private static Board board() {
    Job job = Job.queued("j1", "r1", GROUP, "a.spec.js", 3, 0, NOW.minusSeconds(9));
    Board.WaitingGroup group =
        new Board.WaitingGroup(
            GROUP,
            0,
            null,
            null,
            "app",
            "sha",
            7,
            Set.of("s2"),
            List.of(job),
            List.of(),
            Duration.ofMillis(1234),
            Duration.ofSeconds(30),
            Duration.ofSeconds(90),
            Duration.ofSeconds(20),
            Map.of("j1", new Board.Need(Duration.ofSeconds(5), Map.of())));
    return new Board(
        Target.EMULATOR,
        NOW,
        List.of(group),
        List.of(
            new Board.SlotLoad(slot("s1", Map.of()), 0),
            new Board.SlotLoad(slot("s2", Map.of("app", "sha")), 1, Duration.ofSeconds(3))),
        Set.of("w9"),
        Map.of("acme", new Board.Share(2, 5, Duration.ofSeconds(77))),
        9);
  }

  private static Slot slot(String id, Map<String, String> holds) {
    return new Slot(id, "w1", Target.EMULATOR, id, Map.of("model", "x"), holds, true, 1, NOW);
  }

  private Path recorded(Decided... ticks) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (Decided tick : ticks) {
      lines.append(Json.mapper().writeValueAsString(tick)).append('\n');
    }
    return Files.writeString(folder.resolve("2026-03-01.jsonl"), lines);
  }

  @Test
  void whatIsDecidedAlikeIsNoDifference() throws IOException {
    Board board = board();
    List<Decision> decisions = Placement.decide(board);
    assertThat(decisions).isNotEmpty();
    Decided tick = Decided.of(board, decisions, Set.of());
    assertThat(Json.mapper().readValue(Json.mapper().writeValueAsString(tick), Decided.class))
        .isEqualTo(tick);
    Replay replay = new Replay();
    replay.file(recorded(tick, tick.alone()));
    assertThat(replay.figures())
        .containsEntry("ticks", 2.0)
        .containsEntry("ticks without a board", 1.0)
        .containsEntry("ticks decided alike", 1.0)
        .containsEntry("ticks decided otherwise", 0.0);
    assertThat(replay.examples()).isEmpty();
  }

  @Test
  void whatIsDecidedOtherwiseIsShown() throws IOException {
    Board board = board();
    Job job = board.groups().get(0).heads().get(0);
    Replay replay = new Replay();
    replay.file(
        recorded(Decided.of(board, List.of(new Decision.HandOff(job, "w1", "s9")), Set.of())));
    assertThat(replay.figures())
        .containsEntry("ticks decided otherwise", 1.0)
        .containsEntry("to a slot without the build, then", 1.0);
    assertThat(replay.examples()).hasSize(1);
    assertThat(replay.examples().get(0)).contains("then [j1 of 1.0 HANDED to s9]");
  }

  @Test
  void whatWasKeptApartIsNoDifference() throws IOException {
    Board board = board();
    Decided tick = Decided.of(board, Placement.decide(board), Set.of("j1"));
    Replay replay = new Replay();
    replay.file(recorded(tick));
    assertThat(replay.figures())
        .containsEntry("ticks decided alike", 1.0)
        .containsEntry("decisions now", (double) tick.decisions().size());
  }

  @Test
  void transfersAreDecidedAgain() throws IOException {
    Board here = new Board(Target.DEVICE, NOW, List.of(), devices(), Set.of());
    Board there = board();
    Job job = there.groups().get(0).heads().get(0);
    Transfers.Others others =
        new Transfers.Others(
            Map.of(Target.EMULATOR, there),
            List.of(
                new Transfers.Candidate(
                    job,
                    Map.of(),
                    "app",
                    "sha",
                    Duration.ofMinutes(9),
                    Duration.ofSeconds(9),
                    Duration.ofSeconds(9),
                    Duration.ZERO)));
    List<Job> going = Transfers.into(here, List.of(), others);
    assertThat(going).containsExactly(job);
    Decided tick = Decided.of(here, List.of(), Set.of(), going, others);
    assertThat(Json.mapper().readValue(Json.mapper().writeValueAsString(tick), Decided.class))
        .isEqualTo(tick);
    Replay replay = new Replay();
    replay.file(recorded(tick, Decided.of(here, List.of(), Set.of(), List.of(job), null)));
    assertThat(replay.figures())
        .containsEntry("ticks decided alike", 1.0)
        .containsEntry("from another target, then", 2.0)
        .containsEntry("from another target, now", 1.0);
    assertThat(replay.examples().get(0)).contains("then [j1 of 1.0 TRANSFERRED from EMULATOR]");
  }

  private static List<Board.SlotLoad> devices() {
    return List.of(
        new Board.SlotLoad(
            new Slot("d1", "w1", Target.DEVICE, "d1", Map.of(), Map.of(), true, 1, NOW), 0));
  }

  @Test
  void linesOfBeforeAreRead() throws IOException {
    Path old =
        Files.writeString(
            folder.resolve("old.jsonl"),
            """
            {"at":"2026-03-01T12:00:00Z","target":"EMULATOR","decisions":[{"how":"HANDED","job_id":"j1",\
            "generation":1,"org_id":"acme","app_version_id":"1.0","build":1,"slot_id":"s1"}]}
            """);
    Replay replay = new Replay();
    replay.file(old);
    assertThat(replay.figures()).containsEntry("ticks without a board", 1.0);
  }

  @Test
  void whatIsNoDecisionIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("x.jsonl"), "{}\nnonsense\n");
    assertThatThrownBy(() -> new Replay().file(file)).hasMessageContaining("x.jsonl, line");
  }
}

package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Board;
import dev.qgjob.domain.placement.Decided;
import dev.qgjob.domain.placement.Decision;
import dev.qgjob.domain.testing.Fixtures;
import dev.qgjob.scheduler.database.RareLog;
import dev.qgjob.scheduler.setting.Settings.Decisions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DecisionFilesTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir Path folder;

  private DecisionFiles files(long bytes, Duration keep) {
    return new DecisionFiles(folder, new Decisions(keep, bytes), Runnable::run, rareLog());
  }

  private static RareLog rareLog() {
    return new RareLog(System.getLogger(DecisionFilesTest.class.getName()), InstantSource.system());
  }

  private static void decide(DecisionFiles files, Instant at) {
    decide(files, at, 1);
  }

  private static void decide(DecisionFiles files, Instant at, int slots) {
    Job job = Job.queued("j1", "r1", Fixtures.GROUP, "a.spec.js", 0, 0, at);
    Board board =
        new Board(
            Target.EMULATOR,
            at,
            List.of(),
            IntStream.rangeClosed(1, slots)
                .mapToObj(i -> new Board.SlotLoad(Fixtures.slot("s" + i, "w1", at), 0))
                .toList(),
            Set.of());
    files.decided(Decided.of(board, List.of(new Decision.HandOff(job, "w1", "s1")), Set.of()));
  }

  private List<JsonNode> lines(String day) throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (Stream<String> lines = Files.lines(folder.resolve(day + ".jsonl"))) {
      return lines
          .map(
              line -> {
                try {
                  return json.readTree(line);
                } catch (IOException e) {
                  throw new IllegalStateException(line, e);
                }
              })
          .toList();
    }
  }

  @Test
  void aDecisionIsALineWithItsBoard() throws IOException {
    decide(files(1 << 20, Duration.ofDays(7)), NOON);
    JsonNode line = lines("2026-03-01").get(0);
    assertThat(line.at("/at").asText()).isEqualTo("2026-03-01T12:00:00Z");
    assertThat(line.at("/decisions/0/how").asText()).isEqualTo("HANDED");
    assertThat(line.at("/decisions/0/job_id").asText()).isEqualTo("j1");
    assertThat(line.at("/decisions/0/slot_id").asText()).isEqualTo("s1");
    assertThat(line.at("/board/slots/0/slot/id").asText()).isEqualTo("s1");
  }

  @Test
  void whereTheDiskIsSlowTheDecisionsAreKeptWithoutTheirBoards() throws IOException {
    List<Runnable> later = new ArrayList<>();
    DecisionFiles files =
        new DecisionFiles(
            folder, new Decisions(Duration.ofDays(7), 1 << 24), later::add, rareLog());
    for (int i = 0; i < 200; i++) {
      decide(files, NOON);
    }
    later.forEach(Runnable::run);
    List<JsonNode> lines = lines("2026-03-01");
    assertThat(lines).hasSize(200);
    assertThat(lines.get(0).has("board")).isTrue();
    assertThat(lines.get(199).has("board")).isFalse();
    assertThat(lines.get(199).at("/decisions/0/job_id").asText()).isEqualTo("j1");
  }

  @Test
  void theLastBoardThatDoesNotFitIsLeftOut() throws IOException {
    DecisionFiles files = files(20_000, Duration.ofDays(7));
    decide(files, NOON, 500);
    List<JsonNode> lines = lines("2026-03-01");
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).has("board")).isFalse();
    assertThat(lines.get(0).has("decisions")).isTrue();
  }

  @Test
  void aDaysFileHasAnEnd() throws IOException {
    DecisionFiles files = files(2_000, Duration.ofDays(7));
    for (int i = 0; i < 100; i++) {
      decide(files, NOON);
    }
    assertThat(Files.size(folder.resolve("2026-03-01.jsonl"))).isBetween(1_000L, 2_000L);
  }

  @Test
  void whenBoardsDoNotFitTheDecisionsStillDo() throws IOException {
    DecisionFiles files = files(3 << 20, Duration.ofDays(7));
    Instant midnight = Instant.parse("2026-03-01T00:00:01Z");
    for (int i = 0; i < 150; i++) {
      decide(files, midnight, 100);
    }
    List<JsonNode> lines = lines("2026-03-01");
    assertThat(lines).hasSize(150);
    assertThat(lines.get(0).has("board")).isTrue();
    assertThat(lines.get(149).has("board")).isFalse();
    assertThat(lines.get(149).has("decisions")).isTrue();
  }

  @Test
  void oldDaysGo() throws IOException {
    Files.writeString(folder.resolve("notes.jsonl"), "mine");
    DecisionFiles files = files(1 << 20, Duration.ofDays(2));
    for (int day = 0; day < 4; day++) {
      decide(files, NOON.plus(Duration.ofDays(day)));
    }
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left.map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder("2026-03-03.jsonl", "2026-03-04.jsonl", "notes.jsonl");
    }
  }

  @Test
  void noBytesNoFile() {
    decide(files(0, Duration.ofDays(7)), NOON);
    assertThat(folder).isEmptyDirectory();
  }
}

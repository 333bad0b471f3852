package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Assignments;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompilationTest {
  private static final String BUNDLE = "ab".repeat(32);

  @TempDir private Path state;
  private Path place;
  private Workspace workspace;
  private int runs;

  @BeforeEach
  void open() throws IOException {
    place = state.resolve("runs/batch-1/group-1/project");
    workspace = new Workspace(state, (sha256, into) -> {}, npm());
    keep(compilation(job(BUNDLE, Map.of(), Map.of()), place, 1));
  }

  private Npm npm() throws IOException {
    return new Npm(
        new Children("node", state), "npm", state, System.getenv(), Duration.ofMinutes(1));
  }

  private static void keep(Compilation compilation) {
    compilation.hasRead();
    compilation.hasEnded();
    compilation.keep();
  }

  private static Assignment job(
      String bundle, Map<String, String> environment, Map<String, String> secrets) {
    App app = new App("ef".repeat(32), "app.apk", "dev.example");
    return Assignments.of(
        "job-1", "a.spec.js", "emulator", bundle, app, Target.EMULATOR, environment, secrets);
  }

  /** A run that compiles files of so many bytes. */
  private Compilation compilation(Assignment job, Path at, int bytes) throws IOException {
    Path folder = state.resolve("run-" + ++runs);
    Compilation compilation = workspace.compilation(job, at, folder);
    for (String into : compilation.environment().values()) {
      Path own = Files.createDirectories(Path.of(into));
      assertThat(own).startsWith(folder);
      Files.write(own.resolve("compiled"), new byte[bytes]);
    }
    return compilation;
  }

  private boolean finds(Assignment job, Path at) {
    Path folder = state.resolve("run-" + ++runs);
    Compilation compilation = workspace.compilation(job, at, folder);
    return compilation.environment().values().stream()
        .allMatch(into -> Files.exists(Path.of(into, "compiled")));
  }

  @Test
  void theNextRunOfTheSameFindsIt() {
    assertThat(finds(job(BUNDLE, Map.of(), Map.of()), place)).isTrue();
    assertThat(finds(job(BUNDLE, Map.of(), Map.of()), place)).as("one at a time").isFalse();
  }

  @Test
  void whoeverMayRunOtherCodeDoesNotLeaveItToThisRun() throws IOException {
    Assignment job = job(BUNDLE, Map.of(), Map.of());
    for (Assignment other :
        List.of(
            job("cd".repeat(32), Map.of(), Map.of()),
            job(BUNDLE, Map.of("PLUGIN", "theirs"), Map.of()),
            job(BUNDLE, Map.of(), Map.of("TOKEN", "theirs")))) {
      assertThat(finds(other, place)).isFalse();
      keep(compilation(other, place, 1));
      assertThat(finds(job, place)).isFalse();
      keep(compilation(job, place, 1));
    }
    assertThat(finds(job, place)).isTrue();
  }

  @Test
  void itIsOfNoUseAtAnotherPlace() {
    Path other = state.resolve("runs/batch-2/group-1/project");
    assertThat(finds(job(BUNDLE, Map.of(), Map.of()), other)).isFalse();
  }

  @Test
  void whatATestMadeTooLargeIsNotKept() throws IOException {
    Assignment job = job(BUNDLE, Map.of(), Map.of());
    keep(compilation(job, place, 40 << 20));
    assertThat(finds(job, place)).isFalse();
  }

  @Test
  void whatWasWrittenToMeanwhileIsNotUsed() throws IOException {
    Assignment job = job(BUNDLE, Map.of(), Map.of());
    Files.writeString(keptFile(), "theirs");
    assertThat(finds(job, place)).isFalse();

    keep(compilation(job, place, 1));
    Files.createSymbolicLink(
        keptFile().resolveSibling("more"), Files.writeString(state.resolve("theirs"), "theirs"));
    assertThat(finds(job, place)).isFalse();
  }

  private Path keptFile() throws IOException {
    try (Stream<Path> all = Files.walk(state.resolve("cache/compiled"))) {
      return all.filter(Files::isRegularFile).findFirst().orElseThrow();
    }
  }

  @Test
  void whatAProcessLeftThatHadNotReadTheProjectIsNotThereForTheNextOneOfTheRun()
      throws IOException {
    Compilation compilation = compilation(job(BUNDLE, Map.of(), Map.of()), place, 1);
    compilation.hasEnded();
    assertThat(compilation.environment().values()).allMatch(into -> !Files.exists(Path.of(into)));
  }

  @Test
  void whatPlaywrightCompilesOnceItHasReadTheProjectIsNotKept() throws IOException {
    Compilation compilation = compilation(job(BUNDLE, Map.of(), Map.of()), place, 1);
    compilation.hasRead();
    Path late = Path.of(compilation.environment().get("PWTEST_CACHE_DIR"), "late");
    Files.writeString(late, "half");
    Files.setLastModifiedTime(late, FileTime.from(Instant.now().plusSeconds(1)));
    compilation.hasEnded();
    assertThat(late).doesNotExist();
    assertThat(late.resolveSibling("compiled")).exists();
  }

  @Test
  void aWorkerThatStartsTrustsNothingThatAnEarlierOneKept() throws IOException {
    assertThat(keptFile()).exists();
    open(); // keeps it anew
    try (Stream<Path> all = Files.list(state.resolve("cache/compiled"))) {
      assertThat(all).hasSize(1);
    }
    workspace = new Workspace(state, (sha256, into) -> {}, npm());
    assertThat(state.resolve("cache/compiled")).isEmptyDirectory();
  }
}

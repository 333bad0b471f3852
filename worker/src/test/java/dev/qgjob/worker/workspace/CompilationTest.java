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
import java.time.Duration;
import java.util.Map;
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
    Npm npm =
        new Npm(new Children("node", state), "npm", state, System.getenv(), Duration.ofMinutes(1));
    workspace = new Workspace(state, (sha256, into) -> {}, npm);
    compilation(job(BUNDLE, Map.of(), Map.of()), place, 1).keep();
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
  void whoeverMayRunOtherCodeDoesNotLeaveItToThisRun() {
    assertThat(finds(job("cd".repeat(32), Map.of(), Map.of()), place)).isFalse();
    assertThat(finds(job(BUNDLE, Map.of("PLUGIN", "theirs"), Map.of()), place)).isFalse();
    assertThat(finds(job(BUNDLE, Map.of(), Map.of("TOKEN", "theirs")), place)).isFalse();
    assertThat(finds(job(BUNDLE, Map.of(), Map.of()), place)).isTrue();
  }

  @Test
  void itIsOfNoUseAtAnotherPlace() {
    Path other = state.resolve("runs/batch-2/group-1/project");
    assertThat(finds(job(BUNDLE, Map.of(), Map.of()), other)).isFalse();
  }

  @Test
  void whatATestMadeTooLargeIsNotKept() throws IOException {
    Assignment job = job(BUNDLE, Map.of(), Map.of());
    compilation(job, place, 40 << 20).keep();
    assertThat(finds(job, place)).isFalse();
  }
}

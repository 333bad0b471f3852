package dev.qgjob.lab.faults.mutant;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.lab.stack.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A mutant whose patch has gone stale would prove nothing. */
class MutantPatchesTest {
  private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  @Test
  void everyPatchAppliesToTheSourcesAsTheyAre() {
    for (Mutant mutant : Mutant.all()) {
      Command.Result result =
          Command.run(
              ROOT, Map.of(), List.of("git", "apply", "--check", mutant.file(ROOT).toString()), 30);
      assertThat(result.exit()).as(mutant.patch() + ": " + result.err()).isZero();
    }
  }

  @Test
  void everyPatchIsAMutantsAndTouchesMainSourcesOnly() throws IOException {
    List<String> names = Mutant.all().stream().map(mutant -> mutant.patch() + ".patch").toList();
    try (Stream<Path> patches = Files.list(ROOT.resolve("lab/mutants"))) {
      for (Path patch : patches.toList()) {
        assertThat(names).contains(patch.getFileName().toString());
        assertThat(MutantBuild.touched(Files.readString(patch)))
            .isNotEmpty()
            .allMatch(file -> file.contains("/src/main/"));
      }
    }
  }
}

package dev.qgjob.worker.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FoldersTest {
  @TempDir private Path folder;

  /** A path has an end at some 4,096 bytes; a spec that goes down step by step does not notice. */
  @Test
  void aTreeThatIsDeeperThanAnyPathIsRemoved() throws Exception {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    String down = "n=$(printf 'd%.0s' $(seq 200)); i=0; while [ $i -lt 70 ]; do ";
    Process shell =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                down + "mkdir $n && echo x > file && cd -P $n || exit 1; i=$((i+1)); done")
            .directory(tree.toFile())
            .inheritIO()
            .start();
    assertThat(shell.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(shell.exitValue()).isZero();
    try {
      Folders.remove(tree);
      assertThat(names()).isEmpty();
    } finally {
      new ProcessBuilder("rm", "-rf", tree.toString()).start().waitFor();
    }
  }

  private Stream<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList().stream();
    }
  }
}

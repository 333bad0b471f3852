package dev.qgjob.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** {@code -Dreference.write=true} writes the page anew. */
class ReferenceTest {
  private static Path page() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("action.yml"))) {
      at = Objects.requireNonNull(at.getParent(), "no action.yml above the working folder");
    }
    return at.resolve("docs/commands.md");
  }

  @Test
  void thePageSaysWhatTheCommandsSay() throws Exception {
    if (Boolean.getBoolean("reference.write")) {
      Files.writeString(page(), Reference.page());
    }
    assertThat(Files.readString(page()))
        .as("docs/commands.md; write it anew with -Dreference.write=true")
        .isEqualTo(Reference.page());
  }

  @Test
  void everyCommandIsThere() {
    assertThat(Reference.page())
        .contains("## qgjob run\n", "## qgjob admin token create\n", "--with-node-modules");
  }
}

package dev.qgjob.scheduler.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BootstrapFileTest {
  @TempDir Path home;

  @Test
  void onlyItsOwnerReadsTheToken() throws IOException {
    Files.writeString(home.resolve("bootstrap-token"), "an older one\nof two lines\n");
    Path file = BootstrapFile.write(home, "qgj_text");
    assertThat(file).hasContent("qgj_text\n");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void secretsAreLongAndNeverTheSame() {
    RandomSecrets secrets = new RandomSecrets();
    assertThat(secrets.next()).hasSize(43).matches("[\\w-]+").isNotEqualTo(secrets.next());
  }
}

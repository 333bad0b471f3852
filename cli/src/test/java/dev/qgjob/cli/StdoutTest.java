package dev.qgjob.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A pipeline that reads an empty file must not take it for the answer. */
class StdoutTest {
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int version(OutputStream out) {
    return Start.run(
        new Surroundings(
            new PrintStream(new UntilHungUp(out), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            new ByteArrayInputStream(new byte[0]),
            Map.of(),
            Path.of("").toAbsolutePath(),
            Time.system(),
            false,
            Manner.of(Map.of())),
        "--version");
  }

  private static OutputStream failing(String message) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
  }

  @Test
  void aFullDiskBehindStdoutIsAnError() {
    assertThat(version(failing("No space left on device"))).isEqualTo(1);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("qgjob: stdout could not be written")
        .hasLineCount(1);
  }

  @Test
  void aReaderWhoHasHadEnoughIsNone() {
    assertThat(version(failing("Broken pipe"))).isZero();
    assertThat(err.size()).isZero();
  }
}

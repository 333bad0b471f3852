package dev.qgjob.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationsTest {
  private static final InstantSource LATE = InstantSource.fixed(Instant.ofEpochMilli(2_000));
  private static final InstantSource EARLY = InstantSource.fixed(Instant.ofEpochMilli(1_000));

  @TempDir Path folder;

  @Test
  void theyRiseThoughTheClockStands() {
    Registrations numbers = new Registrations(folder.resolve("n"), LATE);

    assertThat(numbers.getAsLong()).isEqualTo(2_000);
    assertThat(numbers.getAsLong()).isEqualTo(2_001);
  }

  @Test
  void theyRiseOverARestartThoughTheClockWentBack() {
    new Registrations(folder.resolve("n"), LATE).getAsLong();

    assertThat(new Registrations(folder.resolve("n"), EARLY).getAsLong()).isEqualTo(2_001);
  }

  @Test
  void theyRiseThoughTheFileWasPutBack() throws Exception {
    Files.writeString(folder.resolve("n"), "7");

    assertThat(new Registrations(folder.resolve("n"), LATE).getAsLong()).isEqualTo(2_000);
  }

  @Test
  void aFileThatAFullDiskLeftEmptyIsNoObstacle() throws Exception {
    Files.writeString(folder.resolve("n"), "");

    assertThat(new Registrations(folder.resolve("n"), EARLY).getAsLong()).isEqualTo(1_000);
  }
}

package dev.qgjob.cli.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Manner;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.cli.Time;
import dev.qgjob.cli.Views;
import dev.qgjob.client.Answer;
import dev.qgjob.protocol.JobState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** Reports on a disk of which eight blocks of 4 KiB are left. */
class ReportFilesTest {
  private final FileSystem disk =
      Jimfs.newFileSystem(
          Configuration.unix().toBuilder().setBlockSize(4096).setMaxSize(8 * 4096).build());
  private final Path folder = disk.getPath("/work");

  @AfterEach
  void unmount() throws IOException {
    disk.close();
  }

  private void write(String json) {
    PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream());
    Surroundings here =
        new Surroundings(
            nowhere,
            nowhere,
            new ByteArrayInputStream(new byte[0]),
            Map.of(),
            folder,
            Time.system(),
            false,
            Manner.of(Map.of()));
    CommandLine.populateCommand(new ReportFiles(), "--json=reports/run.json")
        .write(here, new Answer<>(Views.run(JobState.PASSED), json));
  }

  @Test
  void oneThatFitsIsWrittenWithItsFolder() throws IOException {
    write("{}");
    assertThat(Files.readString(folder.resolve("reports/run.json"), StandardCharsets.UTF_8))
        .isEqualTo("{}\n");
  }

  @Test
  void oneThatTheDiskHasNoRoomForIsNotLeftThereByHalf() {
    assertThatThrownBy(() -> write("x".repeat(10 * 4096)))
        .isInstanceOf(Failure.class)
        .hasMessageContaining("the report reports/run.json cannot be written")
        .hasMessageEndingWith("it was removed");
    assertThat(folder.resolve("reports/run.json")).doesNotExist();
  }
}

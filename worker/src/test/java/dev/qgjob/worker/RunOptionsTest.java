package dev.qgjob.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.SlotSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RunOptionsTest {
  @TempDir private Path folder;

  private SlotSource source() throws IOException {
    Path file = folder.resolve("slots.json");
    Files.writeString(
        file,
        """
        [{"target": "device", "udid": "10.0.0.7:5555", "watch": false}]
        """);
    RunOptions options =
        CommandLine.populateCommand(new RunOptions(), "--slots", file.toString(), "--no-adb");
    return options.source(
        Map.of("QGJOB_LOCKS", folder.resolve("locks").toString()), folder.resolve("state"));
  }

  @Test
  void aPhoneThatIsOfferedAlwaysIsOneWorkersToo() throws IOException {
    try (SlotSource first = source();
        SlotSource second = source()) {
      List<Found> mine = new ArrayList<>();
      first.start(mine::addAll);
      assertThat(mine).singleElement().matches(slot -> !slot.withheld());
      List<Found> others = new ArrayList<>();
      second.start(others::addAll);
      assertThat(others).singleElement().matches(Found::withheld);
    }
  }
}

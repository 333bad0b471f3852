package dev.qgjob.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.health.Admission;
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
  void aSecretThatTheSlotsFileNamesMustBeThere() throws IOException {
    Path file = folder.resolve("slots.json");
    Files.writeString(
        file, "[{\"target\": \"device\", \"udid\": \"R58M\", \"secret_from\": \"PIN\"}]");
    RunOptions options = CommandLine.populateCommand(new RunOptions(), "--slots", file.toString());
    assertThatThrownBy(() -> options.ward(Map.of(), Admission.FREE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("secret_from of R58M is PIN: there is no such variable");
    assertThatThrownBy(() -> options.ward(Map.of("PIN", "12 34"), Admission.FREE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("PIN: ")
        .hasMessageNotContaining("12 34");
    assertThat(options.ward(Map.of("PIN", "1234"), Admission.FREE).withheld()).isEmpty();
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

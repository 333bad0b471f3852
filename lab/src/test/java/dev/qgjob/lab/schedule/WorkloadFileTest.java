package dev.qgjob.lab.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.job.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorkloadFileTest {
  private static final String GOOD =
      """
      {"slots": [{"id": "a", "target": "emulator", "warm": ["v1"]}],
       "jobs": [{"id": "j1", "org": "o", "app_version": "v1", "targets": ["emulator", "device"],
         "priority": 1, "submitted_s": 2.5, "duration_s": 10, "forecast_s": -3}],
       "install_s": {"emulator": 90}, "weights": {"o": 2}}
      """;

  @TempDir Path folder;

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("w.json"), text);
  }

  @Test
  void aWorkloadIsRead() throws IOException {
    Workload workload = WorkloadFile.read(file(GOOD));
    Workload.JobSpec job = workload.jobs().get(0);
    assertThat(job.packageName()).as("a package of its own").isEqualTo("v1");
    assertThat(job.forecast()).as("negative: unknown").isZero();
    assertThat(job.submitted()).isEqualTo(2.5);
    assertThat(workload.slots().get(0).holds(job)).isTrue();
    assertThat(workload.install(Target.EMULATOR)).isEqualTo(90);
    assertThat(workload.weight("o")).isEqualTo(2);
  }

  @Test
  void twoPackagesMayNameTheirVersionsAlike() throws IOException {
    String two =
        """
        {"slots": [{"id": "a", "target": "emulator", "warm": []}],
         "jobs": [
           {"id": "j1", "org": "acme", "app_version": "1.0", "package": "com.acme",
            "targets": ["emulator"], "duration_s": 10},
           {"id": "j2", "org": "globex", "app_version": "1.0", "package": "com.globex",
            "targets": ["emulator"], "duration_s": 10}],
         "install_s": {"emulator": 90}}
        """;
    Workload workload = WorkloadFile.read(file(two));
    assertThat(workload.jobs()).extracting(Workload.JobSpec::appVersion).doesNotHaveDuplicates();
    Path ambiguous = file(two.replace("\"warm\": []", "\"warm\": [\"1.0\"]"));
    assertThatThrownBy(() -> WorkloadFile.read(ambiguous))
        .hasMessage("w.json: slots[0].warm[0]: 1.0 is of several packages: com.acme, com.globex");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "duration_s": 10        | "duration_s": -1       | jobs[0].duration_s: -1 is no number
          "duration_s": 10        | "duration_s": "x"      | jobs[0].duration_s: "x" is no number
          "duration_s": 10,       | "x": 1,                | jobs[0].duration_s: is missing
          "submitted_s": 2.5      | "submitted_s": 1e99    | jobs[0].submitted_s: 1.0E99 is no number
          ["emulator", "device"]  | ["toaster"]            | jobs[0].targets[0]: "toaster" is none of
          ["emulator", "device"]  | []                     | jobs[0].targets: has to be a list
          ["emulator", "device"]  | ["device"]             | jobs[0].targets: no slot is device
          "id": "j1"              | "id": ""               | jobs[0].id: "" is no text
          "priority": 1           | "priority": 1.5        | jobs[0].priority: 1.5 is no whole number
          {"emulator": 90}        | {"device": 90}         | install_s.emulator: is missing
          {"o": 2}                | {"o": -2}              | weights.o: -2 is no number from 0
          "warm": ["v1"]          | "warm": [7]            | slots[0].warm[0]: 7 is no app version
          {"slots"                | {"slots                | line 1: is not JSON
          """)
  void whatIsWrongIsToldInOneLineWithTheField(String part, String by, String told)
      throws IOException {
    assertThat(GOOD).contains(part);
    Path file = file(GOOD.replace(part, by));
    assertThatThrownBy(() -> WorkloadFile.read(file))
        .isInstanceOf(WorkloadFile.Unusable.class)
        .hasMessageStartingWith("w.json: " + told)
        .hasMessageNotContaining("\n");
  }
}

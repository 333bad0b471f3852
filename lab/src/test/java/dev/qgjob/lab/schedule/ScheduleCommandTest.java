package dev.qgjob.lab.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** What is printed for a workload of somebody's own, read as they would. */
final class ScheduleCommandTest {
  private static final String[] TARGETS = {
    "[\"emulator\"]", "[\"device\"]", "[\"emulator\", \"device\"]", "[\"device\", \"emulator\"]"
  };

  @TempDir Path folder;

  private record Printed(int code, String text) {}

  private static Printed schedule(String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int code = new CommandLine(new ScheduleCommand(out)).execute(args);
    return new Printed(code, out.toString(StandardCharsets.UTF_8));
  }

  /**
   * Warm slots, two targets, jobs of the future, a package of two builds and versions without one,
   * weights, and forecasts that are off, negative and absent.
   */
  private Path workload() throws IOException {
    List<String> jobs = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      String version = "v" + i % 5;
      jobs.add(
          """
          {"id": "j%d", "org": "%s", "app_version": "%s", %s "targets": %s, "priority": %d,
           "submitted_s": %s, "duration_s": %s %s}\
          """
              .formatted(
                  i,
                  i % 3 == 0 ? "acme" : "other",
                  version,
                  i % 5 < 2 ? "\"package\": \"com.acme\"," : "",
                  TARGETS[i % 4],
                  i % 2,
                  i < 60 ? "0" : String.valueOf(i * 2.5),
                  5 + i % 7 * 3.25,
                  switch (i % 4) {
                    case 0 -> "";
                    case 1 -> ", \"forecast_s\": -1";
                    default -> ", \"forecast_s\": " + (4 + i % 9 * 2);
                  }));
    }
    return Files.writeString(
        folder.resolve("w.json"),
        """
        {"slots": [
          {"id": "e1", "target": "emulator", "warm": ["v0"]},
          {"id": "e2", "target": "emulator", "warm": ["v2", "v3"]},
          {"id": "e3", "target": "emulator"},
          {"id": "d1", "target": "device", "warm": ["v1"]},
          {"id": "d2", "target": "device", "warm": []}],
         "jobs": [%s],
         "install_s": {"emulator": 9, "device": 17.5}, "weights": {"acme": 2, "other": 1}}
        """
            .formatted(String.join(",\n", jobs)));
  }

  @Test
  void theAnswerHasEveryFieldAndItsScheduleHolds() throws IOException {
    Path file = workload();
    Printed printed = schedule("--workload", file.toString(), "--json");
    assertThat(printed.code()).isZero();
    JsonNode answer = Json.mapper().readTree(printed.text());
    for (String name :
        List.of(
            "makespan_s",
            "lower_bound_s",
            "installs",
            "least_installs",
            "wait_p50_s",
            "wait_p99_s",
            "max_slowdown",
            "jain")) {
      assertThat(answer.path(name).isNumber()).as(name).isTrue();
    }
    List<Outcome.Placed> schedule = new ArrayList<>();
    for (JsonNode entry : answer.path("schedule")) {
      assertThat(entry.fieldNames())
          .toIterable()
          .containsExactly("job", "slot", "install", "start_s", "end_s");
      assertThat(entry.path("install").isBoolean()).isTrue();
      schedule.add(
          new Outcome.Placed(
              entry.path("job").asText(),
              entry.path("slot").asText(),
              entry.path("install").asBoolean(),
              entry.path("start_s").doubleValue(),
              entry.path("end_s").doubleValue()));
    }
    Workload workload = WorkloadFile.read(file);
    assertThat(schedule).hasSize(120);
    assertThat(ScheduleCheck.problems(workload, schedule)).isEmpty();
    Measures measures = Measures.of(workload, new Outcome(schedule, 0));
    assertThat(answer.path("makespan_s").doubleValue()).isEqualTo(measures.makespan());
    assertThat(answer.path("installs").longValue()).isEqualTo(measures.installs());
    assertThat(answer.path("wait_p50_s").doubleValue()).isEqualTo(measures.waitP50());
    assertThat(answer.path("wait_p99_s").doubleValue()).isEqualTo(measures.waitP99());
    assertThat(answer.path("max_slowdown").doubleValue()).isEqualTo(measures.maxSlowdown());
    assertThat(measures.makespan()).isGreaterThanOrEqualTo(answer.path("lower_bound_s").asDouble());
    assertThat(measures.installs()).isGreaterThanOrEqualTo(answer.path("least_installs").asLong());
    assertThat(answer.path("jain").doubleValue()).isBetween(0.0, 1.0);
  }

  @Test
  void whatIsNoWorkloadEndsWithTwo() throws IOException {
    Path file = Files.writeString(folder.resolve("w.json"), "{\"slots\": []}");
    Printed printed = schedule("--workload", file.toString(), "--json");
    assertThat(printed.code()).isEqualTo(2);
    assertThat(printed.text()).isEmpty();
  }
}

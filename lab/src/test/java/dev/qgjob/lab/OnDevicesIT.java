package dev.qgjob.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.client.Json;
import dev.qgjob.lab.demo.Versions;
import dev.qgjob.lab.stack.Command.Result;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Stack;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The whole way to a phone that is none of the emulators: target {@code device}, and AppWright's
 * provider {@code local-device}, which by itself asks macOS for the app's name.
 */
final class OnDevicesIT {
  private static final String ORG = "qualgent";
  private static final String HOST = "shelf";

  private static Distribution distribution;
  private static Stack stack;
  private static Versions versions;

  @BeforeAll
  static void start() {
    distribution = Distribution.ofThisBuild();
    Path folder =
        distribution
            .root()
            .resolve("lab/target/on-devices")
            .resolve(Long.toString(System.currentTimeMillis()));
    versions = Versions.make(distribution, folder.resolve("apps"));
    stack =
        new Stack(
            distribution,
            folder,
            new Stack.Plan(ORG, 1, Duration.ofSeconds(2), "device", Map.of("QGJOB_LEASE", "20s")));
    stack.startWorker(HOST, 1, Map.of(), "--devices");
  }

  @AfterAll
  static void stop() {
    if (stack != null) {
      stack.close();
    }
  }

  private static RunView run(String test) throws JsonProcessingException {
    Result result =
        stack.qgjob(
            distribution.example(),
            "submit",
            "--org-id=" + ORG,
            "--app-version-id=1.0",
            "--app=" + versions.first(),
            "--test=" + test,
            "--target=device",
            "-o",
            "json");
    assertThat(result.exit()).as(result.err()).isZero();
    String runId = Json.mapper().readValue(result.out(), RunView.class).runId();
    return Awaitility.await("verdict of " + test)
        .atMost(Duration.ofMinutes(6))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> stack.run(runId), view -> view.finishedAt() != null);
  }

  @Test
  void specsOfTheTargetDeviceRunOnItWithOneInstall() throws IOException {
    RunView passed = run("tests/onboarding.spec.js");
    JobView job = passed.jobs().get(0);
    assertThat(job.state()).as(job.message()).isEqualTo(JobState.PASSED);
    assertThat(job.slotId())
        .startsWith(HOST + ":device:")
        .endsWith(stack.phones().serials().get(0));
    assertThat(job.attempts()).hasSize(1);
    assertThat(job.attempts().get(0).tests()).isNotEmpty();
    RunView failed = run("tests/fails-on-purpose.spec.js");
    assertThat(failed.jobs().get(0).state()).isEqualTo(JobState.FAILED);
    assertThat(failed.jobs().get(0).failureKind()).isEqualTo(FailureKind.TEST);
    assertThat(stack.phones().installs()).isEqualTo(1);
    assertThat(passed.installs() + failed.installs()).isEqualTo(1);
    noFolderOfARunIsLeft();
  }

  /** The verdict goes out before its files do. */
  private static void noFolderOfARunIsLeft() {
    Path runs = stack.workerFolder(HOST).resolve("runs");
    Awaitility.await("the end of " + runs)
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(() -> assertThat(batches(runs)).isEmpty());
  }

  private static List<Path> batches(Path runs) throws IOException {
    try (Stream<Path> all = Files.walk(runs)) {
      return all.filter(path -> path.getFileName().toString().startsWith("batch-")).toList();
    }
  }
}

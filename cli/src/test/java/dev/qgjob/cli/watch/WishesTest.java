package dev.qgjob.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.cli.Process;
import dev.qgjob.cli.ScriptedServer;
import dev.qgjob.cli.Views;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.RetryRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a submitter may wish of the wait and its verdict. */
class WishesTest {
  @TempDir Path folder;
  private ScriptedServer server;
  private Process process;

  @BeforeEach
  void start() {
    server = new ScriptedServer();
    process = new Process(folder).at(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private int wait(RunView run, String... wishes) {
    server.on("GET /runs/r1", run);
    List<String> args = new ArrayList<>(List.of("wait", "--run-id=r1"));
    args.addAll(List.of(wishes));
    return process.qgjob(args.toArray(String[]::new)).code();
  }

  private static RunView failed() {
    return Views.run(JobState.FAILED, Views.job("j1", JobState.FAILED, FailureKind.TEST));
  }

  @Test
  void flakyIsAFailureOnlyOnRequest() {
    RunView flaky = Views.run(JobState.PASSED, true, Views.job("j1", JobState.PASSED, null));
    assertThat(wait(flaky)).isZero();
    assertThat(wait(flaky, "--fail-on-flaky")).isEqualTo(10);
  }

  @Test
  void steadyPassesAreNoFailureWithFailOnFlaky() {
    RunView steady = Views.run(JobState.PASSED, Views.job("j1", JobState.PASSED, null));
    assertThat(wait(steady, "--fail-on-flaky")).isZero();
  }

  @Test
  void ignoredAreFailuresOfTestsOnly() {
    assertThat(wait(failed(), "--ignore-failures")).isZero();
  }

  @Test
  void ignoringFailuresLeavesTroubleAlone() {
    RunView trouble =
        Views.run(JobState.ERROR, Views.job("j1", JobState.ERROR, FailureKind.INFRASTRUCTURE));
    assertThat(wait(trouble, "--ignore-failures")).isEqualTo(20);
  }

  @Test
  void wishesThatContradictEachOtherAreRefused() {
    Process.End end = process.qgjob("wait", "--run-id=r1", "--ignore-failures", "--fail-on-flaky");
    assertThat(end.code()).isEqualTo(2);
    assertThat(end.err()).contains("contradict").hasLineCount(1);
    assertThat(server.heard()).isEmpty();
  }

  @Test
  void failFastCancelsTheRestOnce() {
    var failing = Views.job("j1", JobState.FAILED, FailureKind.TEST);
    RunView open = Views.run(JobState.RUNNING, failing, Views.job("j2", JobState.RUNNING, null));
    RunView over = Views.run(JobState.FAILED, failing, Views.job("j2", JobState.CANCELLED, null));
    server
        .on("GET /runs/r1", open)
        .on("GET /runs/r1", open)
        .on("GET /runs/r1", over)
        .on("POST /runs/r1/cancel", open);

    Process.End end = process.qgjob("wait", "--run-id=r1", "--fail-fast");

    assertThat(end.code()).isEqualTo(10);
    assertThat(server.heard())
        .filteredOn(heard -> heard.line().equals("POST /runs/r1/cancel"))
        .hasSize(1);
    assertThat(end.err()).contains("cancelling the rest");
  }

  @Test
  void quietSaysNothingButTheResult() {
    server.on("GET /runs/r1", failed());
    Process.End end = process.qgjob("wait", "--run-id=r1", "-q");
    assertThat(end.code()).isEqualTo(10);
    assertThat(end.err()).isEmpty();
    assertThat(end.out()).contains("failed");
  }

  @Test
  void quietDoesNotHideErrors() {
    Process.End end = process.qgjob("wait", "--run-id=nobody", "--quiet");
    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err()).startsWith("qgjob: ").hasLineCount(1);
  }

  @Test
  void ndjsonIsADocumentForEachChangeAndTheRunAtTheEnd() throws Exception {
    server
        .on("GET /runs/r1", Views.run(JobState.RUNNING, Views.job("j1", JobState.RUNNING, null)))
        .on("GET /runs/r1", failed());

    Process.End end = process.qgjob("wait", "--run-id=r1", "-o", "ndjson");

    List<String> lines = end.out().lines().toList();
    assertThat(lines).hasSize(3);
    for (String line : lines.subList(0, 2)) {
      JsonNode event = Json.mapper().readTree(line);
      assertThat(event.path("event").asText()).isEqualTo("job");
      assertThat(event.at("/job/job_id").asText()).isEqualTo("j1");
    }
    assertThat(Json.mapper().readValue(lines.get(2), RunView.class)).isEqualTo(failed());
  }

  @Test
  void retryRepeatsTheFailedOnesAndMayWait() {
    server
        .on(
            "POST /runs/r0/retry",
            201,
            Views.run(JobState.QUEUED, Views.job("j1", JobState.QUEUED, null)))
        .on("GET /runs/r1", failed());

    Process.End end = process.qgjob("retry", "--run-id=r0", "--failed", "--wait");

    assertThat(end.code()).as(end.err()).isEqualTo(10);
    var asked = server.heard("POST /runs/r0/retry").orElseThrow();
    assertThat(asked.json(RetryRun.class)).isEqualTo(new RetryRun(true));
    assertThat(asked.headers()).containsKey("Idempotency-key");
  }

  @Test
  void retryOfAllNamesTheNewRun() {
    server.on(
        "POST /runs/r0/retry",
        201,
        Views.run(JobState.QUEUED, Views.job("j1", JobState.QUEUED, null)));

    Process.End end = process.qgjob("retry", "--run-id=r0", "--idempotency-key=again");

    assertThat(end.code()).isZero();
    assertThat(end.out()).contains("run r1: 1 job");
    assertThat(server.heard("POST /runs/r0/retry").orElseThrow().headers())
        .containsEntry("Idempotency-key", "again");
  }

  @Test
  void reportsAreWrittenBesideTheVerdict() throws Exception {
    assertThat(wait(failed(), "--junit=out/qgjob.xml", "--json=out/run.json")).isEqualTo(10);
    assertThat(Files.readString(folder.resolve("out/qgjob.xml"))).contains("<failure ");
    assertThat(Json.mapper().readValue(folder.resolve("out/run.json").toFile(), RunView.class))
        .isEqualTo(failed());
  }

  @Test
  void aReportOnStdoutTakesTheResultsPlace() {
    server.on("GET /runs/r1", failed());
    Process.End end = process.qgjob("wait", "--run-id=r1", "--junit=-");
    assertThat(end.out()).startsWith("<?xml").doesNotContain("verdict");
  }
}

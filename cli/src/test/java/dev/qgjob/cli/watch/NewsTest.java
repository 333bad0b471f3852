package dev.qgjob.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.cli.Process;
import dev.qgjob.cli.ScriptedServer;
import dev.qgjob.cli.Views;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.event.JobChange;
import dev.qgjob.protocol.event.RunEnd;
import dev.qgjob.protocol.report.RunView;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Waiting while the server tells what happens. */
class NewsTest {
  private static final RunView RUNNING =
      Views.run(JobState.RUNNING, Views.job("j1", JobState.RUNNING, null));
  private static final RunView FAILED =
      Views.run(JobState.FAILED, Views.job("j1", JobState.FAILED, FailureKind.TEST));

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

  private static String event(String name, String id, Object data) throws Exception {
    return "id: %s\nevent: %s\ndata: %s\n\n"
        .formatted(id, name, Json.mapper().writeValueAsString(data));
  }

  private static JobChange change(JobState state, @Nullable FailureKind kind, String message) {
    return new JobChange("qualgent", "r1", "j1", 1, state, 1, Views.SLOT, false, kind, message);
  }

  private long asked() {
    return server.heard().stream().filter(heard -> heard.line().equals("GET /runs/r1")).count();
  }

  @Test
  void whatTheServerTellsIsShownAndTheRunIsAskedForAtItsEnd() throws Exception {
    server.on("GET /runs/r1", RUNNING).on("GET /runs/r1", FAILED);
    BlockingQueue<String> events = server.stream("GET /events?run_id=r1");
    events.add(event("run", "r1:1", RUNNING));
    events.add(": still here\n\n");
    events.add(event("job", "r1:2", change(JobState.FAILED, FailureKind.TEST, "told by the way")));
    events.add(event("end", "end", new RunEnd("r1", JobState.FAILED)));
    events.add("");

    Process.End end = process.qgjob("wait", "--run-id=r1");

    assertThat(end.code()).as(end.err()).isEqualTo(10);
    assertThat(end.err()).contains("tests/onboarding.spec.js: failed: told by the way");
    assertThat(end.out()).contains("run r1 of qualgent/xyz123 build 1: failed");
    assertThat(asked()).isEqualTo(2);
  }

  @Test
  void aBrokenStreamIsTakenUpWhereItEnded() throws Exception {
    for (int i = 0; i < 30; i++) {
      server.on("GET /runs/r1", RUNNING);
    }
    server.on("GET /runs/r1", FAILED);
    BlockingQueue<String> events = server.stream("GET /events?run_id=r1");
    events.add(event("run", "r1:7", RUNNING));
    events.add(""); // the server goes
    Process.End end = process.qgjob("wait", "--run-id=r1", "--wait-timeout=12s");

    assertThat(end.code()).isEqualTo(124);
    assertThat(server.heard())
        .filteredOn(heard -> heard.line().equals("GET /events?run_id=r1"))
        .hasSizeGreaterThan(1)
        .last()
        .satisfies(heard -> assertThat(heard.headers()).containsEntry("Last-event-id", "r1:7"));
  }

  @Test
  void aServerWithoutEventsIsAsked() {
    server.on("GET /runs/r1", RUNNING).on("GET /runs/r1", RUNNING).on("GET /runs/r1", FAILED);

    Process.End end = process.qgjob("wait", "--run-id=r1");

    assertThat(end.code()).isEqualTo(10);
    assertThat(asked()).isEqualTo(3);
    assertThat(end.err()).doesNotContain("events");
  }

  @Test
  void whatIsNoEventOfOursIsNotBelieved() throws Exception {
    server.on("GET /runs/r1", RUNNING).on("GET /runs/r1", RUNNING).on("GET /runs/r1", FAILED);
    BlockingQueue<String> events = server.stream("GET /events?run_id=r1");
    events.add("event: job\ndata: <html>a proxy's page</html>\n\n");
    events.add("");

    assertThat(process.qgjob("wait", "--run-id=r1").code()).isEqualTo(10);
  }
}

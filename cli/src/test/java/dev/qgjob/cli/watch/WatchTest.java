package dev.qgjob.cli.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.cli.Process;
import dev.qgjob.cli.ScriptedServer;
import dev.qgjob.cli.Views;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class WatchTest {
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

  static Stream<Arguments> verdicts() {
    return Stream.of(
        Arguments.of(Views.run(JobState.PASSED, job(JobState.PASSED, null)), 0),
        Arguments.of(Views.run(JobState.PASSED, true, job(JobState.PASSED, null)), 0),
        Arguments.of(Views.run(JobState.FAILED, job(JobState.FAILED, FailureKind.TEST)), 10),
        Arguments.of(Views.run(JobState.FAILED, job(JobState.FAILED, FailureKind.APP)), 10),
        Arguments.of(Views.run(JobState.ERROR, job(JobState.ERROR, FailureKind.SUBMITTER)), 15),
        Arguments.of(Views.run(JobState.ERROR, job(JobState.ERROR, FailureKind.APP)), 15),
        Arguments.of(Views.run(JobState.CANCELLED, job(JobState.CANCELLED, null)), 19),
        Arguments.of(Views.run(JobState.ERROR, job(JobState.ERROR, FailureKind.TARGET)), 20),
        Arguments.of(
            Views.run(JobState.ERROR, job(JobState.ERROR, FailureKind.INFRASTRUCTURE)), 20),
        Arguments.of(Views.run(JobState.ERROR, job(JobState.ERROR, null)), 20),
        Arguments.of(
            Views.run(
                JobState.ERROR,
                job(JobState.FAILED, FailureKind.TEST),
                job(JobState.ERROR, FailureKind.SUBMITTER),
                job(JobState.ERROR, FailureKind.TARGET)),
            20));
  }

  private static JobView job(JobState state, @Nullable FailureKind kind) {
    return Views.job("j-" + state + kind, state, kind);
  }

  @Test
  void theWaitIsShownAsWished() {
    server
        .on("GET /runs/r1", Views.run(JobState.RUNNING, job(JobState.RUNNING, null)))
        .on("GET /runs/r1", Views.run(JobState.PASSED, job(JobState.PASSED, null)));

    assertThat(process.qgjob("wait", "--run-id=r1", "--output-style=lines").err())
        .contains(": passed");
    assertThat(process.qgjob("wait", "--run-id=r1", "--output-style=bar").err()).contains("1/1");
    assertThat(process.qgjob("wait", "--run-id=r1", "--output-style=summary").err()).isEmpty();
    assertThat(process.qgjob("wait", "--run-id=r1", "--output-style=bar", "-q").err()).isEmpty();
    Process.End wrong = process.qgjob("wait", "--run-id=r1", "--output-style=fancy");
    assertThat(wrong.code()).isEqualTo(2);
    assertThat(wrong.err()).contains("--output-style", "fancy", "AUTO");
  }

  @ParameterizedTest
  @MethodSource("verdicts")
  void theExitCodeIsTheVerdictInEitherForm(RunView run, int code) throws Exception {
    server.on("GET /runs/r1", run);

    Process.End text = process.qgjob("wait", "--run-id=r1");
    Process.End json = process.qgjob("wait", "--run-id=r1", "-o", "json");

    assertThat(text.code()).as(text.err()).isEqualTo(code);
    assertThat(text.out()).contains("run r1 of qualgent/xyz123 build 1: " + run.state());
    assertThat(json.code()).isEqualTo(code);
    assertThat(Json.mapper().readValue(json.out(), RunView.class)).isEqualTo(run);
  }

  @Test
  void tellsEachChangeOnce() {
    server
        .on("GET /runs/r1", Views.run(JobState.QUEUED, Views.job("j1", JobState.QUEUED, null)))
        .on("GET /runs/r1", Views.run(JobState.QUEUED, Views.job("j1", JobState.QUEUED, null)))
        .on("GET /runs/r1", Views.run(JobState.RUNNING, Views.job("j1", JobState.RUNNING, null)))
        .on(
            "GET /runs/r1",
            Views.run(JobState.FAILED, Views.job("j1", JobState.FAILED, FailureKind.TEST)));

    Process.End end = process.qgjob("wait", "--run-id=r1");

    assertThat(end.err())
        .isEqualTo(
            """
            tests/onboarding.spec.js: queued, waits for a free emulator; 2 jobs are before it
            tests/onboarding.spec.js: running on host-1/emulator/emulator-5554
            tests/onboarding.spec.js: failed: 1 of 1 tests failed
            """);
  }

  @Test
  void showsABarToAPerson() {
    server
        .on("GET /runs/r1", Views.run(JobState.RUNNING, Views.job("j1", JobState.RUNNING, null)))
        .on("GET /runs/r1", Views.run(JobState.PASSED, Views.job("j1", JobState.PASSED, null)));

    Process.End end = process.onATerminal().qgjob("wait", "--run-id=r1");

    assertThat(end.err()).contains("1/1").contains("passed  tests/onboarding.spec.js");
    assertThat(end.out()).doesNotContain("1/1");
  }

  @Test
  void waitsOverAnOutage() {
    server
        .on("GET /runs/r1", Views.run(JobState.RUNNING, Views.job("j1", JobState.RUNNING, null)))
        .hangUp("GET /runs/r1")
        .hangUp("GET /runs/r1")
        .refuse("GET /runs/r1", 503, "starting", "wait")
        .on("GET /runs/r1", Views.run(JobState.PASSED, Views.job("j1", JobState.PASSED, null)));

    Process.End end = process.qgjob("wait", "--run-id=r1");

    assertThat(end.code()).isZero();
    assertThat(end.err())
        .containsOnlyOnce("still waiting: no answer")
        .containsOnlyOnce("the server answers again");
  }

  @Test
  void aServerThatStaysAwayIsInfrastructure() {
    server.refuse("GET /runs/r1", 503, "down", "wait");
    Duration before = process.time().elapsed();

    Process.End end = process.qgjob("wait", "--run-id=r1");

    assertThat(end.code()).isEqualTo(20);
    assertThat(end.err()).contains("has not answered for 10 minutes").contains("qgjob wait");
    assertThat(process.time().elapsed().minus(before)).isLessThan(Duration.ofMinutes(11));
  }

  @Test
  void aWaitThatTimesOutSaysHowToWaitOn() {
    server.on("GET /runs/r1", Views.run(JobState.RUNNING, Views.job("j1", JobState.RUNNING, null)));
    Duration before = process.time().elapsed();

    Process.End end = process.qgjob("wait", "--run-id=r1", "--wait-timeout=90s");

    assertThat(end.code()).isEqualTo(124);
    assertThat(end.err()).contains("qgjob wait --run-id=r1");
    assertThat(process.time().elapsed().minus(before)).isEqualTo(Duration.ofSeconds(90));
  }

  @Test
  void theWaitTimesOutDuringAnOutageToo() {
    server.refuse("GET /runs/r1", 503, "down", "wait");

    assertThat(process.qgjob("wait", "--run-id=r1", "--wait-timeout=30").code()).isEqualTo(124);
  }

  @Test
  void asksOftenAtFirstAndThenEverySecond() {
    server.on("GET /runs/r1", Views.run(JobState.RUNNING));

    process.qgjob("wait", "--run-id=r1", "--wait-timeout=60");

    assertThat(server.heard())
        .filteredOn(heard -> heard.line().equals("GET /runs/r1"))
        .hasSizeBetween(60, 66);
  }

  @Test
  void anUnknownRunIsToldAtOnce() {
    Process.End end = process.qgjob("wait", "--run-id=nope");

    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err()).isEqualTo("qgjob: there is no GET /runs/nope\n");
  }
}

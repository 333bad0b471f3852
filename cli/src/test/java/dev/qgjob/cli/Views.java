package dev.qgjob.cli;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotView;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.AppVersionView;
import dev.qgjob.protocol.submit.BuildView;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers of a server. */
public final class Views {
  public static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
  public static final String SLOT = "host-1/emulator/emulator-5554";

  private Views() {}

  public static JobView job(String id, JobState state, @Nullable FailureKind kind) {
    return job(id, state, kind, "file-" + id + ".txt", "0".repeat(64));
  }

  public static JobView job(
      String id, JobState state, @Nullable FailureKind kind, String artefact, String sha256) {
    boolean began = state != JobState.QUEUED;
    boolean ended = began && state != JobState.RUNNING;
    boolean failed = state == JobState.FAILED;
    TestResult test =
        new TestResult(
            List.of("onboarding", "shows the start screen"),
            "tests/onboarding.spec.js",
            12,
            5,
            failed ? TestStatus.FAILED : TestStatus.PASSED,
            1500,
            failed ? "expected Welcome\nwithin 5000 ms" : null,
            failed ? "> 12 | await expect(welcome).toBeVisible();" : null);
    AttemptView attempt =
        new AttemptView(
            1,
            SLOT,
            state,
            kind,
            failed ? "1 of 1 tests failed" : null,
            AT,
            ended ? AT.plusMillis(12_300) : null,
            1,
            5,
            ended ? List.of(test) : List.of(),
            ended
                ? List.of(
                    new ArtefactView(
                        artefact, "text/plain", 5, sha256, "/api/v1/jobs/" + id + "/artefacts/1/x"))
                : List.of());
    return new JobView(
        id,
        "r1",
        "qualgent",
        "xyz123",
        1,
        "tests/onboarding.spec.js",
        null,
        "android",
        0,
        Target.EMULATOR,
        state,
        false,
        kind,
        failed ? "1 of 1 tests failed" : state == JobState.ERROR ? "something broke" : null,
        began ? 1 : 0,
        began ? SLOT : null,
        began ? null : "a free emulator; 2 jobs are before it",
        AT,
        began ? AT : null,
        ended ? AT.plusMillis(12_300) : null,
        began ? List.of(attempt) : List.of());
  }

  public static RunView run(JobState state, JobView... jobs) {
    return run(state, false, jobs);
  }

  public static RunView run(JobState state, boolean flaky, JobView... jobs) {
    return new RunView(
        "r1",
        "qualgent",
        "xyz123",
        1,
        null,
        state,
        flaky,
        2,
        10,
        270L,
        AT,
        AT,
        Arrays.asList(jobs),
        Map.of());
  }

  /** The same run with labels. */
  public static RunView labelled(RunView run, Map<String, String> labels) {
    return new RunView(
        run.runId(),
        run.orgId(),
        run.appVersionId(),
        run.build(),
        run.name(),
        run.state(),
        run.flaky(),
        run.installs(),
        run.stockInstalls(),
        run.savedS(),
        run.createdAt(),
        run.finishedAt(),
        run.jobs(),
        labels);
  }

  public static SlotList slots(Target... live) {
    return new SlotList(Arrays.stream(live).map(target -> slot(target, "idle")).toList());
  }

  public static SlotView slot(Target target, String state) {
    return new SlotView(
        "host-1/" + target + "/udid",
        "w1",
        target,
        "udid",
        state,
        null,
        Map.of("model", "Pixel 8"),
        List.of(new Holding("com.example.app", "ab".repeat(32))),
        AT,
        null,
        null);
  }

  public static AppVersionView app(String id) {
    return new AppVersionView(
        "qualgent",
        id,
        List.of(
            new BuildView(
                1, "ab".repeat(32), "app-debug.apk", 4711, "com.example.app", "1.0", AT, null)));
  }
}

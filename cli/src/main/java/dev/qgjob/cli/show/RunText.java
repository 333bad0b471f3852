package dev.qgjob.cli.show;

import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A run in words. */
public final class RunText {
  /** How the server begins to say that a target has no slot; others wait for one of some. */
  private static final String NOBODY_THERE = "a live slot ";

  private RunText() {}

  /** What was submitted. */
  public static String submitted(RunView run) {
    return "run %s: %d %s of %s/%s build %d%n%s"
        .formatted(
            run.runId(),
            run.jobs().size(),
            run.jobs().size() == 1 ? "job" : "jobs",
            run.orgId(),
            run.appVersionId(),
            run.build(),
            run.jobs().stream()
                .map(job -> "  job " + job.jobId() + "  " + job.title() + " on " + job.target())
                .collect(Collectors.joining("\n")));
  }

  /** That nothing of it can start as things are, a line for each reason; mostly there is none. */
  public static List<String> stuck(RunView run) {
    Map<String, Long> reasons =
        run.jobs().stream()
            .map(JobView::waitingFor)
            .filter(Objects::nonNull)
            .filter(reason -> reason.startsWith(NOBODY_THERE))
            .collect(Collectors.groupingBy(r -> r, TreeMap::new, Collectors.counting()));
    return reasons.entrySet().stream()
        .map(
            reason ->
                (reason.getValue() == 1 ? "1 job waits" : reason.getValue() + " jobs wait")
                    + " for "
                    + reason.getKey()
                    + " until a worker brings one")
        .toList();
  }

  /** The table of verdicts, the failures with their code, and what it cost in installs. */
  public static String whole(RunView run) {
    StringBuilder text = new StringBuilder();
    text.append(
            Table.of("verdict", "spec", "tests", "target", "slot", "attempts", "time", "job")
                .rows(run.jobs(), RunText::row))
        .append('\n');
    run.jobs().forEach(job -> text.append(trouble(job)));
    if (run.jobs().stream().allMatch(job -> job.state() == JobState.SKIPPED)) {
      text.append("nothing was tested: ").append(run.jobs().get(0).message()).append('\n');
    }
    text.append(
        "run %s of %s/%s build %d: %s%s%n"
            .formatted(
                run.runId(),
                run.orgId(),
                run.appVersionId(),
                run.build(),
                run.state(),
                run.flaky() ? " (flaky)" : ""));
    text.append(JobText.installs(run.installs(), run.stockInstalls(), run.savedS()));
    return text.toString();
  }

  private static Object[] row(JobView job) {
    return new Object[] {
      JobText.verdict(job),
      job.title(),
      JobText.tally(job),
      job.target(),
      job.slotId(),
      job.attempt(),
      JobText.took(job).orElse(""),
      job.jobId()
    };
  }

  private static String trouble(JobView job) {
    StringBuilder text = new StringBuilder();
    if (job.state() == JobState.QUEUED && job.waitingFor() != null) {
      text.append(job.title()).append(" waits for ").append(job.waitingFor()).append('\n');
    }
    JobText.notes(job)
        .forEach(note -> text.append(job.title()).append(": ").append(note).append('\n'));
    if (job.state() == JobState.FAILED || job.state() == JobState.ERROR) {
      text.append(job.title());
      if (job.failureKind() != null) {
        text.append(" (").append(job.failureKind()).append(')');
      }
      text.append(": ").append(job.message() == null ? job.state() : job.message()).append('\n');
      Results.of(job).stream()
          .filter(Failures::wentWrong)
          .forEach(test -> text.append(JobText.test(test)));
    }
    return text.toString();
  }
}

package dev.qgjob.cli.github;

import dev.qgjob.cli.show.Failures;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Failures beside the code: {@code ::error file=…,line=…::…}. */
final class Annotations {
  /** GitHub shows ten errors and ten warnings of a step, and drops the rest. */
  private static final int MOST = 10;

  private static final int LONGEST = 4_000;

  private Annotations() {}

  /**
   * @param prefix the project's folder in the repository
   */
  static List<String> of(RunView run, Path prefix) {
    List<String> errors = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (JobView job : run.jobs()) {
      List<TestResult> tests = Failures.of(job);
      tests.forEach(test -> errors.add(error(job, test, prefix)));
      boolean wrong = job.state() == JobState.ERROR || job.state() == JobState.FAILED;
      if (wrong && tests.isEmpty()) {
        errors.add(error(job, prefix));
      }
      if (job.flaky()) {
        warnings.add(
            command(
                "warning",
                prefix.resolve(job.testPath()).toString(),
                1,
                "flaky",
                "passed at attempt " + job.attempt() + " only"));
      }
    }
    List<String> all = new ArrayList<>(errors.subList(0, Math.min(MOST, errors.size())));
    all.addAll(warnings.subList(0, Math.min(MOST, warnings.size())));
    return all;
  }

  private static String error(JobView job, TestResult test, Path prefix) {
    String title = String.join(" > ", test.titlePath()) + " on " + job.target();
    String message = test.message() == null ? test.status().toString() : test.message();
    return command("error", prefix.resolve(test.file()).toString(), test.line(), title, message);
  }

  private static String error(JobView job, Path prefix) {
    String title =
        job.failureKind() == null ? job.state().toString() : job.failureKind() + " error";
    String message = job.message() == null ? job.state().toString() : job.message();
    return command("error", prefix.resolve(job.testPath()).toString(), 1, title, message);
  }

  private static String command(String kind, String file, int line, String title, String message) {
    String cut = message.length() > LONGEST ? message.substring(0, LONGEST) + "…" : message;
    return "::%s file=%s,line=%d,title=%s::%s"
        .formatted(kind, property(file), Math.max(1, line), property(title), data(cut));
  }

  private static String data(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }

  private static String property(String text) {
    return data(text).replace(":", "%3A").replace(",", "%2C");
  }
}

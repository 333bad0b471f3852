package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.worker.appwright.RunEvent.Problem;
import dev.qgjob.worker.appwright.RunEvent.TestEnd;
import dev.qgjob.worker.browserstack.CloudWords;
import dev.qgjob.worker.run.TestFilter;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a complete report of a spec means. Pure: it knows nothing of phones and processes, and says
 * where one has to be asked.
 */
sealed interface Verdict {
  /** At least one test was executed and all did as expected. */
  record Pass() implements Verdict {}

  /** Tests failed. {@code suspect} when it may have been the phone: ask it. */
  record Fail(String message) implements Verdict {}

  /** It has none of the tests that were asked for. */
  record Skip(String message) implements Verdict {}

  /** Not the tests' doing. */
  record Fault(FailureKind kind, String message) implements Verdict {}

  /** How the adapter marks what is not the test's doing. */
  Pattern MARKED = Pattern.compile("\\[qgjob:(adapter|session)] ?(.*)", Pattern.DOTALL);

  /** The app does not come up, on this phone as on any other. */
  Pattern APP_AT_FAULT =
      Pattern.compile(
          "never started|Cannot start the '|Activity (?:class|name) .* does not exist"
              + "|unable to resolve Intent|INSTALL_(?:PARSE_)?FAILED",
          Pattern.CASE_INSENSITIVE);

  /**
   * Playwright from 1.60 on knows {@code device} as a fixture alone; the adapter gets past that.
   */
  String DEVICE_REFUSED = "Fixture \"device\" cannot be overridden in the configuration";

  /** What a command gets whose session is over. */
  String SESSION_ENDED = "A session is either terminated or not started";

  /** The way to the phone broke while a test ran. */
  Pattern WAY_BROKE =
      Pattern.compile(
          "instrumentation process is not running"
              + "|"
              + SESSION_ENDED
              + "|Could not proxy command to the remote server"
              + "|connect ECONNREFUSED 127\\.0\\.0\\.1"
              + "|socket hang up"
              + "|device '[^']+' not found|device offline");

  /** A request that a test made with Playwright's own client, which nothing else uses. */
  Pattern OWN_REQUEST = Pattern.compile("apiRequestContext\\.\\w+: ");

  /** The verdict on a spec whose tests have all ended. */
  static Verdict of(SpecReport report, TestFilter filter, Target target) {
    List<TestEnd> ends = report.ends();
    if (ends.isEmpty() && !filter.all()) {
      return new Skip("no test of " + report.spec() + " matches " + filter);
    }
    if (ends.isEmpty()) {
      return new Fault(
          FailureKind.SUBMITTER,
          "no tests found in "
              + report.spec()
              + ": has it any, and do testDir and testMatch of the config include it?");
    }
    List<TestEnd> failed =
        ends.stream().filter(end -> isFailure(SpecReport.statusOf(end))).toList();
    if (!failed.isEmpty()) {
      return ofFailures(failed, ends.size(), target);
    }
    long executed =
        ends.stream().filter(end -> SpecReport.statusOf(end) == TestStatus.PASSED).count();
    if (executed == 0) {
      return new Fault(
          FailureKind.SUBMITTER,
          "nothing was executed: "
              + (ends.size() == 1 ? "the only test" : "all " + ends.size() + " tests")
              + " of "
              + report.spec()
              + (ends.size() == 1 ? " is skipped" : " are skipped"));
    }
    return new Pass();
  }

  private static boolean isFailure(TestStatus status) {
    return switch (status) {
      case FAILED, TIMED_OUT, INTERRUPTED -> true;
      case PASSED, SKIPPED -> false;
    };
  }

  private static Verdict ofFailures(List<TestEnd> failed, int all, Target target) {
    for (TestEnd test : failed) {
      Optional<Verdict> fault = faultIn(test, target);
      if (fault.isPresent()) {
        return fault.get();
      }
    }
    TestEnd first = failed.get(0);
    String message =
        first.errors().isEmpty() ? "" : ": " + summary(first.errors().get(0).message());
    return new Fail(
        failed.size()
            + " of "
            + all
            + " failed, first "
            + String.join(" › ", first.title())
            + " ("
            + first.file()
            + ":"
            + first.line()
            + ")"
            + message);
  }

  /**
   * A fault that the errors of a test show. Where it timed out, AppWright ends the session under
   * the command that it waited for: what that one says then is not why it failed.
   */
  static Optional<Verdict> faultIn(TestEnd test, Target target) {
    boolean timedOut = SpecReport.statusOf(test) == TestStatus.TIMED_OUT;
    return test.errors().stream()
        .map(Problem::message)
        .filter(message -> !(timedOut && message.contains(SESSION_ENDED)))
        .flatMap(message -> faultIn(message, target).stream())
        .findFirst();
  }

  /** A fault that an error's text shows; what BrowserStack means by its words is asked there. */
  static Optional<Verdict> faultIn(String message, Target target) {
    if (message.contains(DEVICE_REFUSED)) {
      return Optional.of(
          new Fault(
              FailureKind.SUBMITTER,
              "Playwright from 1.60 on refuses AppWright's use.device: pin @playwright/test to"
                  + " 1.59.1, or run without --stock"));
    }
    Matcher marked = MARKED.matcher(message);
    if (marked.find()) {
      String text = firstLine(marked.group(2));
      if (marked.group(1).equals("adapter")) {
        return Optional.of(new Fault(FailureKind.INFRASTRUCTURE, text));
      }
      Optional<String> cloud =
          target == Target.BROWSERSTACK ? CloudWords.ofSession(marked.group(2)) : Optional.empty();
      if (cloud.isPresent()) {
        return Optional.of(
            new Fault(FailureKind.INFRASTRUCTURE, firstLine(cloud.get() + ": " + text)));
      }
      FailureKind kind =
          APP_AT_FAULT.matcher(marked.group(2)).find()
              ? FailureKind.APP
              : FailureKind.INFRASTRUCTURE;
      return Optional.of(new Fault(kind, text));
    }
    if (WAY_BROKE.matcher(message).find() && !OWN_REQUEST.matcher(message).find()) {
      return Optional.of(
          new Fault(
              FailureKind.INFRASTRUCTURE, "the way to the phone broke: " + firstLine(message)));
    }
    return Optional.empty();
  }

  /**
   * The first two lines with something in them: the second often says what the first only names.
   */
  static String summary(String text) {
    List<String> lines =
        text.lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .takeWhile(line -> !line.startsWith("at ") && !line.startsWith("Call log"))
            .limit(2)
            .toList();
    return firstLine(String.join(": ", lines));
  }

  /** The first line with something in it, at most 500 characters. */
  static String firstLine(String text) {
    String line = text.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst().orElse("");
    return line.length() > 500 ? line.substring(0, 500) + "…" : line;
  }
}

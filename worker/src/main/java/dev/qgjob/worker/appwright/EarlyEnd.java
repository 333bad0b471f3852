package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.appwright.RunEvent.Problem;
import dev.qgjob.worker.process.Exit;
import dev.qgjob.worker.run.TestFilter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A Playwright process that ended before its first test: why, and whose fault that is. Pure.
 *
 * @param configured what it said of its config; null: it did not come so far
 * @param errors outside of any test
 * @param printed its last lines
 * @param filter of the tests that it should have run
 */
record EarlyEnd(
    Exit exit,
    RunEvent.@Nullable Configured configured,
    List<Problem> errors,
    List<String> printed,
    TestFilter filter) {
  /** Exit code of the reporter, where AppWright is not what the adapter knows. */
  private static final int REFUSED_BY_REPORTER = 86;

  /** What is found of a spec. */
  sealed interface Found {
    record Fault(FailureKind kind, String message) implements Found {}

    /** All is well, but for tests. */
    record NoTests() implements Found {}
  }

  /**
   * What is found of each spec. Of those that are missing nothing is known: one of the others may
   * have kept them from running.
   *
   * @param specs that the process should have run
   * @param filtered whether the filter may have left none of their tests
   */
  Map<String, Found> of(Collection<String> specs, boolean filtered) {
    if (exit instanceof Exit.NotStarted none) {
      return all(specs, FailureKind.INFRASTRUCTURE, "Node cannot be started: " + none.message());
    }
    if (configured == null) {
      return all(
          specs, endedBySignal() ? FailureKind.INFRASTRUCTURE : FailureKind.SUBMITTER, config());
    }
    if (exit instanceof Exit.Ended ended
        && ended.status().equals(Integer.toString(REFUSED_BY_REPORTER))) {
      return refusal(specs, configured);
    }
    Map<String, Found> unloadable = unloadable(specs);
    boolean others = specs.size() > 1 && !(noTests() && filtered);
    return others || !unloadable.isEmpty() ? unloadable : nothingExecuted(specs);
  }

  private static Map<String, Found> all(
      Collection<String> specs, FailureKind kind, String message) {
    return all(specs, new Found.Fault(kind, message));
  }

  private static Map<String, Found> all(Collection<String> specs, Found found) {
    Map<String, Found> all = new LinkedHashMap<>();
    specs.forEach(spec -> all.put(spec, found));
    return all;
  }

  private boolean endedBySignal() {
    return exit instanceof Exit.Ended ended && ended.bySignal();
  }

  private String config() {
    String said =
        printed.stream()
            .filter(line -> line.contains("Error:"))
            .findFirst()
            .or(
                () ->
                    printed.stream().filter(line -> !line.isBlank()).reduce((before, last) -> last))
            .map(Verdict::firstLine)
            .orElse("");
    return unreadableFilter(said).orElse("the config cannot be loaded: " + said);
  }

  private Optional<String> unreadableFilter(String said) {
    return !filter.all() && said.contains("Invalid regular expression")
        ? Optional.of(filter + " cannot be read: " + said)
        : Optional.empty();
  }

  private static Map<String, Found> refusal(
      Collection<String> specs, RunEvent.Configured configured) {
    String mismatch = configured.mismatch();
    if (mismatch != null && configured.problems().isEmpty()) {
      return all(
          specs, FailureKind.SUBMITTER, mismatch + "; choose another with --project or --target");
    }
    return all(
        specs,
        FailureKind.INFRASTRUCTURE,
        "this "
            + configured.appwright()
            + " has a shape that is not known: "
            + String.join("; ", configured.problems())
            + "; submit with --stock to run it as it is, with an install for every test");
  }

  /** Those of which an error tells. */
  private Map<String, Found> unloadable(Collection<String> specs) {
    Map<String, Found> found = new LinkedHashMap<>();
    for (String spec : specs) {
      errors.stream()
          .filter(e -> spec.equals(e.file()) || e.message().contains(spec))
          .findFirst()
          .ifPresent(
              own ->
                  found.put(spec, new Found.Fault(FailureKind.SUBMITTER, unloadable(spec, own))));
    }
    return found;
  }

  private static String unloadable(String spec, Problem problem) {
    String where = problem.line() > 0 ? ":" + problem.line() : "";
    String file = problem.file() == null ? spec : problem.file();
    return file + where + " cannot be run: " + Verdict.firstLine(problem.message());
  }

  private boolean noTests() {
    return errors.isEmpty() || firstError().contains("No tests found");
  }

  private String firstError() {
    return errors.isEmpty() ? "" : Verdict.firstLine(errors.get(0).message());
  }

  private Map<String, Found> nothingExecuted(Collection<String> specs) {
    if (noTests()) {
      return all(specs, new Found.NoTests());
    }
    String first = firstError();
    boolean host = first.contains("ANDROID_HOME") || first.contains("JAVA_HOME");
    return all(
        specs,
        host ? FailureKind.INFRASTRUCTURE : FailureKind.SUBMITTER,
        unreadableFilter(first).orElse("nothing was executed: " + first));
  }
}

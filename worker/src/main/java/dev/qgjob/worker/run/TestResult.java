package dev.qgjob.worker.run;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How one test of a spec ended.
 *
 * @param titlePath titles of the enclosing {@code describe} blocks and of the test itself,
 *     outermost first, without project and file
 * @param file path of the spec relative to the AppWright project
 * @param line 1-based line of the test in {@code file}
 * @param column 1-based column of the test in {@code file}
 * @param duration time in the test and its hooks and fixtures
 * @param message first error without terminal colours, or null when there was none
 * @param snippet code frame of that error, or null
 */
public record TestResult(
    List<String> titlePath,
    String file,
    int line,
    int column,
    TestStatus status,
    Duration duration,
    @Nullable String message,
    @Nullable String snippet) {
  public TestResult {
    titlePath = List.copyOf(titlePath);
    Objects.requireNonNull(file);
    Objects.requireNonNull(status);
    Objects.requireNonNull(duration);
  }

  /** The titles joined as Playwright prints them. */
  public String title() {
    return String.join(" › ", titlePath);
  }
}

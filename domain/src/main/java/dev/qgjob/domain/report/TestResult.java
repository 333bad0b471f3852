package dev.qgjob.domain.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** One test of a spec; {@code line} and {@code column} from 1, duration in milliseconds. */
public record TestResult(
    List<String> titlePath,
    String file,
    int line,
    int column,
    TestStatus status,
    long durationMs,
    @Nullable String message,
    @Nullable String codeFrame) {
  public TestResult {
    titlePath = List.copyOf(titlePath);
  }

  /** Neither passed nor skipped by its own wish: what a repetition is about. */
  public boolean wentWrong() {
    return status != TestStatus.PASSED && status != TestStatus.SKIPPED;
  }

  public TestRef ref() {
    return new TestRef(titlePath, line, column);
  }
}

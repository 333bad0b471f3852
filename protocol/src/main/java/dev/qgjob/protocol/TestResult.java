package dev.qgjob.protocol;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One test of a spec, as Playwright told it.
 *
 * @param titlePath titles from the outermost {@code describe} to the test
 * @param file path of the spec within the project
 * @param line line of the test in that file, from 1
 * @param column column, from 1
 * @param durationMs milliseconds
 * @param message first error without terminal colours, or null
 * @param codeFrame source lines around the error, or null
 */
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
    titlePath = Wire.orEmpty(titlePath);
  }
}

package dev.qgjob.worker.appwright;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the reporter inside Playwright tells, in its order. */
sealed interface RunEvent {
  /** Config and AppWright are loaded; nothing was executed yet. */
  record Configured(
      String playwright,
      boolean adapted,
      String appwright,
      List<String> problems,
      @Nullable String mismatch)
      implements RunEvent {}

  /** All tests are known. */
  record Begin(List<KnownTest> tests) implements RunEvent {}

  /** A test that will run. */
  record KnownTest(String id, String file, List<String> title, int line, int column) {}

  /** Specs of which a part was asked for, and whose tests depend on each other. */
  record Whole(List<String> files) implements RunEvent {}

  /** Specs whose tests share a device, which may not go on into another spec. */
  record Alone(List<String> files) implements RunEvent {}

  /** A device of the spec before it is still open: none of these specs was begun. */
  record Crossed(List<String> files) implements RunEvent {}

  /** A test begins. */
  record TestBegin(String id, String file) implements RunEvent {}

  /**
   * A test ended; with retries it may begin again.
   *
   * @param opening how much of its time went by until a provider had a phone ready for it
   */
  record TestEnd(
      String id,
      String file,
      List<String> title,
      int line,
      int column,
      String status,
      String outcome,
      int retry,
      Duration duration,
      Duration opening,
      List<Problem> errors,
      List<Attachment> attachments,
      JsonNode raw)
      implements RunEvent {}

  /** An error; {@code file} is where it came up, relative to the project. */
  record Problem(String message, @Nullable String snippet, @Nullable String file, int line) {}

  /** A file that a test attached. */
  record Attachment(String name, String contentType, String path) {}

  /** An error outside of any test. */
  record Failure(Problem problem) implements RunEvent {}

  /** Something that a test, or Playwright's worker beside one, printed. */
  record Output(@Nullable String file, String text) implements RunEvent {}

  /** Everything was executed that will be. */
  record End(String status) implements RunEvent {}
}

package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.TestRef;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.worker.appwright.RunEvent.KnownTest;
import dev.qgjob.worker.appwright.RunEvent.TestEnd;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What was reported of one spec so far. Not thread-safe. */
final class SpecReport {
  private final String spec;
  private final Map<String, KnownTest> known = new LinkedHashMap<>();
  private final Map<String, TestEnd> ended = new LinkedHashMap<>();
  private final List<TestEnd> told = new ArrayList<>();
  private final Set<String> waiting = new HashSet<>();

  SpecReport(String spec) {
    this.spec = spec;
  }

  String spec() {
    return spec;
  }

  void expect(KnownTest test) {
    known.put(test.id(), test);
    waiting.add(test.id());
  }

  void began(String id) {
    waiting.add(id);
  }

  void ended(TestEnd test) {
    told.add(test);
    ended.put(test.id(), test);
    if (isFinal(test)) {
      waiting.remove(test.id());
    }
  }

  /**
   * A failed test that its spec wants retried begins again at once; the next result replaces it.
   */
  private static boolean isFinal(TestEnd test) {
    return !test.raw().path("willRetry").asBoolean(false);
  }

  /** Whether every test has ended. */
  boolean complete() {
    return waiting.isEmpty();
  }

  boolean empty() {
    return known.isEmpty() && ended.isEmpty();
  }

  int expected() {
    return Math.max(known.size(), ended.size());
  }

  /** Tests there were, and each was to be skipped. */
  boolean onlySkipped() {
    return !ended.isEmpty()
        && ended.values().stream().allMatch(end -> statusOf(end) == TestStatus.SKIPPED);
  }

  /** How each test ended at last. */
  List<TestEnd> ends() {
    return List.copyOf(ended.values());
  }

  /** Every end of a test, also of those that its spec had retried then. */
  List<TestEnd> told() {
    return List.copyOf(told);
  }

  /** Tests that Playwright began or skipped, as they are reported on. */
  List<TestResult> results() {
    return ended.values().stream().map(SpecReport::result).toList();
  }

  /** The same, with the test that was cut off while it ran, and with those that did not begin. */
  List<TestResult> resultsCutAt(
      @Nullable String running, Duration ran, TestStatus status, String message) {
    List<TestResult> all = new ArrayList<>(results());
    KnownTest test = running == null ? null : known.get(running);
    if (test != null && waiting.contains(running)) {
      all.add(result(test, ran, status, message));
    }
    known.values().stream()
        .filter(other -> other != test && waiting.contains(other.id()))
        .map(other -> result(other, Duration.ZERO, TestStatus.INTERRUPTED, "not begun: " + message))
        .forEach(all::add);
    return all;
  }

  private TestResult result(KnownTest test, Duration ran, TestStatus status, String message) {
    long took = ran.toMillis();
    return new TestResult(
        test.title(), spec, test.line(), test.column(), status, took, message, null);
  }

  /** All of these are among the tests that will run. */
  boolean has(List<TestRef> tests) {
    Set<List<String>> titles =
        known.values().stream().map(KnownTest::title).collect(Collectors.toSet());
    return tests.stream().map(TestRef::titlePath).allMatch(titles::contains);
  }

  private static TestResult result(TestEnd test) {
    TestStatus status = statusOf(test);
    String message = null;
    String snippet = null;
    if (!test.errors().isEmpty()) {
      message = test.errors().get(0).message();
      snippet = test.errors().get(0).snippet();
    } else if (status == TestStatus.FAILED && test.status().equals("passed")) {
      message = "Expected to fail, but passed.";
    } else if (test.status().equals("skipped") && status == TestStatus.INTERRUPTED) {
      message = "not begun: an earlier test or a hook that it depends on failed";
    }
    return new TestResult(
        test.title(),
        test.file(),
        test.line(),
        test.column(),
        status,
        test.duration().toMillis(),
        message,
        snippet);
  }

  static TestStatus statusOf(TestEnd test) {
    return switch (test.status()) {
      // Playwright skips what depends on something that failed, though nobody asked for that
      case "skipped" ->
          test.raw().path("expectedStatus").asText("skipped").equals("skipped")
              ? TestStatus.SKIPPED
              : TestStatus.INTERRUPTED;
      case "interrupted" -> TestStatus.INTERRUPTED;
      default -> {
        if (!test.outcome().equals("unexpected")) {
          yield TestStatus.PASSED; // it failed as it said it would
        }
        yield test.status().equals("timedOut") ? TestStatus.TIMED_OUT : TestStatus.FAILED;
      }
    };
  }
}

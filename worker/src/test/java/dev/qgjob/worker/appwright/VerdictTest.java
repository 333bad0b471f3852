package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.worker.run.TestFilter;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reports recorded from real runs of Playwright 1.59.1, and what they mean. */
class VerdictTest {

  private static List<RunEvent> recorded(String name) throws Exception {
    List<RunEvent> events = new ArrayList<>();
    try (InputStream in = VerdictTest.class.getResourceAsStream(name + ".jsonl");
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        RunEvents.parse(line).ifPresent(events::add);
      }
    }
    return events;
  }

  private static SpecReport report(String recording, String spec) throws Exception {
    SpecReport report = new SpecReport(spec);
    for (RunEvent event : recorded(recording)) {
      if (event instanceof RunEvent.Begin begin) {
        begin.tests().stream().filter(t -> t.file().equals(spec)).forEach(report::expect);
      } else if (event instanceof RunEvent.TestBegin test && test.file().equals(spec)) {
        report.began(test.id());
      } else if (event instanceof RunEvent.TestEnd test && test.file().equals(spec)) {
        report.ended(test);
      }
    }
    return report;
  }

  private static RunEvent.Failure failure(String recording) throws Exception {
    return recorded(recording).stream()
        .filter(RunEvent.Failure.class::isInstance)
        .map(RunEvent.Failure.class::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aPassIsAPassThoughATestIsSkipped() throws Exception {
    SpecReport report = report("passes", "tests/passes.spec.js");

    assertThat(Verdict.of(report, TestFilter.ALL, Target.EMULATOR)).isEqualTo(new Verdict.Pass());
    assertThat(report.complete()).isTrue();
    assertThat(report.results())
        .extracting(TestResult::titlePath, TestResult::status, TestResult::line, TestResult::column)
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple(List.of("sums", "add up"), TestStatus.PASSED, 4, 3),
            org.assertj.core.groups.Tuple.tuple(
                List.of("sums", "are not tried"), TestStatus.SKIPPED, 9, 8));
  }

  /** AppWright's fixture ends the session while the command is still on its way. */
  @Test
  void aTimeoutIsTheTestsThoughItsLastCommandLostItsSession() throws Exception {
    SpecReport report = report("times-out-in-command", "tests/times-out.spec.js");
    assertThat(Verdict.of(report, TestFilter.ALL, Target.EMULATOR))
        .isInstanceOfSatisfying(
            Verdict.Fail.class,
            fail -> assertThat(fail.message()).contains("Test timeout of 500ms exceeded"));
  }

  @Test
  void aFailureTellsWhichTestWhereAndWhy() throws Exception {
    SpecReport report = report("fails", "tests/fails.spec.ts");

    assertThat(Verdict.of(report, TestFilter.ALL, Target.EMULATOR))
        .isInstanceOfSatisfying(
            Verdict.Fail.class,
            fail ->
                assertThat(fail.message())
                    .startsWith("1 of 2 failed, first does not hold (tests/fails.spec.ts:5): ")
                    .contains("fruit"));
    TestResult failed = report.results().get(1);
    assertThat(failed.status()).isEqualTo(TestStatus.FAILED);
    assertThat(failed.message()).contains("Expected: \"pears\"").doesNotContain("\u001b");
    assertThat(failed.codeFrame()).contains("> 7 |");
    assertThat(report.ends().get(1).attachments())
        .anySatisfy(a -> assertThat(a.name()).isEqualTo("note"));
  }

  @Test
  void aTestsOwnTimeoutIsTheTestsFailure() throws Exception {
    SpecReport report = report("times-out", "tests/times-out.spec.js");

    assertThat(Verdict.of(report, TestFilter.ALL, Target.EMULATOR))
        .isInstanceOfSatisfying(
            Verdict.Fail.class,
            fail -> assertThat(fail.message()).contains("Test timeout of 500ms exceeded"));
    assertThat(report.results().get(0).status()).isEqualTo(TestStatus.TIMED_OUT);
  }

  @Test
  void aTestThatFailsAsItSaidPasses() throws Exception {
    SpecReport report = report("expected", "tests/expected.spec.js");

    assertThat(Verdict.of(report, TestFilter.ALL, Target.EMULATOR)).isEqualTo(new Verdict.Pass());
    assertThat(report.results().get(0).status()).isEqualTo(TestStatus.PASSED);
  }

  @Test
  void aTestThatPassesThoughItSaidItWouldFailFails() throws Exception {
    SpecReport report = report("unexpected", "tests/unexpected.spec.js");

    assertThat(Verdict.of(report, TestFilter.ALL, Target.EMULATOR))
        .isInstanceOf(Verdict.Fail.class);
    assertThat(report.results().get(0).status()).isEqualTo(TestStatus.FAILED);
    assertThat(report.results().get(0).message()).containsIgnoringCase("expected to fail");
  }

  @Test
  void aSpecsOwnRetryCountsByItsLastTry() throws Exception {
    SpecReport report = report("retried", "tests/retried.spec.js");

    assertThat(report.complete()).isTrue();
    assertThat(report.results()).hasSize(1);
    assertThat(Verdict.of(report, TestFilter.ALL, Target.EMULATOR)).isEqualTo(new Verdict.Pass());
  }

  @Test
  void nothingExecutedIsNoPass() throws Exception {
    Verdict verdict =
        Verdict.of(report("skipped", "tests/skipped.spec.js"), TestFilter.ALL, Target.EMULATOR);

    assertThat(verdict)
        .isEqualTo(
            new Verdict.Fault(
                FailureKind.SUBMITTER,
                "nothing was executed: all 2 tests of tests/skipped.spec.js are skipped"));
  }

  @Test
  void noneOfTheTestsThatAreAskedForIsASkip() throws Exception {
    TestFilter smoke = new TestFilter("@smoke", null);
    assertThat(Verdict.of(report("no-tests", "tests/none.spec.js"), smoke, Target.EMULATOR))
        .isEqualTo(new Verdict.Skip("no test of tests/none.spec.js matches --grep=@smoke"));
  }

  @Test
  void noTestsIsTheSubmittersError() throws Exception {
    Verdict verdict =
        Verdict.of(report("no-tests", "tests/none.spec.js"), TestFilter.ALL, Target.EMULATOR);

    assertThat(verdict)
        .isInstanceOfSatisfying(
            Verdict.Fault.class,
            fault -> {
              assertThat(fault.kind()).isEqualTo(FailureKind.SUBMITTER);
              assertThat(fault.message()).contains("no tests found in tests/none.spec.js");
            });
    assertThat(failure("no-tests").problem().message()).contains("No tests found");
  }

  @Test
  void aSessionThatCannotBeHadIsNotTheTestsFailure() throws Exception {
    assertThat(
            Verdict.of(report("session", "tests/session.spec.js"), TestFilter.ALL, Target.EMULATOR))
        .isEqualTo(
            new Verdict.Fault(
                FailureKind.INFRASTRUCTURE,
                "no session on phone emulator-5554: connect ECONNREFUSED"));
  }

  /** Playwright's own client never speaks to Appium: the test asked a server of its own. */
  @Test
  void aRequestThatATestMadeItselfIsNoWayToThePhone() {
    for (String why : List.of("connect ECONNREFUSED 127.0.0.1:3000", "socket hang up")) {
      assertThat(Verdict.faultIn("Error: apiRequestContext.get: " + why, Target.EMULATOR))
          .as(why)
          .isEmpty();
      assertThat(Verdict.faultIn("WebDriverError: " + why, Target.EMULATOR)).as(why).isPresent();
    }
  }

  @Test
  void anAppThatDoesNotStartIsTheAppsFault() {
    assertThat(
            Verdict.faultIn(
                "Error: [qgjob:session] no session on phone x: Cannot start the 'a.b' application.",
                Target.DEVICE))
        .get()
        .isInstanceOfSatisfying(
            Verdict.Fault.class, fault -> assertThat(fault.kind()).isEqualTo(FailureKind.APP));
  }

  /** What an app is called is no word of BrowserStack's, nor has a phone here an account. */
  @Test
  void anAppThatDoesNotStartIsTheAppsFaultWhateverItIsCalled() {
    String planner =
        "Error: [qgjob:session] no session on phone x: Cannot start the 'com.acme.planner'"
            + " application. A longer appWaitDuration is recommended.";
    for (Target target : Target.values()) {
      assertThat(kindOf(planner, target)).as("on %s", target).isEqualTo(FailureKind.APP);
    }
    String trial =
        "Error: [qgjob:session] no session on phone x: Cannot start the 'a.b' application: its"
            + " trial has expired";
    assertThat(kindOf(trial, Target.EMULATOR)).isEqualTo(FailureKind.APP);
    assertThat(kindOf(trial, Target.BROWSERSTACK)).isEqualTo(FailureKind.INFRASTRUCTURE);
  }

  private static FailureKind kindOf(String error, Target target) {
    return ((Verdict.Fault) Verdict.faultIn(error, target).orElseThrow()).kind();
  }

  @Test
  void anUnknownShapeIsTheInstallationsFault() {
    assertThat(
            Verdict.faultIn(
                "Error: [qgjob:adapter] the session would still install", Target.EMULATOR))
        .contains(new Verdict.Fault(FailureKind.INFRASTRUCTURE, "the session would still install"));
  }

  @Test
  void anOrdinaryAssertionIsNoFault() {
    assertThat(Verdict.faultIn("Error: expect(received).toBe(expected)", Target.EMULATOR))
        .isEmpty();
  }

  @Test
  void aSyntaxErrorNamesItsFile() throws Exception {
    RunEvent.Failure failure = failure("syntax");

    assertThat(failure.problem().message()).contains("Unexpected token");
    assertThat(failure.problem().file()).isEqualTo("tests/syntax.spec.ts");
    assertThat(failure.problem().line()).isEqualTo(2);
  }

  @Test
  void aForgottenOnlyIsRefusedAndNamesItsFile() throws Exception {
    RunEvent.Failure failure = failure("only");

    assertThat(failure.problem().message()).contains("--forbid-only");
    assertThat(failure.problem().file()).isEqualTo("tests/only.spec.js");
  }

  @Test
  void eachSpecOfABatchHasItsOwnVerdict() throws Exception {
    assertThat(Verdict.of(report("batch", "tests/passes.spec.js"), TestFilter.ALL, Target.EMULATOR))
        .isInstanceOf(Verdict.Pass.class);
    assertThat(Verdict.of(report("batch", "tests/fails.spec.ts"), TestFilter.ALL, Target.EMULATOR))
        .isInstanceOf(Verdict.Fail.class);
    assertThat(report("batch", "tests/empty.spec.js").empty()).isTrue();
  }
}

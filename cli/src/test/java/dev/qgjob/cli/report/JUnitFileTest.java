package dev.qgjob.cli.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.cli.Process;
import dev.qgjob.cli.ScriptedServer;
import dev.qgjob.cli.Views;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

class JUnitFileTest {
  @TempDir Path folder;

  private static Document read(RunView run) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new ByteArrayInputStream(JUnitFile.of(run).getBytes(StandardCharsets.UTF_8)));
  }

  private static TestResult test(String title, TestStatus status, @Nullable String message) {
    return new TestResult(
        List.of("cart", title), "tests/cart.spec.js", 3, 1, status, 1250, message, null);
  }

  private static AttemptView attempt(int number, JobState outcome, TestResult... tests) {
    return new AttemptView(
        number,
        Views.SLOT,
        outcome,
        null,
        null,
        Views.AT,
        Views.AT,
        0,
        2,
        List.of(tests),
        List.of());
  }

  private static JobView job(
      JobState state, @Nullable FailureKind kind, boolean flaky, AttemptView... attempts) {
    return new JobView(
        "j1",
        "r1",
        "qualgent",
        "xyz123",
        1,
        "tests/cart.spec.js",
        null,
        "android",
        0,
        Target.EMULATOR,
        state,
        flaky,
        kind,
        kind == null ? null : "what went wrong",
        attempts.length,
        Views.SLOT,
        null,
        Views.AT,
        Views.AT,
        Views.AT,
        List.of(attempts));
  }

  private static RunView run(JobView job) {
    return Views.run(job.state(), job.flaky(), job);
  }

  @Test
  void listsTestsAndNotFiles() throws Exception {
    Document xml =
        read(
            run(
                job(
                    JobState.FAILED,
                    FailureKind.TEST,
                    false,
                    attempt(
                        1,
                        JobState.FAILED,
                        test("adds", TestStatus.PASSED, null),
                        test("pays", TestStatus.FAILED, "expected 3\nfound 4"),
                        test("later", TestStatus.SKIPPED, null)))));

    Element suite = (Element) xml.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("3");
    assertThat(suite.getAttribute("failures")).isEqualTo("1");
    assertThat(suite.getAttribute("skipped")).isEqualTo("1");
    assertThat(suite.getAttribute("time")).isEqualTo("3.750");
    Element pays = (Element) xml.getElementsByTagName("testcase").item(1);
    assertThat(pays.getAttribute("name")).isEqualTo("cart > pays");
    assertThat(pays.getElementsByTagName("failure").item(0).getTextContent())
        .contains("expected 3\nfound 4")
        .contains("tests/cart.spec.js:3:1");
  }

  @Test
  void whatPassedBeforeTheRetryCountsStill() throws Exception {
    Document xml =
        read(
            run(
                job(
                    JobState.PASSED,
                    null,
                    true,
                    attempt(
                        1,
                        JobState.FAILED,
                        test("adds", TestStatus.PASSED, null),
                        test("pays", TestStatus.FAILED, "slow"),
                        test("later", TestStatus.PASSED, null)),
                    attempt(2, JobState.PASSED, test("pays", TestStatus.PASSED, null)))));

    Element suite = (Element) xml.getElementsByTagName("testsuite").item(0);
    assertThat(suite.getAttribute("tests")).isEqualTo("3");
    assertThat(suite.getAttribute("failures")).isEqualTo("0");
    Element pays = (Element) xml.getElementsByTagName("testcase").item(1);
    assertThat(pays.getAttribute("name")).isEqualTo("cart > pays");
    assertThat(pays.getElementsByTagName("flakyFailure").getLength()).isOne();
  }

  @Test
  void namesTheFlakyTest() throws Exception {
    Document xml =
        read(
            run(
                job(
                    JobState.PASSED,
                    null,
                    true,
                    attempt(
                        1,
                        JobState.FAILED,
                        test("adds", TestStatus.PASSED, null),
                        test("pays", TestStatus.FAILED, "slow")),
                    attempt(
                        2,
                        JobState.PASSED,
                        test("adds", TestStatus.PASSED, null),
                        test("pays", TestStatus.PASSED, null)))));

    assertThat(xml.getElementsByTagName("flakyFailure").getLength()).isOne();
    Element flaky = (Element) xml.getElementsByTagName("flakyFailure").item(0);
    assertThat(((Element) flaky.getParentNode()).getAttribute("name")).isEqualTo("cart > pays");
    assertThat(xml.getElementsByTagName("failure").getLength()).isZero();
  }

  @Test
  void survivesWhatXmlCannotHold() throws Exception {
    Document xml =
        read(
            run(
                job(
                    JobState.FAILED,
                    FailureKind.TEST,
                    false,
                    attempt(
                        1,
                        JobState.FAILED,
                        test(
                            "a\u0000<b>&",
                            TestStatus.FAILED,
                            "\u001b[31mred\u001b[0m \u0007]]>")))));
    Element one = (Element) xml.getElementsByTagName("testcase").item(0);
    assertThat(one.getAttribute("name")).isEqualTo("cart > a?<b>&");
    assertThat(one.getTextContent()).contains("red ?]]>");
  }

  static Stream<RunView> runs() {
    return Stream.of(
            job(
                JobState.PASSED,
                null,
                false,
                attempt(1, JobState.PASSED, test("a", TestStatus.PASSED, null))),
            job(
                JobState.PASSED,
                null,
                true,
                attempt(1, JobState.FAILED, test("a", TestStatus.TIMED_OUT, "x")),
                attempt(2, JobState.PASSED, test("a", TestStatus.PASSED, null))),
            // a test that is meant to fail
            job(
                JobState.PASSED,
                null,
                false,
                attempt(1, JobState.PASSED, test("a", TestStatus.FAILED, "meant"))),
            job(
                JobState.FAILED,
                FailureKind.TEST,
                false,
                attempt(1, JobState.FAILED, test("a", TestStatus.TIMED_OUT, "x"))),
            // a teardown failed after all tests had passed
            job(
                JobState.FAILED,
                FailureKind.TEST,
                false,
                attempt(1, JobState.FAILED, test("a", TestStatus.PASSED, null))),
            job(JobState.ERROR, FailureKind.INFRASTRUCTURE, false),
            job(
                JobState.ERROR,
                FailureKind.TARGET,
                false,
                attempt(1, JobState.ERROR, test("a", TestStatus.INTERRUPTED, null))),
            job(JobState.ERROR, FailureKind.SUBMITTER, false),
            job(JobState.CANCELLED, null, false),
            // nothing of it is among the tests that were asked for
            job(JobState.SKIPPED, null, false, attempt(1, JobState.SKIPPED)),
            job(
                JobState.CANCELLED,
                null,
                false,
                attempt(1, JobState.CANCELLED, test("a", TestStatus.PASSED, null))))
        .map(JUnitFileTest::run);
  }

  @ParameterizedTest
  @MethodSource("runs")
  void theFileAndTheExitCodeNeverDisagree(RunView run) throws Exception {
    try (ScriptedServer server = new ScriptedServer().on("GET /runs/r1", run)) {
      int code = new Process(folder).at(server).qgjob("wait", "--run-id=r1").code();
      Document xml = read(run);
      int bad =
          xml.getElementsByTagName("failure").getLength()
              + xml.getElementsByTagName("error").getLength();
      assertThat(bad > 0)
          .as("%s: %d, %s", run.state(), code, JUnitFile.of(run))
          .isEqualTo(code != 0);
      Element all = xml.getDocumentElement();
      assertThat(
              Integer.parseInt(all.getAttribute("failures"))
                  + Integer.parseInt(all.getAttribute("errors")))
          .isEqualTo(bad);
    }
  }

  @Test
  void whatHasNoVerdictIsNoPass() throws Exception {
    RunView open = Views.run(JobState.QUEUED, Views.job("j1", JobState.QUEUED, null));
    assertThat(read(open).getElementsByTagName("error").getLength()).isOne();
  }

  @Test
  void theCommandWritesWhatIsAskedFor() {
    RunView run = run(job(JobState.ERROR, FailureKind.TARGET, false));
    try (ScriptedServer server = new ScriptedServer().on("GET /runs/r1", run)) {
      Process process = new Process(folder).at(server);
      assertThat(process.qgjob("report", "--run-id=r1").code()).isEqualTo(2);
      assertThat(process.qgjob("report", "--run-id=r1", "--junit=-", "--json=-").code())
          .isEqualTo(2);
      assertThat(process.qgjob("report", "--run-id=r1", "--junit=.").err()).contains("is a folder");
      Process.End end = process.qgjob("report", "--run-id=r1", "--junit=-", "--json=run.json");
      assertThat(end.code()).isZero();
      assertThat(end.out()).startsWith("<?xml").contains("what went wrong");
      assertThat(folder.resolve("run.json")).exists();
    }
  }
}

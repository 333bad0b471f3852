package dev.qgjob.cli.github;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.cli.Views;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StepSummaryTest {
  private static JobView job(String title, String message, int tests) {
    List<TestResult> results =
        IntStream.range(0, tests)
            .mapToObj(
                i ->
                    new TestResult(
                        List.of(title),
                        "tests/a,b:c.spec.js",
                        i,
                        1,
                        TestStatus.FAILED,
                        1,
                        message,
                        null))
            .toList();
    return new JobView(
        "j1",
        "r1",
        "o",
        "v",
        1,
        "tests/a,b:c.spec.js",
        null,
        "p",
        0,
        Target.DEVICE,
        JobState.FAILED,
        false,
        FailureKind.TEST,
        "m",
        1,
        "s",
        null,
        Views.AT,
        Views.AT,
        Views.AT,
        List.of(
            new AttemptView(
                1,
                "s",
                JobState.FAILED,
                FailureKind.TEST,
                "m",
                Views.AT,
                Views.AT,
                0,
                0,
                results,
                List.of())));
  }

  @Test
  void staysWithinWhatGithubTakes() {
    RunView run = Views.run(JobState.FAILED, job("é", "ü".repeat(9_000), 200));
    RunView many = run.with(IntStream.range(0, 40).mapToObj(i -> run.jobs().get(0)).toList());

    String text = StepSummary.of(many, null);

    assertThat(text.getBytes(StandardCharsets.UTF_8).length).isLessThan(1 << 20);
    assertThat(text).contains("left out: GitHub shows 1 MiB").contains("Installs:");
  }

  @Test
  void whatWasSavedIsTold() {
    String text =
        StepSummary.of(Views.run(JobState.PASSED, Views.job("j1", JobState.PASSED, null)), null);
    assertThat(text).contains("\nInstalls: **2** (stock AppWright: 10), about 4.5 min saved\n");
  }

  @Test
  void whatSpecsSayIsTextAndNoMarkup() {
    String text =
        StepSummary.of(
            Views.run(JobState.FAILED, job("<img src=x> | [a](b)", "```\n</details>\n```", 1)),
            null);
    assertThat(text)
        .doesNotContain("<img")
        .doesNotContain("[a](b)")
        .contains("````\n```\n</details>");
  }

  @Test
  void annotationsKeepTheirFormAndTheirNumber() {
    List<String> lines =
        Annotations.of(
            Views.run(JobState.FAILED, job("50%,a:b", "one\r\ntwo ::error::x", 30)),
            Path.of("e2e"));
    assertThat(lines).hasSize(10);
    assertThat(lines.get(0))
        .isEqualTo(
            "::error file=e2e/tests/a%2Cb%3Ac.spec.js,line=1,title=50%25%2Ca%3Ab on device"
                + "::one%0D%0Atwo ::error::x");
  }

  @Test
  void aJobWithoutATestToBlameIsAnnotatedItself() {
    assertThat(
            Annotations.of(
                Views.run(JobState.ERROR, Views.job("j1", JobState.ERROR, FailureKind.TARGET)),
                Path.of("")))
        .hasSize(1)
        .allMatch(line -> line.contains("title=target error::something broke"));
  }
}

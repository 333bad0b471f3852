package dev.qgjob.cli.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.submit.RunSubmission;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PipelineTest {
  static final Map<String, String> GITHUB =
      Map.of(
          "GITHUB_ACTIONS", "true",
          "GITHUB_REPOSITORY", "qualgent/shop",
          "GITHUB_RUN_ID", "42",
          "GITHUB_RUN_ATTEMPT", "1",
          "GITHUB_JOB", "phones",
          "GITHUB_ACTION", "__run",
          "RUNNER_NAME", "GitHub Actions 7",
          "GITHUB_SHA", "c0ffee",
          "GITHUB_REF", "refs/pull/12/merge",
          "GITHUB_HEAD_REF", "feature");

  private static RunSubmission run(String test) {
    return new RunSubmission(
        null,
        "1.0",
        null,
        null,
        null,
        "ab".repeat(32),
        ".",
        "appwright.config.js",
        "android",
        List.of(Target.DEVICE),
        null,
        null,
        List.of(test),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        Map.of("A", "1", "B", "2"),
        null,
        Map.of(),
        null,
        null,
        null,
        null);
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> env = new HashMap<>(GITHUB);
    env.put(name, value);
    return env;
  }

  @Test
  void aRepeatedStepHasTheSameKey() {
    assertThat(Pipeline.of(GITHUB).key(run("a")))
        .isEqualTo(Pipeline.of(new HashMap<>(GITHUB)).key(run("a")));
    assertThat(Pipeline.of(GITHUB).key(run("a")).orElseThrow()).hasSizeLessThanOrEqualTo(128);
  }

  static Stream<Map<String, String>> others() {
    return Stream.of(
        with("GITHUB_RUN_ATTEMPT", "2"),
        with("GITHUB_RUN_ID", "43"),
        with("GITHUB_JOB", "tablets"),
        with("GITHUB_ACTION", "__run_2"),
        with("GITHUB_REPOSITORY", "qualgent/other"),
        // another job of the same matrix
        with("RUNNER_NAME", "GitHub Actions 8"));
  }

  @ParameterizedTest
  @MethodSource("others")
  void anotherStepNeverJoins(Map<String, String> other) {
    assertThat(Pipeline.of(other).key(run("a"))).isNotEqualTo(Pipeline.of(GITHUB).key(run("a")));
  }

  @Test
  void anotherSubmissionOfTheSameStepIsAnother() {
    assertThat(Pipeline.of(GITHUB).key(run("a"))).isNotEqualTo(Pipeline.of(GITHUB).key(run("b")));
  }

  @Test
  void outsideOfCiNothingIsJoined() {
    assertThat(Pipeline.of(Map.of("CI", "true")).key(run("a"))).isEmpty();
  }

  @Test
  void labelsSayWhereARunComesFrom() {
    assertThat(Pipeline.of(GITHUB).labels())
        .isEqualTo(
            Map.of(
                "repository",
                "qualgent/shop",
                "sha",
                "c0ffee",
                "branch",
                "feature",
                "pull-request",
                "12"));
    assertThat(
            Pipeline.of(
                    Map.of(
                        "GITLAB_CI",
                        "true",
                        "CI_PROJECT_PATH",
                        "g/p",
                        "CI_COMMIT_REF_NAME",
                        "main",
                        "CI_COMMIT_SHA",
                        "f00"))
                .labels())
        .isEqualTo(Map.of("repository", "g/p", "branch", "main", "sha", "f00"));
    assertThat(
            Pipeline.of(
                    Map.of(
                        "JENKINS_URL",
                        "u",
                        "BUILD_TAG",
                        "t",
                        "BRANCH_NAME",
                        "main",
                        "CHANGE_ID",
                        "3"))
                .labels())
        .isEqualTo(Map.of("branch", "main", "pull-request", "3"));
  }
}

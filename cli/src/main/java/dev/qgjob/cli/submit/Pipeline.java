package dev.qgjob.cli.submit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.qgjob.cli.bundle.Sha256;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.submit.RunSubmission;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The CI job that qgjob runs in, as far as the environment tells.
 *
 * @param step what tells this step of this attempt of this job from all others; empty where there
 *     is no CI that qgjob knows
 * @param labels what the run's labels say of where it comes from
 */
record Pipeline(List<String> step, Map<String, String> labels) {
  private static final int LONGEST = 250;

  static Pipeline of(Map<String, String> env) {
    if ("true".equals(env.get("GITHUB_ACTIONS"))) {
      // jobs of a matrix share GITHUB_JOB: the runner tells them apart
      return new Pipeline(
          values(
              env,
              "GITHUB_SERVER_URL",
              "GITHUB_REPOSITORY",
              "GITHUB_RUN_ID",
              "GITHUB_RUN_ATTEMPT",
              "GITHUB_JOB",
              "RUNNER_NAME",
              "GITHUB_ACTION"),
          labels(
              "repository", env.get("GITHUB_REPOSITORY"),
              "sha", env.get("GITHUB_SHA"),
              "branch", first(env, "GITHUB_HEAD_REF", "GITHUB_REF_NAME"),
              "pull-request", pullRequest(env.getOrDefault("GITHUB_REF", ""))));
    }
    if ("true".equals(env.get("GITLAB_CI"))) {
      return new Pipeline(
          values(env, "CI_SERVER_URL", "CI_PROJECT_PATH", "CI_PIPELINE_ID", "CI_JOB_ID"),
          labels(
              "repository", env.get("CI_PROJECT_PATH"),
              "sha", env.get("CI_COMMIT_SHA"),
              "branch", first(env, "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME", "CI_COMMIT_REF_NAME"),
              "pull-request", env.get("CI_MERGE_REQUEST_IID")));
    }
    if (env.containsKey("JENKINS_URL") && env.containsKey("BUILD_TAG")) {
      return new Pipeline(
          values(env, "JENKINS_URL", "JOB_NAME", "BUILD_NUMBER", "STAGE_NAME", "EXECUTOR_NUMBER"),
          labels(
              "repository", env.get("GIT_URL"),
              "sha", env.get("GIT_COMMIT"),
              "branch", first(env, "CHANGE_BRANCH", "BRANCH_NAME", "GIT_BRANCH"),
              "pull-request", env.get("CHANGE_ID")));
    }
    return new Pipeline(List.of(), Map.of());
  }

  /**
   * The same for the same submission by the same step, so that a step that is tried again joins its
   * own run; another for every other.
   */
  Optional<String> key(RunSubmission submission) {
    if (step.isEmpty()) {
      return Optional.empty();
    }
    String what = String.join("\n", step) + "\n" + canonical(submission);
    return Optional.of("ci-" + Sha256.of(what.getBytes(StandardCharsets.UTF_8)));
  }

  private static String canonical(RunSubmission submission) {
    try {
      return Json.mapper()
          .writer(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .writeValueAsString(submission);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<String> values(Map<String, String> env, String... names) {
    return Stream.of(names).map(name -> name + "=" + env.getOrDefault(name, "")).toList();
  }

  private static String first(Map<String, String> env, String... names) {
    return Stream.of(names)
        .map(name -> env.getOrDefault(name, ""))
        .filter(value -> !value.isBlank())
        .findFirst()
        .orElse("");
  }

  private static String pullRequest(String ref) {
    return ref.matches("refs/pull/\\d+/.*") ? ref.split("/", -1)[2] : "";
  }

  private static Map<String, String> labels(
      @org.jspecify.annotations.Nullable String... namesAndValues) {
    Map<String, String> labels = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      String value = namesAndValues[i + 1];
      if (value != null && !value.isBlank()) {
        labels.put(
            String.valueOf(namesAndValues[i]),
            value.length() > LONGEST ? value.substring(0, LONGEST) : value);
      }
    }
    return labels;
  }
}

package dev.qgjob.cli.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A run as the events of one of Playwright's blob reports, which Playwright reads as if its own
 * runner had written them. Pure: whoever has them fetches the files that they name.
 *
 * <p>Each try of a test is one of its results, those of qgjob's attempts after those that
 * Playwright made within one. A job without a test that explains its verdict has a test of its own,
 * called like its spec.
 */
final class BlobReport {
  /** Of the format; Playwright has read it since {@link #SINCE}. */
  static final int VERSION = 2;

  /** The first Playwright, major and minor version, that reads {@link #VERSION}. */
  static final List<Integer> SINCE = List.of(1, 44);

  /** What the worker keeps of an attempt's tests. */
  static final String REPORT = "report.json";

  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
  private static final Pattern ENDING = Pattern.compile("\\.[A-Za-z0-9]{1,8}$");

  /** A kept file of an attempt. */
  record Kept(String jobId, int attempt, ArtefactView file) {}

  /** What became of one try. Times in milliseconds. */
  private record Result(
      AttemptView attempt,
      String status,
      String expected,
      long start,
      long duration,
      ArrayNode errors,
      ArrayNode attachments) {
    boolean asExpected() {
      return BlobReport.asExpected(status, expected);
    }
  }

  /** A test of a job, with its tries. */
  private record Case(String file, List<String> title, int line, int column, List<Result> results) {
    /** As Playwright counts it: by what was expected of it at last. */
    boolean failed() {
      String expected = results.get(results.size() - 1).expected();
      List<String> counted =
          results.stream()
              .map(Result::status)
              .filter(status -> !status.equals("interrupted"))
              .filter(status -> !status.equals("skipped") || expected.equals("skipped"))
              .toList();
      return !counted.isEmpty() && !counted.contains(expected);
    }
  }

  private static boolean asExpected(String status, String expected) {
    return status.equals("skipped") || status.equals(expected);
  }

  private final RunView run;
  private final Path root;
  private final BiFunction<JobView, AttemptView, JsonNode> told;
  private final Map<String, Kept> resources = new LinkedHashMap<>();
  private final Map<String, ArrayNode> suites = new LinkedHashMap<>();
  private final List<ObjectNode> results = new ArrayList<>();
  private final List<String> slots;
  private boolean failed;

  private BlobReport(RunView run, Path root, BiFunction<JobView, AttemptView, JsonNode> told) {
    this.run = run;
    this.root = root;
    this.told = told;
    this.slots =
        run.jobs().stream()
            .flatMap(job -> job.attempts().stream())
            .map(attempt -> String.valueOf(attempt.slotId()))
            .distinct()
            .toList();
  }

  /**
   * The report of a run.
   *
   * @param root the project, in which Playwright looks for the code
   * @param told what an attempt's {@link #REPORT} says; a missing node where there is none
   */
  static BlobReport of(RunView run, Path root, BiFunction<JobView, AttemptView, JsonNode> told) {
    BlobReport report = new BlobReport(run, root, told);
    run.jobs().forEach(report::add);
    return report;
  }

  /** The files that the events name, by their paths in the report. */
  Map<String, Kept> resources() {
    return resources;
  }

  /** The whole report, an event a line. */
  List<JsonNode> events() {
    List<JsonNode> events = new ArrayList<>();
    ObjectNode metadata = JSON.objectNode().put("version", VERSION);
    events.add(event("onBlobReportMetadata", metadata.put("pathSeparator", File.separator)));
    events.add(event("onConfigure", JSON.objectNode().set("config", config())));
    suites.forEach(
        (name, files) ->
            events.add(event("onProject", JSON.objectNode().set("project", project(name, files)))));
    events.add(JSON.objectNode().put("method", "onBegin"));
    events.addAll(results);
    if (run.state() != JobState.PASSED && !failed) {
      ObjectNode error =
          JSON.objectNode().put("message", "run " + run.runId() + ": " + run.state());
      events.add(event("onError", JSON.objectNode().set("error", error)));
    }
    ObjectNode result =
        JSON.objectNode()
            .put("status", run.state() == JobState.PASSED ? "passed" : "failed")
            .put("startTime", run.createdAt().toEpochMilli())
            .put("duration", between(run.createdAt(), run.finishedAt()));
    events.add(event("onEnd", JSON.objectNode().set("result", result)));
    return events;
  }

  private static ObjectNode event(String method, JsonNode params) {
    ObjectNode event = JSON.objectNode().put("method", method);
    event.set("params", params);
    return event;
  }

  private ObjectNode config() {
    ObjectNode config =
        JSON.objectNode()
            .put("rootDir", root.toString())
            .put("version", "")
            .put("workers", slots.size())
            .put("globalTimeout", 0)
            .put("maxFailures", 0);
    config.putNull("shard").putNull("globalSetup").putNull("globalTeardown").putNull("webServer");
    config.putArray("tags");
    config
        .putObject("metadata")
        .put("run", run.runId())
        .put("app", run.appVersionId() + " build " + run.build());
    return config;
  }

  private static ObjectNode project(String name, ArrayNode files) {
    ObjectNode project =
        JSON.objectNode()
            .put("name", name)
            .put("outputDir", "test-results")
            .put("testDir", "")
            .put("snapshotDir", "")
            .put("repeatEach", 1)
            .put("retries", 0)
            .put("timeout", 0);
    for (String list : List.of("testIgnore", "testMatch", "grep", "grepInvert", "dependencies")) {
      project.putArray(list);
    }
    project.putObject("metadata");
    project.putObject("use");
    project.set("suites", files);
    return project;
  }

  // ---- a job ----

  private void add(JobView job) {
    Map<List<Object>, Case> cases = new LinkedHashMap<>();
    for (AttemptView attempt : job.attempts()) {
      JsonNode tests = told.apply(job, attempt).path("tests");
      List<ArtefactView> beside = beside(attempt, tests);
      Map<List<Object>, Set<String>> ids = new HashMap<>();
      for (JsonNode test : tests) {
        String file = test.path("file").asText();
        List<String> title = new ArrayList<>();
        test.path("title").forEach(part -> title.add(part.asText()));
        // repeatEach has several tests of one name: they are told apart by their order
        Set<String> same = ids.computeIfAbsent(List.of(file, title), n -> new LinkedHashSet<>());
        String id = test.path("id").asText();
        same.add(id);
        cases
            .computeIfAbsent(
                List.of(file, title, List.copyOf(same).indexOf(id)),
                key ->
                    new Case(
                        file,
                        title,
                        test.path("line").asInt(),
                        test.path("column").asInt(),
                        new ArrayList<>()))
            .results()
            .add(ended(job, attempt, test, beside));
      }
      for (TestResult test : cutOff(attempt, ids)) {
        cases
            .computeIfAbsent(
                List.of(test.file(), test.titlePath(), 0),
                key ->
                    new Case(
                        test.file(),
                        test.titlePath(),
                        test.line(),
                        test.column(),
                        new ArrayList<>()))
            .results()
            .add(cutOff(job, attempt, test, beside));
      }
    }
    boolean explained =
        job.state() == JobState.PASSED || cases.values().stream().anyMatch(Case::failed);
    if (cases.isEmpty() || !explained) {
      cases.put(List.of(), ofTheJob(job));
    }
    failed |= cases.values().stream().anyMatch(Case::failed);
    write(job, cases.values());
  }

  /** What the attempt left beside the attachments of its tests: logs, a picture. */
  private static List<ArtefactView> beside(AttemptView attempt, JsonNode tests) {
    Set<String> attached = new HashSet<>(Set.of(REPORT));
    for (JsonNode test : tests) {
      test.path("attachments").forEach(entry -> attached.add(entry.path("artefact").asText()));
    }
    return attempt.artefacts().stream().filter(file -> !attached.contains(file.name())).toList();
  }

  /** Tests of whose end Playwright could not tell: one that hung, those that did not begin. */
  private static List<TestResult> cutOff(AttemptView attempt, Map<List<Object>, Set<String>> ids) {
    Map<List<Object>, Integer> seen = new HashMap<>();
    return attempt.tests().stream()
        .filter(
            test -> {
              List<Object> name = List.of(test.file(), test.titlePath());
              return seen.merge(name, 1, Integer::sum) > ids.getOrDefault(name, Set.of()).size();
            })
        .toList();
  }

  private Result ended(JobView job, AttemptView attempt, JsonNode test, List<ArtefactView> beside) {
    String status = test.path("status").asText();
    String expected = test.path("expectedStatus").asText("passed");
    ArrayNode errors = JSON.arrayNode();
    for (JsonNode error : test.path("errors")) {
      errors.add(
          error(
              error.path("message").asText(),
              error.path("snippet").asText(null),
              error.path("file").asText(null),
              error.path("line").asInt(),
              error.path("column").asInt()));
    }
    ArrayNode attachments = JSON.arrayNode();
    for (JsonNode entry : test.path("attachments")) {
      attachments.add(attachment(job, attempt, entry));
    }
    if (!asExpected(status, expected)) {
      beside.forEach(file -> attachments.add(attachment(job, attempt, file)));
    }
    return new Result(
        attempt,
        status,
        expected,
        test.path("startTime").asLong(attempt.startedAt().toEpochMilli()),
        test.path("duration").asLong(),
        errors,
        attachments);
  }

  private Result cutOff(
      JobView job, AttemptView attempt, TestResult test, List<ArtefactView> beside) {
    String status =
        switch (test.status()) {
          case PASSED -> "passed";
          case FAILED -> "failed";
          case TIMED_OUT -> "timedOut";
          case SKIPPED -> "skipped";
          case INTERRUPTED -> "interrupted";
        };
    ArrayNode errors = JSON.arrayNode();
    if (test.message() != null) {
      errors.add(error(test.message(), test.codeFrame(), test.file(), test.line(), test.column()));
    }
    ArrayNode attachments = JSON.arrayNode();
    if (test.status() == TestStatus.FAILED || test.status() == TestStatus.TIMED_OUT) {
      beside.forEach(file -> attachments.add(attachment(job, attempt, file)));
    }
    return new Result(
        attempt,
        status,
        test.status() == TestStatus.SKIPPED ? "skipped" : "passed",
        attempt.startedAt().toEpochMilli(),
        test.durationMs(),
        errors,
        attachments);
  }

  /** A verdict that no test of the job explains, or none at all yet. */
  private Case ofTheJob(JobView job) {
    boolean open = job.state() == JobState.QUEUED || job.state() == JobState.RUNNING;
    String status =
        switch (job.state()) {
          case PASSED -> "passed";
          case SKIPPED -> "skipped";
          case FAILED, ERROR -> "failed";
          case CANCELLED, QUEUED, RUNNING -> "interrupted";
        };
    String message =
        open
            ? "no verdict yet: " + job.state()
            : job.message() == null ? job.state().toString() : job.message();
    ArrayNode errors = JSON.arrayNode();
    if (job.state() != JobState.PASSED && job.state() != JobState.SKIPPED) {
      errors.addObject().put("message", message);
    }
    AttemptView attempt =
        job.attempts().isEmpty()
            ? new AttemptView(
                0, null, job.state(), null, null, job.createdAt(), null, 0, 0, List.of(), List.of())
            : job.attempts().get(job.attempts().size() - 1);
    ArrayNode attachments = JSON.arrayNode();
    beside(attempt, told.apply(job, attempt).path("tests"))
        .forEach(file -> attachments.add(attachment(job, attempt, file)));
    Result result =
        new Result(
            attempt,
            status,
            status.equals("skipped") ? status : "passed",
            attempt.startedAt().toEpochMilli(),
            between(attempt.startedAt(), attempt.finishedAt()),
            errors,
            attachments);
    return new Case(job.testPath(), List.of(job.title()), 1, 1, List.of(result));
  }

  private static long between(Instant start, @Nullable Instant end) {
    return end == null ? 0 : Duration.between(start, end).toMillis();
  }

  private ObjectNode error(
      String message, @Nullable String snippet, @Nullable String file, int line, int column) {
    ObjectNode error = JSON.objectNode().put("message", message);
    if (snippet != null) {
      error.put("snippet", snippet);
    }
    if (file != null) {
      error.set("location", location(within(root, file), line, column));
    }
    return error;
  }

  /** What no file can be called stays as it is: a spec may say anything of where it failed. */
  private static String within(Path root, String file) {
    try {
      return root.resolve(file).normalize().toString();
    } catch (InvalidPathException e) {
      return file;
    }
  }

  private static ObjectNode location(String file, int line, int column) {
    return JSON.objectNode().put("file", file).put("line", line).put("column", column);
  }

  private ObjectNode attachment(JobView job, AttemptView attempt, JsonNode entry) {
    String name = entry.path("name").asText();
    String type = entry.path("contentType").asText();
    String keptAs = entry.path("artefact").asText();
    return attempt.artefacts().stream()
        .filter(file -> file.name().equals(keptAs))
        .findFirst()
        .map(file -> attachment(job, attempt, file).put("name", name).put("contentType", type))
        .orElseGet(() -> notKept(name));
  }

  private static ObjectNode notKept(String name) {
    byte[] text = "This file was not kept.".getBytes(StandardCharsets.UTF_8);
    return JSON.objectNode()
        .put("name", name + " (not kept)")
        .put("contentType", "text/plain")
        .put("base64", java.util.Base64.getEncoder().encodeToString(text));
  }

  /** The same bytes are in the report once, however many tests have them. */
  private ObjectNode attachment(JobView job, AttemptView attempt, ArtefactView file) {
    Matcher ending = ENDING.matcher(file.name());
    String path = "resources/" + file.sha256() + (ending.find() ? ending.group() : "");
    resources.putIfAbsent(path, new Kept(job.jobId(), attempt.number(), file));
    return JSON.objectNode()
        .put("name", file.name())
        .put("contentType", file.contentType())
        .put("path", path);
  }

  // ---- its events ----

  private void write(JobView job, Collection<Case> cases) {
    ArrayNode files = suites.computeIfAbsent(projectOf(job), name -> JSON.arrayNode());
    int number = 0;
    for (Case test : cases) {
      String id = job.jobId() + "-" + ++number;
      files.add(suite(test, id));
      for (int i = 0; i < test.results().size(); i++) {
        write(job, id, i, test.results().get(i));
      }
    }
  }

  /** Playwright's project; with the target where the run has it on several. */
  private String projectOf(JobView job) {
    boolean oneTarget =
        run.jobs().stream()
            .filter(other -> other.project().equals(job.project()))
            .allMatch(other -> other.target() == job.target());
    return oneTarget ? job.project() : job.project() + " on " + job.target();
  }

  /** Its file, describes and the test itself; Playwright puts together what has the same title. */
  private static ObjectNode suite(Case test, String id) {
    ObjectNode location = location(test.file(), test.line(), test.column());
    int last = test.title().size() - 1;
    ObjectNode entry =
        JSON.objectNode()
            .put("testId", id)
            .put("title", last < 0 ? "" : test.title().get(last))
            .put("retries", test.results().size() - 1)
            .put("repeatEachIndex", 0);
    entry.putArray("tags");
    entry.putArray("annotations");
    entry.set("location", location);
    for (int i = last - 1; i >= 0; i--) {
      entry = suite(test.title().get(i), location, entry);
    }
    return suite(test.file(), location(test.file(), 0, 0), entry);
  }

  private static ObjectNode suite(String title, ObjectNode location, ObjectNode entry) {
    ObjectNode suite = JSON.objectNode().put("title", title);
    suite.set("location", location);
    suite.putArray("entries").add(entry);
    return suite;
  }

  private void write(JobView job, String testId, int retry, Result result) {
    String id = testId + "-" + retry;
    int slot = Math.max(0, slots.indexOf(String.valueOf(result.attempt().slotId())));
    ObjectNode begin = JSON.objectNode().put("testId", testId);
    begin
        .putObject("result")
        .put("id", id)
        .put("retry", retry)
        .put("workerIndex", slot)
        .put("parallelIndex", slot)
        .put("startTime", result.start());
    results.add(event("onTestBegin", begin));

    ObjectNode end = JSON.objectNode();
    end.putObject("test")
        .put("testId", testId)
        .put("expectedStatus", result.expected())
        .put("timeout", 0)
        .putArray("annotations");
    ObjectNode what = end.putObject("result");
    what.put("id", id).put("duration", result.duration()).put("status", result.status());
    what.set("errors", result.errors());
    what.set("attachments", result.attachments());
    what.set("annotations", annotations(job, result));
    results.add(event("onTestEnd", end));
  }

  private static ArrayNode annotations(JobView job, Result result) {
    AttemptView attempt = result.attempt();
    ArrayNode annotations = JSON.arrayNode();
    annotations.addObject().put("type", "job").put("description", job.jobId());
    if (attempt.slotId() != null) {
      annotations
          .addObject()
          .put("type", "attempt")
          .put("description", attempt.number() + " on " + attempt.slotId());
    }
    boolean testsAlone = attempt.failureKind() == FailureKind.TEST;
    if (!result.asExpected() && !testsAlone && attempt.message() != null) {
      annotations
          .addObject()
          .put("type", attempt.outcome().toString())
          .put("description", attempt.message());
    }
    return annotations;
  }
}

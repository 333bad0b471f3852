package dev.qgjob.cli.github;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.qgjob.cli.QgjobMain;
import dev.qgjob.cli.ScriptedServer;
import dev.qgjob.cli.Views;
import dev.qgjob.cli.submit.Project;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.submit.RunSubmission;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/**
 * The composite action as GitHub's runner would run it: every script step in bash, with GitHub's
 * environment, its expressions filled in and its outputs handed on, and qgjob as a process.
 */
class ActionTest {
  private static final Path ROOT = root();
  private static final Pattern EXPRESSION = Pattern.compile("\\$\\{\\{\\s*(.*?)\\s*}}");
  private static final Duration LONGEST = Duration.ofMinutes(5);

  @TempDir Path folder;
  private Path workspace;
  private Path summary;
  private ScriptedServer server;
  private final Map<String, String> inputs = new HashMap<>();
  private final Map<String, Map<String, String>> outputs = new LinkedHashMap<>();
  private volatile java.lang.Process current;
  private final StringBuilder log = new StringBuilder();

  @BeforeEach
  void start() throws Exception {
    workspace = Files.createDirectories(folder.resolve("work space"));
    summary = Files.createFile(folder.resolve("summary.md"));
    Project.usual(Files.createDirectories(workspace.resolve("e2e"))).apk("builds/app.apk");
    server =
        new ScriptedServer()
            .on("GET /slots", Views.slots(Target.EMULATOR))
            .on(
                "POST /runs",
                201,
                Views.run(JobState.QUEUED, Views.job("j1", JobState.QUEUED, null)));
    inputs.putAll(
        Map.of(
            "server", server.url(),
            "token", ScriptedServer.TOKEN,
            "app-version-id", "xyz123",
            "test", "tests/onboarding.spec.js\n",
            "target", "emulator",
            "project-dir", "e2e",
            "qgjob", qgjob().toString()));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static Path root() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("action.yml"))) {
      at = Objects.requireNonNull(at.getParent(), "no action.yml above the working folder");
    }
    return at;
  }

  /** The process qgjob, with this build's classes. */
  private Path qgjob() throws IOException {
    Path script = folder.resolve("qgjob");
    Files.writeString(
        script,
        "#!/bin/sh\nexec '%s' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -cp '%s' %s \"$@\"\n"
            .formatted(
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path"),
                QgjobMain.class.getName()));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script;
  }

  private static Map<String, Object> yaml(String file) throws IOException {
    return new Yaml().load(Files.readString(ROOT.resolve(file)));
  }

  @SuppressWarnings("unchecked")
  private static <T> T at(Map<String, Object> map, String... path) {
    Object value = map;
    for (String name : path) {
      value = Objects.requireNonNull(((Map<String, Object>) value).get(name), name);
    }
    return (T) value;
  }

  /** Runs the steps until one fails; the exit code of the last. */
  private int action() throws Exception {
    Map<String, Object> action = yaml("action.yml");
    Map<String, Map<String, Object>> declared = at(action, "inputs");
    declared.forEach(
        (name, input) ->
            inputs.putIfAbsent(name, String.valueOf(input.getOrDefault("default", ""))));
    List<Map<String, Object>> steps = at(action, "runs", "steps");
    for (Map<String, Object> step : steps) {
      if (wanted((String) step.get("if"))) {
        current = begin(step);
        int code = end(step, current);
        if (code != 0) {
          return code;
        }
      }
    }
    return 0;
  }

  private boolean wanted(String condition) {
    if (condition == null) {
      return true;
    }
    Matcher equals = Pattern.compile("(\\S+) == '(\\w+)'").matcher(condition);
    assertThat(equals.matches()).as("a condition that this test knows: %s", condition).isTrue();
    return value(equals.group(1)).equals(equals.group(2));
  }

  private String value(String expression) {
    String[] part = expression.split("\\.", -1);
    return switch (part[0]) {
      case "inputs" -> Objects.requireNonNull(inputs.get(part[1]), expression);
      case "steps" -> outputs.getOrDefault(part[1], Map.of()).getOrDefault(part[3], "");
      case "github" -> {
        assertThat(expression).isEqualTo("github.action_path");
        yield ROOT.toString();
      }
      default ->
          throw new AssertionError("an expression that this test does not know: " + expression);
    };
  }

  private String filledIn(String text) {
    return EXPRESSION
        .matcher(text)
        .replaceAll(found -> Matcher.quoteReplacement(value(found.group(1))));
  }

  private java.lang.Process begin(Map<String, Object> step) throws IOException {
    assertThat(step.get("shell")).isEqualTo("bash");
    String run = (String) step.get("run");
    Path script = Files.createTempFile(folder, "step", ".sh");
    Files.writeString(script, run);
    Path output = folder.resolve(step.get("id") + ".output");
    Files.deleteIfExists(output);
    Files.createFile(output);
    // as the runner starts bash
    ProcessBuilder builder =
        new ProcessBuilder(
                "bash", "--noprofile", "--norc", "-e", "-o", "pipefail", script.toString())
            .directory(workspace.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(step.get("id") + ".log").toFile());
    Map<String, String> env = builder.environment();
    String path = env.get("PATH");
    env.clear();
    env.putAll(
        Map.of(
            "PATH",
            path,
            "HOME",
            folder.toString(),
            "CI",
            "true",
            "GITHUB_ACTIONS",
            "true",
            "GITHUB_REPOSITORY",
            "qualgent/shop",
            "GITHUB_RUN_ID",
            "42",
            "GITHUB_SHA",
            "c0ffee",
            "GITHUB_WORKSPACE",
            workspace.toString(),
            "GITHUB_OUTPUT",
            output.toString(),
            "GITHUB_STEP_SUMMARY",
            summary.toString()));
    Map<String, String> own = at(step, "env");
    own.forEach((name, value) -> env.put(name, filledIn(value)));
    return builder.start();
  }

  private int end(Map<String, Object> step, java.lang.Process process) throws Exception {
    String id = (String) step.get("id");
    assertThat(process.waitFor(LONGEST.toSeconds(), java.util.concurrent.TimeUnit.SECONDS))
        .isTrue();
    log.append(Files.readString(folder.resolve(id + ".log")));
    Map<String, String> set = new LinkedHashMap<>();
    for (String line : Files.readAllLines(folder.resolve(id + ".output"))) {
      set.put(line.substring(0, line.indexOf('=')), line.substring(line.indexOf('=') + 1));
    }
    outputs.put(id, set);
    return process.exitValue();
  }

  private Map<String, String> declaredOutputs() throws IOException {
    Map<String, Map<String, Object>> declared = at(yaml("action.yml"), "outputs");
    Map<String, String> values = new LinkedHashMap<>();
    declared.forEach((name, output) -> values.put(name, filledIn((String) output.get("value"))));
    return values;
  }

  @Test
  void aFailureIsSeenEverywhere() throws Exception {
    RunView failed = Views.run(JobState.FAILED, Views.job("j1", JobState.FAILED, FailureKind.TEST));
    server.on("GET /runs/r1", failed);

    server.on(
        "POST /runs/r1/links",
        new dev.qgjob.protocol.report.RunLink("/api/v1/runs/r1/page?sig=x", Views.AT));

    assertThat(action()).as(log.toString()).isEqualTo(10);

    assertThat(declaredOutputs())
        .containsEntry("skipped", "false")
        .containsEntry("run-id", "r1")
        .containsEntry("url", server.url() + "/api/v1/runs/r1/page?sig=x")
        .containsEntry("status", "failed")
        .containsEntry("exit-code", "10");
    assertThat(Path.of(declaredOutputs().get("junit"))).content().contains("<failure ");
    assertThat(Path.of(declaredOutputs().get("json"))).content().contains("\"run_id\"");
    assertThat(summary)
        .content()
        .contains("❌ qgjob: failed", "Installs: **2** (stock AppWright: 10)")
        .contains("await expect(welcome).toBeVisible();");
    assertThat(log.toString())
        .contains(
            "::error file=e2e/tests/onboarding.spec.js,line=12,title=onboarding > shows the start"
                + " screen on emulator::expected Welcome%0Awithin 5000 ms");
    RunSubmission run = server.heard("POST /runs").orElseThrow().json(RunSubmission.class);
    assertThat(run.labels())
        .containsEntry("repository", "qualgent/shop")
        .containsEntry("sha", "c0ffee");
    assertThat(run.tests()).containsExactly("tests/onboarding.spec.js");
  }

  @Test
  void aPassIsGreen() throws Exception {
    server.on("GET /runs/r1", Views.run(JobState.PASSED, Views.job("j1", JobState.PASSED, null)));
    inputs.put("options", "--label=team=checkout\n--fail-on-flaky\n");

    assertThat(action()).as(log.toString()).isZero();

    assertThat(declaredOutputs()).containsEntry("status", "passed").containsEntry("exit-code", "0");
    assertThat(log).doesNotContain("::error");
  }

  @Test
  void withoutATokenNothingRunsAndThatIsSaid() throws Exception {
    inputs.put("token", "");

    assertThat(action()).isZero();

    assertThat(declaredOutputs()).containsEntry("skipped", "true").containsEntry("run-id", "");
    assertThat(summary).content().contains("skipped", "No test was run");
    assertThat(log).contains("::warning title=qgjob: tests skipped::");
    assertThat(server.heard()).isEmpty();
  }

  @Test
  void aMissingTokenMayBeAnError() throws Exception {
    inputs.put("token", "");
    inputs.put("on-missing-token", "fail");
    assertThat(action()).isEqualTo(2);
    assertThat(log).contains("::error title=qgjob::no token");
  }

  @Test
  void inputsAreNeverCode() throws Exception {
    inputs.put("app-version-id", "$(touch pwned) `touch pwned`; touch pwned; ${{ x }}");
    inputs.put("test", "tests/$(touch pwned).spec.js\n");
    action();
    assertThat(workspace.resolve("pwned")).doesNotExist();
    assertThat(workspace.resolve("e2e/pwned")).doesNotExist();
    List<Map<String, Object>> steps = at(yaml("action.yml"), "runs", "steps");
    steps.forEach(step -> assertThat((String) step.get("run")).doesNotContain("${{"));
  }

  @Test
  void aCancelledStepCancelsItsRun() throws Exception {
    server
        .on("GET /runs/r1", Views.run(JobState.RUNNING, Views.job("j1", JobState.RUNNING, null)))
        .on(
            "POST /runs/r1/cancel",
            Views.run(JobState.CANCELLED, Views.job("j1", JobState.CANCELLED, null)));
    Thread canceller =
        new Thread(
            () -> {
              await().atMost(LONGEST).until(() -> server.heard("GET /runs/r1").isPresent());
              // GitHub signals the process that it started, which is qgjob's own by exec
              Objects.requireNonNull(current).destroy();
            });
    canceller.start();

    int code = action();
    canceller.join();

    assertThat(code).isEqualTo(143);
    assertThat(server.heard("POST /runs/r1/cancel")).isPresent();
    assertThat(log).contains("stopped by CI: cancelled run r1");
    assertThat(declaredOutputs()).containsEntry("run-id", "r1");
  }

  @Test
  void everyExpressionOfTheWorkflowNamesSomethingDeclared() throws Exception {
    String text = Files.readString(ROOT.resolve(".github/workflows/appwright.yml"));
    Map<String, Object> workflow = new Yaml().load(text);
    // YAML 1.1 reads the key "on" as true
    Map<String, Object> call =
        at(
            Map.of("on", Objects.requireNonNull(((Map<?, ?>) workflow).get(true))),
            "on",
            "workflow_call");
    Map<String, Object> declared = at(call, "inputs");
    Matcher used = Pattern.compile("inputs\\.([\\w-]+)").matcher(text);
    while (used.find()) {
      assertThat(declared).containsKey(used.group(1));
    }
    Map<String, Object> action = at(yaml("action.yml"), "inputs");
    List<Map<String, Object>> steps = at(workflow, "jobs", "appwright", "steps");
    Map<String, Object> given =
        steps.stream()
            .filter(step -> "./.qgjob-source".equals(step.get("uses")))
            .map(step -> ActionTest.<Map<String, Object>>at(step, "with"))
            .findFirst()
            .orElseThrow();
    assertThat(action.keySet()).containsAll(given.keySet());
    action.forEach(
        (name, input) -> {
          if (Boolean.TRUE.equals(((Map<?, ?>) input).get("required"))) {
            assertThat(given).containsKey(name);
          }
        });
  }
}

package dev.qgjob.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Command.Result;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.ServerOptions;
import dev.qgjob.lab.stack.ServerPart;
import dev.qgjob.lab.stack.StubWorkerPart;
import dev.qgjob.protocol.testing.Apk;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each command and each exit code of the shipped command line, against the shipped server. A stub
 * worker does what the specs' names say.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CommandsIT {
  private static final Duration READY = Duration.ofMinutes(2);
  private static final Pattern HEADING = Pattern.compile("^## qgjob ?(.*)$", Pattern.MULTILINE);
  private static final String CONFIG =
      """
      module.exports = {
        testDir: './tests',
        projects: [{ name: 'stub', use: { device: { provider: 'emulator' } } }],
      };
      """;
  private static final String DAMAGED = "no-such-word.spec.js";

  private static final Set<String> used = new TreeSet<>();
  private static Distribution distribution;
  private static Path folder;

  /** Not in this repository, whose files git sees. */
  @TempDir private static Path project;

  private static ServerPart server;
  private static StubWorkerPart worker;
  private static String submitter;
  private static String passedRun;
  private static String failedRun;

  @BeforeAll
  static void start() throws IOException {
    distribution = Distribution.ofThisBuild();
    folder =
        distribution
            .root()
            .resolve("lab/target/commands")
            .resolve(Long.toString(System.currentTimeMillis()));
    Path tests = Files.createDirectories(project.resolve("tests"));
    Files.writeString(project.resolve("package.json"), "{\"name\":\"commands\"}\n");
    Files.writeString(project.resolve("appwright.config.js"), CONFIG);
    Files.write(
        Files.createDirectories(folder).resolve("app.apk"), Apk.of("dev.qgjob.commands", "1.0"));
    for (String spec :
        List.of(
            "run-20ms.spec.js",
            "run-20ms-n2.spec.js",
            "fail-20ms.spec.js",
            "broken.spec.js",
            "hang.spec.js",
            DAMAGED)) {
      Files.writeString(tests.resolve(spec), "// its name says what it does\n");
    }
    server =
        ServerPart.start(
            distribution,
            folder.resolve("server"),
            folder.resolve("server.log"),
            ServerOptions.EMBEDDED);
    good(asAdmin("admin", "org", "create", "acme"));
    submitter = good(asAdmin("admin", "token", "create", "--org=acme", "--role=submitter")).strip();
    String code = good(asAdmin("admin", "enrol-code")).strip();
    worker =
        StubWorkerPart.start(
            new StubWorkerPart.Plan(
                server.url(),
                code,
                "stub",
                Files.createDirectories(folder.resolve("stub")),
                2,
                4,
                Map.of(),
                List.of(),
                List.of()));
    await("two slots")
        .atMost(READY)
        .until(() -> json(qgjob("devices", "list", "-o", "json")).path("slots").size() == 2);
  }

  @AfterAll
  static void stop() {
    if (worker != null) {
      worker.close();
    }
    if (server != null) {
      server.close();
    }
  }

  private static Result qgjob(String... arguments) {
    return qgjob(Map.of("QGJOB_TOKEN", submitter), arguments);
  }

  private static Result asAdmin(String... arguments) {
    return qgjob(Map.of("QGJOB_TOKEN", server.bootstrapToken()), arguments);
  }

  private static Result qgjob(Map<String, String> environment, String... arguments) {
    List<String> command = new ArrayList<>(List.of(distribution.cli().toString()));
    command.addAll(List.of(arguments));
    Map<String, String> all =
        new HashMap<>(
            Map.of(
                "QGJOB_SERVER", server.url().toString(),
                "QGJOB_CONFIG_DIR", folder.resolve("cli").toString()));
    all.putAll(environment);
    StringBuilder name = new StringBuilder();
    for (String word : arguments) {
      if (!word.matches("[a-z-]+") || word.startsWith("-")) {
        break;
      }
      name.append(name.isEmpty() ? "" : " ").append(word);
      used.add(name.toString());
    }
    return Command.run(project, all, command, 120);
  }

  private static String good(Result result) {
    assertThat(result.exit()).as(result.err() + result.out()).isZero();
    return result.out();
  }

  private static JsonNode json(Result result) {
    return tree(good(result));
  }

  private static JsonNode tree(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new AssertionError("no JSON: " + text, e);
    }
  }

  /** One line that ends nowhere but at its end, and no stack trace. */
  private static void refused(Result result, int exit, String says) {
    assertThat(result.exit()).as(result.err() + result.out()).isEqualTo(exit);
    assertThat(result.err().strip().lines().filter(line -> line.startsWith("qgjob: ")))
        .as(result.err())
        .hasSize(1);
    assertThat(result.err()).contains(says).doesNotContain("\tat ");
  }

  private static String[] about(String command, String spec, String... more) {
    List<String> all =
        new ArrayList<>(
            List.of(
                command,
                "--app-version-id=1.0",
                "--app=" + folder.resolve("app.apk"),
                "--project=stub",
                "--target=emulator",
                "--test=tests/" + spec));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private static JsonNode report(String name) throws IOException {
    return tree(Files.readString(folder.resolve(name)));
  }

  /** Runs a spec with both files, which must say what the exit code and the server say. */
  private static String runs(String spec, int exit, String state, String... more)
      throws IOException {
    List<String> all = new ArrayList<>(List.of(more));
    all.add("--junit=" + folder.resolve("junit.xml"));
    all.add("--json=" + folder.resolve("run.json"));
    Result result = qgjob(about("run", spec, all.toArray(String[]::new)));
    assertThat(result.exit()).as(result.err() + result.out()).isEqualTo(exit);
    JsonNode told = report("run.json");
    String runId = told.path("run_id").asText();
    JsonNode kept = json(qgjob("status", "--run-id=" + runId, "-o", "json"));
    assertThat(kept.path("state").asText()).isEqualTo(state);
    assertThat(told.path("state")).isEqualTo(kept.path("state"));
    Matcher counts =
        Pattern.compile("<testsuites[^>]*tests=\"(\\d+)\" failures=\"(\\d+)\" errors=\"(\\d+)\"")
            .matcher(Files.readString(folder.resolve("junit.xml")));
    assertThat(counts.find()).isTrue();
    assertThat(counts.group(2).equals("0") && counts.group(3).equals("0"))
        .as("JUnit: %s", counts.group())
        .isEqualTo(state.equals("passed"));
    return runId;
  }

  @Test
  @Order(1)
  void zeroIsAPassAndTenAFailure() throws IOException {
    passedRun = runs("run-20ms*.spec.js", 0, "passed");
    failedRun = runs("{run,fail}-20ms.spec.js", 10, "failed");
    runs("fail-20ms.spec.js", 0, "failed", "--ignore-failures");
  }

  @Test
  @Order(1)
  void fifteenIsTheSubmittersAndTwentyTheInstallations() throws IOException {
    runs(DAMAGED, 15, "error");
    runs("broken.spec.js", 20, "error");
  }

  @Test
  @Order(1)
  void aHundredAndTwentyFourIsAWaitThatEndedAndNineteenACancel() {
    Result waited = qgjob(about("run", "hang.spec.js", "--wait-timeout=1s", "-o", "json"));
    assertThat(waited.exit()).as(waited.err()).isEqualTo(124);
    String runId = tree(waited.out()).path("run_id").asText();
    assertThat(json(qgjob("status", "--run-id=" + runId, "-o", "json")).hasNonNull("finished_at"))
        .as("it goes on")
        .isFalse();
    good(qgjob("cancel", "--run-id=" + runId));
    assertThat(qgjob("wait", "--run-id=" + runId).exit()).isEqualTo(19);
  }

  @Test
  @Order(1)
  void oneIsWhatDidNotWorkAndTwoWrongUse() {
    refused(qgjob("status", "--job-id=job_none"), 1, "job_none");
    refused(qgjob(Map.of("QGJOB_TOKEN", "wrong"), "list"), 1, "token");
    refused(qgjob(Map.of("QGJOB_TOKEN", ""), "list"), 2, "qgjob login");
    refused(
        qgjob(Map.of("QGJOB_TOKEN", submitter, "QGJOB_SERVER", "http://127.0.0.1:1"), "list"),
        1,
        "127.0.0.1:1");
    refused(qgjob("list", "--limit=none"), 2, "--limit");
    refused(qgjob(about("submit", "nothing-*.spec.js")), 2, "nothing-*.spec.js");
    refused(qgjob(about("submit", "run-20ms.spec.js", "--priority=1000")), 2, "priority");
    refused(qgjob("admin", "org", "list"), 1, "admin");
  }

  @Test
  @Order(2)
  void whatIsToldOfRunsAndJobs() throws Exception {
    assertThat(good(qgjob("list"))).contains(passedRun).contains(failedRun);
    JsonNode run = json(qgjob("status", "--run-id=" + failedRun, "-o", "json"));
    assertThat(run.path("jobs")).hasSize(2);
    String jobId = run.path("jobs").get(0).path("job_id").asText();
    assertThat(json(qgjob("status", "--job-id=" + jobId, "-o", "json")).path("job_id").asText())
        .isEqualTo(jobId);
    assertThat(good(qgjob("explain", "--job-id=" + jobId))).contains(jobId);
    assertThat(qgjob("wait", "--run-id=" + failedRun).exit()).isEqualTo(10);
    assertThat(good(qgjob("report", "--run-id=" + failedRun, "--junit=-"))).contains("<testsuites");
    assertThat(good(qgjob("savings"))).contains("installs");
    assertThat(good(qgjob("apps"))).contains("dev.qgjob.commands");
    // a stub leaves nothing behind
    good(
        qgjob(
            "artifacts",
            "download",
            "--run-id=" + failedRun,
            "--dir=" + folder.resolve("artifacts")));
    refused(qgjob("logs", "--job-id=" + jobId), 1, jobId);
    HttpResponse<String> page =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(
                        URI.create(good(qgjob("link", "--run-id=" + failedRun)).strip()))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("fail-20ms.spec.js");
  }

  @Test
  @Order(2)
  void whatFailedIsTriedAgainAlone() {
    Result again = qgjob("retry", "--run-id=" + failedRun, "--failed", "--wait", "-o", "json");
    assertThat(again.exit()).as(again.err()).isEqualTo(10);
    JsonNode run = tree(again.out());
    assertThat(run.path("jobs")).hasSize(1);
    assertThat(run.path("labels").path("retry-of").asText()).isEqualTo(failedRun);
  }

  @Test
  @Order(2)
  void aSubmissionIsToldBeforeItIsMade() {
    int before = json(qgjob("list", "-o", "json")).path("runs").size();
    assertThat(good(qgjob(about("submit", "run-20ms.spec.js", "--dry-run"))))
        .contains("run-20ms.spec.js");
    assertThat(json(qgjob("list", "-o", "json")).path("runs").size()).isEqualTo(before);
    String runId =
        json(qgjob(about("submit", "run-20ms.spec.js", "-o", "json"))).path("run_id").asText();
    good(qgjob("wait", "--run-id=" + runId));
  }

  @Test
  @Order(2)
  void whoAndWhere() throws IOException {
    Path token = Files.writeString(folder.resolve("token"), submitter);
    good(qgjob("login", "--server", server.url().toString(), "--token-file=" + token));
    assertThat(good(qgjob(Map.of(), "whoami"))).contains("acme");
    assertThat(good(qgjob(Map.of(), "health"))).contains("ready");
    assertThat(good(qgjob("completion", "bash"))).contains("qgjob");
    assertThat(good(qgjob("--version"))).contains("qgjob");
    assertThat(good(qgjob("doctor"))).contains("server");
  }

  @Test
  @Order(2)
  void slots() {
    String slot = "stub:emulator:stub-1";
    assertThat(good(qgjob("devices", "describe", slot))).contains(slot);
    good(qgjob("devices", "hold", slot, "--for=1h", "--reason=looking"));
    assertThat(good(qgjob("devices"))).contains("held");
    good(qgjob("devices", "release", slot));
    assertThat(good(qgjob("devices"))).doesNotContain("held");
  }

  @Test
  @Order(2)
  void whatAdminsSet() {
    assertThat(good(asAdmin("admin", "org", "list"))).contains("acme");
    assertThat(good(asAdmin("admin", "org", "set", "acme", "--weight=2"))).contains("weight 2");
    assertThat(good(asAdmin("admin", "target", "set", "device", "--cap=3"))).contains("3");
    assertThat(good(asAdmin("admin", "target", "list"))).contains("device");
    good(asAdmin("admin", "resource", "set", "acme", "account", "--count=2"));
    assertThat(good(asAdmin("admin", "resource", "list", "acme"))).contains("account");
    good(asAdmin("admin", "resource", "remove", "acme", "account"));
    String viewer = good(asAdmin("admin", "token", "create", "--org=acme", "--role=viewer"));
    JsonNode me = json(qgjob(Map.of("QGJOB_TOKEN", viewer.strip()), "whoami", "-o", "json"));
    assertThat(me.path("role").asText()).isEqualTo("viewer");
    assertThat(good(asAdmin("admin", "token", "list", "--org=acme"))).contains("viewer");
    JsonNode tokens = json(asAdmin("admin", "token", "list", "--org=acme", "-o", "json"));
    String id = tokens.get(tokens.size() - 1).path("token_id").asText();
    good(asAdmin("admin", "token", "revoke", id));
    refused(qgjob(Map.of("QGJOB_TOKEN", viewer.strip()), "list"), 1, "token");
  }

  /** The reference has every command, since it is made from their own help. */
  @Test
  @Order(3)
  void noCommandIsLeftOut() throws IOException {
    String reference = Files.readString(distribution.root().resolve("docs/commands.md"));
    List<String> commands = HEADING.matcher(reference).results().map(m -> m.group(1)).toList();
    assertThat(commands).hasSizeGreaterThan(30).contains("admin enrol-code");
    assertThat(commands.stream().filter(c -> !c.isEmpty()).filter(c -> !used.contains(c)))
        .isEmpty();
  }
}

package dev.qgjob.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.qgjob.domain.artefact.Artefacts.Upload;
import dev.qgjob.domain.submit.Submissions.Submitted;
import java.io.ByteArrayInputStream;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is wrong is named, with what to do, and nothing is asked of the domain. */
class BadInputTest {
  private static final String SHA = Fakes.SHA;
  private static final RunningApi API = new RunningApi();

  @BeforeEach
  void forget() {
    API.fakes.reset();
  }

  @AfterAll
  static void stop() {
    API.close();
  }

  /** A good submission with one member set to something else; null leaves it out. */
  private static String run(String member, String json) {
    Map<String, String> members = new java.util.LinkedHashMap<>();
    members.put("app_version_id", "\"v1\"");
    members.put("bundle_sha256", "\"" + SHA + "\"");
    members.put("config", "\"appwright.config.ts\"");
    members.put("project", "\"android\"");
    members.put("targets", "[\"emulator\"]");
    members.put("tests", "[\"tests/a.spec.js\"]");
    if (json == null) {
      members.remove(member);
    } else {
      members.put(member, json);
    }
    return members.entrySet().stream()
        .map(e -> "\"" + e.getKey() + "\":" + e.getValue())
        .collect(Collectors.joining(",", "{", "}"));
  }

  static Stream<Arguments> badRuns() {
    return Stream.of(
        arguments("app_version_id", null, 422, "app_version_id", "missing"),
        arguments("bundle_sha256", null, 422, "bundle_sha256", "missing"),
        arguments("config", null, 422, "config", "missing"),
        arguments("project", null, 422, "project", "missing"),
        arguments("targets", null, 422, "targets", "missing"),
        arguments("tests", null, 422, "tests", "missing"),
        arguments("targets", "null", 422, "targets", ""),
        arguments("tests", "null", 422, "tests", ""),
        arguments("targets", "[null]", 422, "targets[0]", ""),
        arguments("config", "null", 422, "config", ""),
        arguments("tests", "[]", 422, "tests", "missing"),
        arguments(
            "target",
            "\"emulator\"",
            400,
            "target",
            "known here: abandoned_after_s, app, app_variants, app_version_id"),
        arguments("app", "{\"sha\":\"x\"}", 400, "app.sha", "known here: file_name, sha256"),
        arguments("priority", "\"10\"", 422, "priority", "whole number"),
        arguments("priority", "1.5", 422, "priority", "whole number"),
        arguments("priority", "101", 422, "priority", "-100 to 100"),
        arguments("priority", "99999999999999", 422, "priority", ""),
        arguments("priority", "[]", 422, "priority", "whole number"),
        arguments("retries", "11", 422, "retries", "0 to 10"),
        arguments("timeout_s", "0", 422, "timeout_s", "1 to 86400"),
        arguments("stock", "\"yes\"", 422, "stock", "true or false"),
        arguments("app_version_id", "5", 422, "app_version_id", "text"),
        arguments("app_version_id", "\"\"", 422, "app_version_id", "1 to 128 visible"),
        arguments("app_version_id", "\"a b\"", 422, "app_version_id", "1 to 128 visible"),
        arguments("app_version_id", "\"" + "x".repeat(129) + "\"", 422, "app_version_id", "128"),
        arguments(
            "bundle_sha256", "\"" + SHA.toUpperCase() + "\"", 422, "bundle_sha256", "0-9 a-f"),
        arguments("targets", "[\"phone\"]", 422, "targets[0]", "emulator, device, browserstack"),
        arguments("targets", "[0]", 422, "targets[0]", "emulator, device, browserstack"),
        arguments("targets", "\"emulator\"", 422, "targets", "a list"),
        arguments("targets", "[\"device\",\"device\"]", 422, "targets", "twice"),
        arguments("reset", "\"all\"", 422, "reset", "full, clear-data, confirm, none"),
        arguments("tests", "[null]", 422, "tests[0]", "null"),
        arguments("tests", "[\"a.js\",\"../b.js\"]", 422, "tests[1]", "within the project"),
        arguments("tests", "[\"/etc/passwd\"]", 422, "tests[0]", "relative"),
        arguments("tests", "[\"--reporter=x\"]", 422, "tests[0]", "'-'"),
        arguments("tests", "[\"a\\\\b.js\"]", 422, "tests[0]", "forward slashes"),
        arguments("tests", "[\"C:/a.js\"]", 422, "tests[0]", "relative"),
        arguments("tests", "[\"a\\nb.js\"]", 422, "tests[0]", "path"),
        arguments("tests", "[\"" + "x".repeat(501) + "\"]", 422, "tests[0]", "500"),
        arguments("tests", "[\"a.js\",\"a.js\"]", 422, "tests", "twice"),
        arguments("tests", many(2001), 422, "tests", "at most 2000"),
        arguments("project_dir", "\"../x\"", 422, "project_dir", "within the project"),
        arguments("config", "\"/x.ts\"", 422, "config", "relative"),
        arguments("app", "{\"sha256\":\"x\",\"file_name\":\"a\"}", 422, "app.sha256", "SHA-256"),
        arguments("app", "{\"sha256\":\"" + SHA + "\"}", 422, "app.file_name", "missing"),
        arguments("environment", "{\"1A\":\"x\"}", 422, "environment", "'1A'"),
        arguments("environment", "{\"A\":null}", 422, "environment.A", "null"),
        arguments("environment", "{\"PATH\":\"x\"}", 422, "environment.PATH", "reserved"),
        arguments("environment", "{\"path\":\"x\"}", 422, "environment.path", "reserved"),
        arguments(
            "environment", "{\"NODE_OPTIONS\":\"x\"}", 422, "environment.NODE_OPTIONS", "reserved"),
        arguments(
            "environment", "{\"LD_PRELOAD\":\"x\"}", 422, "environment.LD_PRELOAD", "reserved"),
        arguments("secrets", "{\"PATH\":\"x\"}", 422, "secrets.PATH", "reserved"),
        arguments("secrets", "{\"A\":1}", 422, "secrets.A", "text"),
        arguments("grep", "\"\"", 422, "grep", "1 to 1000"),
        arguments("grep_invert", "\"a\\nb\"", 422, "grep_invert", "one line"),
        arguments("labels", "{\"a b\":\"x\"}", 422, "labels", "'a b'"),
        arguments("labels", "{\"a\":\"x\\u001b[2J\"}", 422, "labels.a", "control"),
        arguments("labels", "{\"a\":null}", 422, "labels.a", "null"),
        arguments("environment", "{\"A\":1}", 422, "environment.A", "text"),
        arguments("name", "\"a\\nb\"", 422, "name", "one line"));
  }

  private static String many(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"t" + i + ".js\"")
        .collect(Collectors.joining(",", "[", "]"));
  }

  @ParameterizedTest(name = "{0}: {1}")
  @MethodSource("badRuns")
  void aBadSubmissionNamesItsField(
      String member, String json, int status, String field, String says) {
    var answer = API.post("/runs", "submitter", run(member, json));
    assertThat(answer.body()).contains(says);
    refused(answer, status);
    assertThat(answer.text("field")).isEqualTo(field);
    assertThat(answer.text("action")).isNotBlank();
  }

  @Test
  void theGoodSubmissionIsTaken() {
    assertThat(API.post("/runs", "submitter", run("x", null)).status()).isEqualTo(201);
  }

  static Stream<Arguments> others() {
    String beatSlot =
        "{\"incarnation\":1,\"slots\":[{\"offer\":{\"slot_id\":\"s\",\"target\":\"x\"},"
            + "\"attached\":true,\"attachment\":1}]}";
    return Stream.of(
        arguments("admin", "/orgs", "{}", 422, "org_id"),
        arguments("admin", "/orgs", "{\"org_id\":\"A B\"}", 422, "org_id"),
        arguments("admin", "/orgs/own/tokens", "{}", 422, "role"),
        arguments("admin", "/orgs/own/tokens", "{\"role\":\"king\"}", 422, "role"),
        arguments("admin", "/orgs/own/tokens", "{\"role\":\"admin\"}", 422, "role"),
        arguments("admin", "/orgs/own/tokens", "{\"role\":\"viewer\",\"ttl_s\":0}", 422, "ttl_s"),
        arguments(
            "admin", "/orgs/O N/tokens".replace(" ", "%20"), "{\"role\":\"viewer\"}", 422, "org"),
        arguments("admin", "/enrolments", "{\"ttl_s\":99999999}", 422, "ttl_s"),
        arguments(null, "/workers/enrol", "{\"name\":\"n\"}", 422, "code"),
        arguments(null, "/workers/enrol", "{\"code\":\"c\",\"name\":\"a/b\"}", 422, "name"),
        arguments("submitter", "/blobs/missing", "{}", 422, "sha256s"),
        arguments("submitter", "/blobs/missing", "{\"sha256s\":[\"x\"]}", 422, "sha256s[0]"),
        arguments("submitter", "/jobs", "{}", 422, "app_version_id"),
        arguments("submitter", "/jobs", "{\"app_version_id\":\"v\"}", 422, "test_path"),
        arguments(
            "submitter",
            "/jobs",
            "{\"app_version_id\":\"v\",\"test_path\":\"a\",\"target\":\"x\"}",
            422,
            "target"),
        arguments(
            "submitter",
            "/jobs",
            "{\"app_version_id\":\"v\",\"test_path\":\"a\",\"priority\":1000}",
            422,
            "priority"),
        arguments("worker", "/workers/w1/registration", "{\"registration\":1}", 422, "state_proof"),
        arguments(
            "worker", "/workers/w1/registration", "{\"state_proof\":\"p\"}", 422, "registration"),
        arguments(
            "worker",
            "/workers/w1/registration",
            "{\"state_proof\":\"p\",\"registration\":1}",
            422,
            "version"),
        arguments(
            "worker",
            "/workers/w1/registration",
            "{\"state_proof\":\"p\",\"registration\":1,\"version\":\"1\",\"slots\":[{}]}",
            422,
            "slots[0].slot_id"),
        arguments("worker", "/workers/w1/beat", "{}", 422, "incarnation"),
        arguments("worker", "/workers/w1/beat", beatSlot, 422, "slots[0].offer.target"),
        arguments(
            "worker",
            "/workers/w1/beat",
            "{\"incarnation\":1,\"slots\":[{\"attached\":true,\"attachment\":1}]}",
            422,
            "slots[0].offer"),
        arguments(
            "worker",
            "/workers/w1/beat",
            "{\"incarnation\":1,\"leases\":[{\"job_id\":\"j\",\"generation\":1}]}",
            422,
            "leases[0].token"),
        arguments("worker", "/workers/w1/rejections", "{}", 422, "queue"),
        arguments(
            "worker",
            "/workers/w1/rejections",
            "{\"queue\":\"q\",\"reason\":\"a\\nb\"}",
            422,
            "reason"),
        arguments(
            "worker",
            "/workers/w1/rejections",
            "{\"queue\":\"q\",\"reason\":\"r\",\"excerpt\":\"" + "x".repeat(1_001) + "\"}",
            422,
            "excerpt"),
        arguments("worker", "/workers/w1/claims", "{}", 422, "incarnation"),
        arguments(
            "worker",
            "/workers/w1/claims",
            "{\"incarnation\":1,\"slot_id\":\"s\",\"job_id\":\"j\",\"generation\":1,"
                + "\"token\":null,\"most\":1,\"shared\":true}",
            422,
            "token"),
        arguments("worker", "/jobs/j1/finish", "{\"generation\":1}", 422, "installs"),
        arguments(
            "worker",
            "/workers/w1/claims",
            "{\"incarnation\":1,\"slot_id\":\"s\",\"job_id\":\"j\",\"generation\":1,"
                + "\"token\":\"short\",\"most\":1,\"shared\":true}",
            422,
            "token"),
        arguments("worker", "/jobs/j1/finish", finish("\"running\"", ""), 422, "outcome"),
        arguments("worker", "/jobs/j1/finish", finish("\"failed\"", ""), 422, "failure_kind"),
        arguments("worker", "/jobs/j1/finish", finish("\"won\"", ""), 422, "outcome"),
        arguments(
            "worker",
            "/jobs/j1/finish",
            finish(
                "\"passed\"",
                ",\"tests\":[{\"file\":\"a\",\"line\":1,\"column\":1,\"duration_ms\":1}]"),
            422,
            "tests[0].status"));
  }

  private static String finish(String outcome, String more) {
    return "{\"generation\":1,\"token\":\""
        + Fakes.LEASE
        + "\",\"outcome\":"
        + outcome
        + ",\"installs\":0,\"stock_installs\":0,\"set_up_ms\":1,\"run_ms\":1"
        + more
        + "}";
  }

  @ParameterizedTest(name = "{1}: {2}")
  @MethodSource("others")
  void everyBadBodyNamesItsField(String token, String path, String json, int status, String field) {
    var answer = API.post(path, token, json);
    refused(answer, status);
    assertThat(answer.text("field")).isEqualTo(field);
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        arguments("", "missing-body"),
        arguments("null", "missing-body"),
        arguments("{", "malformed-json"),
        arguments("[]", "malformed-json"),
        arguments("\"x\"", "malformed-json"),
        arguments("{} {}", "malformed-json"),
        arguments("{\"tests\":[],\"tests\":[]}", "malformed-json"),
        arguments("{\"a\":" + "[".repeat(2000) + "]".repeat(2000) + "}", ""),
        arguments("not json", "malformed-json"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void whatIsNoJsonIsSaidToBeNone(String body, String type) {
    var answer = API.post("/runs", "submitter", body);
    refused(answer, 400);
    assertThat(answer.text("type")).contains(type);
  }

  @Test
  void anotherTypeOfBodyIsRefused() {
    var answer =
        API.send("POST", "/runs", "submitter", "a=b", Map.of("Content-Type", "text/plain"));
    refused(answer, 415);
    var none = API.send("POST", "/runs", "submitter", "{}", Map.of());
    refused(none, 415);
  }

  @Test
  void aBodyOverTheLimitIsRefusedWhetherItsLengthIsToldOrNot() {
    byte[] large = new byte[(8 << 20) + 1];
    java.util.Arrays.fill(large, (byte) ' ');
    var json = Map.of("Content-Type", "application/json");
    refused(
        API.transfer("POST", "/runs", "submitter", BodyPublishers.ofByteArray(large), json), 413);
    refused(
        API.transfer(
            "POST",
            "/runs",
            "submitter",
            BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(large)),
            json),
        413);
  }

  @Test
  void blobsAreRefusedByNameHashAndSize() {
    var bytes = Map.of("Content-Type", "application/octet-stream");
    var offset =
        API.send(
            "PUT",
            "/blobs/" + SHA,
            "submitter",
            "x",
            Map.of("Content-Type", "application/octet-stream", "Qgjob-Upload-Offset", "-1"));
    assertThat(offset.status()).isEqualTo(422);
    var bad = API.send("PUT", "/blobs/xyz", "submitter", "x", bytes);
    refused(bad, 422);
    assertThat(bad.text("field")).isEqualTo("sha256");
    API.fakes.upload = Upload.WRONG_HASH;
    var wrong = API.send("PUT", "/blobs/" + SHA, "submitter", "x", bytes);
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text("type")).isEqualTo("wrong-hash");
    API.fakes.upload = Upload.TOO_LARGE;
    assertThat(API.send("PUT", "/blobs/" + SHA, "submitter", "x", bytes).status()).isEqualTo(413);
  }

  @Test
  void filesAreRefusedWithoutALease() {
    var missing = API.send("PUT", "/jobs/j1/artefacts/1/log.txt", "worker", "x", Map.of());
    refused(missing, 422);
    assertThat(missing.text("field")).isEqualTo("Qgjob-Lease-Token");
    var lease = Map.of("Qgjob-Lease-Token", Fakes.LEASE);
    API.fakes.upload = Upload.FENCED;
    var fenced = API.send("PUT", "/jobs/j1/artefacts/1/log.txt", "worker", "x", lease);
    assertThat(fenced.status()).isEqualTo(409);
    assertThat(fenced.text("type")).isEqualTo("fenced");
    API.fakes.upload = Upload.BAD_NAME;
    assertThat(API.send("PUT", "/jobs/j1/artefacts/1/x", "worker", "x", lease).text("field"))
        .isEqualTo("name");
  }

  @Test
  void piecesOfLogsAreRefusedWithoutALeaseOrOutOfStep() {
    String path = "/jobs/j1/logs/1";
    String type = "application/octet-stream";
    var missing = API.send("POST", path, "worker", "x", Map.of("Content-Type", type));
    refused(missing, 422);
    assertThat(missing.text("field")).isEqualTo("Qgjob-Lease-Token");
    var lease = Map.of("Content-Type", type, "Qgjob-Lease-Token", Fakes.LEASE);
    var long64 = API.send("POST", path, "worker", "x".repeat((64 << 10) + 1), lease);
    refused(long64, 413);
    for (String offset : List.of("-1", "x", "1.5")) {
      Map<String, String> headers = new HashMap<>(lease);
      headers.put("Qgjob-Upload-Offset", offset);
      refused(API.send("POST", path, "worker", "x", headers), 422);
    }
    Map<String, String> far = new HashMap<>(lease);
    far.put("Qgjob-Upload-Offset", "99999999999");
    refused(API.send("POST", path, "worker", "x", far), 413);
    refused(API.get(path + "?from=-1", "viewer"), 422);
    refused(API.get("/jobs/j1/logs/x", "viewer"), 404);
    API.fakes.upload = Upload.FENCED;
    assertThat(API.send("POST", path, "worker", "x", lease).text("type")).isEqualTo("fenced");
    API.fakes.upload = Upload.OUT_OF_STEP;
    var gap = API.send("POST", path, "worker", "x", lease);
    assertThat(gap.status()).isEqualTo(409);
    assertThat(gap.text("type")).isEqualTo("out-of-step");
    API.fakes.upload = Upload.TOO_LARGE;
    assertThat(API.send("POST", path, "worker", "x", lease).status()).isEqualTo(413);
  }

  @Test
  void theQueryAndTheKeyAreChecked() {
    for (String limit : List.of("0", "501", "x", "1.5", "99999999999")) {
      var answer = API.get("/runs?limit=" + limit, "viewer");
      refused(answer, 422);
      assertThat(answer.text("field")).isEqualTo("limit");
    }
    var noNumber = API.send("DELETE", "/workers/w1/registration", "worker", null, Map.of());
    refused(noNumber, 422);
    assertThat(noNumber.text("field")).isEqualTo("incarnation");
    var key =
        API.send(
            "POST",
            "/runs",
            "submitter",
            run("x", null),
            Map.of("Content-Type", "application/json", "Idempotency-Key", "k".repeat(129)));
    refused(key, 422);
    assertThat(key.text("field")).isEqualTo("Idempotency-Key");
  }

  @Test
  void anOrgThatIsNotTheTokensIsRefused() {
    var job =
        API.post(
            "/jobs",
            "submitter",
            "{\"org_id\":\"other\",\"app_version_id\":\"v\",\"test_path\":\"a\"}");
    refused(job, 403);
    assertThat(job.text("field")).isEqualTo("org_id");
    API.fakes.submitted = new Submitted.WrongOrg("other");
    var run = API.post("/runs", "submitter", run("org_id", "\"other\""));
    assertThat(run.status()).isEqualTo(403);
    assertThat(run.text("type")).isEqualTo("wrong-org");
    assertThat(run.text("field")).isEqualTo("org_id");
  }

  @Test
  void aSecretIsNeverRepeated() {
    var answer =
        API.post(
            "/runs",
            "submitter",
            run("environment", "{\"A\":\"hush" + "x".repeat(32 << 10) + "\"}"));
    refused(answer, 422);
    assertThat(answer.body()).doesNotContain("hush");
    var code = API.post("/workers/enrol", null, "{\"code\":\"hush hush\",\"name\":\"n\"}");
    assertThat(code.body()).doesNotContain("hush");
  }

  @Test
  void unknownIdsAndPathsAre404() {
    for (String path :
        List.of(
            "/runs/x", "/jobs/x", "/apps/x", "/blobs/" + "0".repeat(64), "/jobs/x/artefacts/1/a")) {
      refused(API.get(path, "submitter"), 404);
    }
    refused(API.get("/nowhere", null), 404);
    refused(API.send("DELETE", "/tokens/x", "admin", null, Map.of()), 404, 1);
  }

  private void refused(RunningApi.Answer answer, int status) {
    refused(answer, status, 0);
  }

  private void refused(RunningApi.Answer answer, int status, int changes) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(answer.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(answer.json().path("status").asInt()).isEqualTo(status);
    assertThat(answer.text("title")).isNotBlank();
    assertThat(answer.text("correlation_id"))
        .isNotBlank()
        .isEqualTo(answer.header("Qgjob-Correlation-Id"));
    assertThat(answer.body()).doesNotContain("dev.qgjob", "com.fasterxml", "java.");
    assertThat(API.fakes.changes).hasSize(changes);
    assertThat(API.fakes.stored).isEqualTo(Collections.emptyMap());
  }
}

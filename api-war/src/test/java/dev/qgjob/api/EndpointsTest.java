package dev.qgjob.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.client.ApiClient;
import dev.qgjob.domain.access.Outcome;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.submit.BuildFile;
import dev.qgjob.domain.submit.Submission;
import dev.qgjob.domain.submit.Submissions.Submitted;
import dev.qgjob.domain.submit.WantedJob;
import dev.qgjob.protocol.report.RunView;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each address when all is well, and each outcome that its port may have. */
class EndpointsTest {
  private static final RunningApi API = new RunningApi();
  private static final String SHA = Fakes.SHA;
  private static final String RUN =
      """
      {"org_id": "own", "app_version_id": "v/1", "app": {"sha256": "%s", "file_name": "app.apk"},
       "bundle_sha256": "%s", "project_dir": "apps/e2e", "config": "appwright.config.ts",
       "project": "android", "targets": ["device", "emulator"],
       "tests": ["tests/a.spec.js", "tests/b.spec.ts"], "priority": -100, "reset": "full",
       "retries": 10, "timeout_s": 86400, "stock": true, "name": "nightly",
       "environment": {"B": "2", "A": "1"}}
      """
          .formatted(SHA, SHA);

  @BeforeEach
  void forget() {
    API.fakes.reset();
  }

  @AfterAll
  static void stop() {
    API.close();
  }

  private Object change() {
    assertThat(API.fakes.changes).hasSize(1);
    return API.fakes.changes.get(0);
  }

  @Test
  void health() {
    var ready = API.get("/health", null);
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.body())
        .contains(
            "\"live\":true,\"ready\":true",
            "\"version\":\"1.2.3\"",
            "\"database\":\"ok\"",
            "\"broker\":\"no answer\"");
    assertThat(API.get("/health/ready", null).status()).isEqualTo(200);
    API.fakes.parts = List.of(new dev.qgjob.domain.health.Vitals.Part("database", true, "away"));
    assertThat(API.get("/health/ready", null).status()).isEqualTo(503);
    assertThat(API.get("/health", null).body())
        .contains("\"ready\":false", "\"database\":\"away\"");
    assertThat(API.get("/health/live", null).status()).isEqualTo(204);
  }

  @Test
  void me() {
    assertThat(API.get("/me", "submitter").body())
        .isEqualTo("{\"role\":\"submitter\",\"org_id\":\"own\"}");
    assertThat(API.get("/me", "worker").body())
        .isEqualTo("{\"role\":\"worker\",\"worker_id\":\"w1\"}");
  }

  @Test
  void orgs() {
    var created = API.post("/orgs", "admin", "{\"org_id\":\"new\",\"name\":\"New one\"}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("created_at")).isEqualTo("2026-01-02T03:04:05Z");
    assertThat(change()).isEqualTo("org new New one");
    assertThat(API.get("/orgs", "admin").json().get(0).get("org_id").asText()).isEqualTo("own");
    API.fakes.orgOutcome = new Outcome.Conflict<>("it is there", "choose another");
    var conflict = API.post("/orgs", "admin", "{\"org_id\":\"new\"}");
    assertThat(conflict.status()).isEqualTo(409);
    assertThat(conflict.text("action")).isEqualTo("choose another");
  }

  @Test
  void explanation() {
    var why = API.get("/jobs/j1/explanation", "viewer");
    assertThat(why.status()).isEqualTo(200);
    assertThat(why.text("constraint")).isEqualTo("all-slots-busy");
    assertThat(why.text("start_p90")).isEqualTo("2026-01-02T03:04:06Z");
    assertThat(API.get("/jobs/j2/explanation", "viewer").status()).isEqualTo(404);
    assertThat(API.get("/jobs/j1/explanation", "other-viewer").status()).isEqualTo(404);
  }

  @Test
  void savings() {
    assertThat(API.get("/savings?days=3", "viewer").body())
        .isEqualTo(
            "{\"days\":[{\"day\":\"2026-01-02\",\"installs\":3,\"stock_installs\":9,"
                + "\"saved_s\":90}]}");
    assertThat(API.get("/savings?days=0", "viewer").status()).isEqualTo(422);
    var ofRun = API.get("/runs/r1/savings", "viewer");
    assertThat(ofRun.status()).isEqualTo(200);
    assertThat(ofRun.text("run_id")).isEqualTo("r1");
    assertThat(API.get("/runs/r1/savings", "other-viewer").status()).isEqualTo(404);
  }

  @Test
  void shares() {
    var set =
        API.post(
            "/orgs/own/share",
            "admin",
            "{\"weight\":0.5,\"uncapped\":true,\"browserstack_minutes\":90}");
    assertThat(set.status()).isEqualTo(200);
    assertThat(change()).isEqualTo("share own 0.5 null true 90 false");
    assertThat(API.get("/targets", "admin").body())
        .contains("{\"target\":\"device\",\"cap\":4}", "{\"target\":\"emulator\"}");
    var capped = API.post("/targets", "admin", "{\"target\":\"device\",\"cap\":7}");
    assertThat(capped.status()).isEqualTo(200);
    assertThat(API.fakes.changes).last().isEqualTo("cap DEVICE 7");
  }

  @Test
  void tokens() {
    var created = API.post("/orgs/own/tokens", "admin", "{\"role\":\"viewer\",\"ttl_s\":60}");
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("token")).isEqualTo("text");
    assertThat(change()).isEqualTo("token own VIEWER PT1M");
    var listed = API.get("/orgs/own/tokens", "admin");
    assertThat(listed.json().get(0).get("revoked").asBoolean()).isTrue();
    assertThat(listed.body()).doesNotContain("\"token\"");
    assertThat(API.send("DELETE", "/tokens/t1", "admin", null, Map.of()).status()).isEqualTo(204);
  }

  @Test
  void enrolment() {
    var code = API.post("/enrolments", "admin", "{}");
    assertThat(code.status()).isEqualTo(201);
    assertThat(code.text("code")).isEqualTo("code");
    assertThat(change()).isEqualTo("enrolment PT1H");
    var enrolled = API.post("/workers/enrol", null, "{\"code\":\"code\",\"name\":\"host-1\"}");
    assertThat(enrolled.status()).isEqualTo(201);
    assertThat(enrolled.body())
        .isEqualTo("{\"worker_id\":\"w9\",\"name\":\"host-1\",\"token\":\"secret\"}");
    API.fakes.enrolOutcome = new Outcome.Invalid<>("code", "used already", "ask for another");
    var used = API.post("/workers/enrol", null, "{\"code\":\"code\",\"name\":\"host-1\"}");
    assertThat(used.status()).isEqualTo(422);
    assertThat(used.text("field")).isEqualTo("code");
  }

  @Test
  void submitting() {
    var created =
        API.send(
            "POST",
            "/runs",
            "submitter",
            RUN,
            Map.of("Content-Type", "application/json", "Idempotency-Key", "k1"));
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.header("Location")).endsWith("/api/v1/runs/r1");
    assertThat(created.text("run_id")).isEqualTo("r1");
    Submission taken = (Submission) change();
    assertThat(taken.orgId()).isEqualTo("own");
    assertThat(taken.targets()).containsExactly(Target.DEVICE, Target.EMULATOR);
    assertThat(taken.jobs())
        .containsExactly(new WantedJob("tests/a.spec.js"), new WantedJob("tests/b.spec.ts"));
    assertThat(taken.reset()).isEqualTo(ResetPolicy.FULL);
    assertThat(taken.idempotencyKey()).isEqualTo("k1");
    assertThat(taken.bodyHash()).matches("[0-9a-f]{64}");
    assertThat(taken.environment()).isEqualTo(Map.of("A", "1", "B", "2"));
  }

  @Test
  void aJobForEachTestOnEachTarget() {
    API.post(
        "/runs", "submitter", RUN.replace("\"targets\"", "\"each_target\": true, \"targets\""));
    assertThat(((Submission) change()).jobs())
        .containsExactlyInAnyOrder(
            new WantedJob("tests/a.spec.js", Target.DEVICE),
            new WantedJob("tests/a.spec.js", Target.EMULATOR),
            new WantedJob("tests/b.spec.ts", Target.DEVICE),
            new WantedJob("tests/b.spec.ts", Target.EMULATOR));
  }

  @Test
  void filesBesideTheAppsFirstOne() {
    String several =
        RUN.replace(
            "\"bundle_sha256\"",
            """
            "app_variants": [{"sha256": "%s", "file_name": "x86.apk"}],
            "companions": [{"sha256": "%s", "file_name": "mock.apk"}], "bundle_sha256"
            """
                .formatted(SHA, SHA));
    assertThat(API.post("/runs", "submitter", several).status()).isEqualTo(201);
    assertThat(((Submission) change()).furtherFiles())
        .containsExactly(
            new BuildFile(SHA, "x86.apk", false), new BuildFile(SHA, "mock.apk", true));
    var wrong = API.post("/runs", "submitter", several.replace("mock.apk", "a/mock.apk"));
    assertThat(wrong.status()).isEqualTo(422);
    assertThat(wrong.text("field")).isEqualTo("companions[0].file_name");
  }

  @Test
  void secretsAreSealedBeforeAnythingElseSeesThem() {
    String secret =
        RUN.replace("\"environment\"", "\"secrets\": {\"PIN\": \"4711\"}, \"environment\"");
    assertThat(API.post("/runs", "submitter", secret).status()).isEqualTo(201);
    Submission taken = (Submission) change();
    assertThat(taken.secrets()).isEqualTo("sealed");
    assertThat(taken.toString()).doesNotContain("4711");
    assertThat(API.fakes.sealed).isEqualTo(Map.of("PIN", "4711"));
    API.post("/runs", "submitter", secret.replace("4711", "4712"));
    assertThat(((Submission) API.fakes.changes.get(1)).bodyHash())
        .as("a hash of it could be tried out")
        .isEqualTo(taken.bodyHash());
    var twice = API.post("/runs", "submitter", secret.replace("PIN", "A"));
    assertThat(twice.status()).isEqualTo(422);
    assertThat(twice.text("title")).isEqualTo("A is in environment as well");
  }

  @Test
  void whatIsNotGivenHasADefault() {
    API.post(
        "/runs",
        "submitter",
        """
        {"app_version_id": "v1", "bundle_sha256": "%s", "config": "c.ts", "project": "p",
         "targets": ["emulator"], "tests": ["a.spec.js"]}
        """
            .formatted(SHA));
    Submission taken = (Submission) change();
    assertThat(taken.projectDir()).isEqualTo(".");
    assertThat(taken.reset()).as("clear-data, but for specs that leak state").isNull();
    assertThat(taken.timeoutS()).isEqualTo(1800);
    assertThat(taken.priority()).isZero();
    assertThat(taken.retries()).isZero();
    assertThat(taken.stock()).isFalse();
    assertThat(taken.appSha256()).isNull();
    assertThat(taken.idempotencyKey()).isNull();
  }

  @Test
  void theHashIsOfWhatTheBodyMeans() {
    API.post("/runs", "submitter", RUN);
    API.post(
        "/runs",
        "submitter",
        RUN.replace("\"B\": \"2\", \"A\": \"1\"", "\"A\":\"1\",  \"B\":\"2\"")
            .replace("\"retries\": 10, ", "")
            .replace("\"stock\"", "\"retries\":10,\"stock\""));
    API.post("/runs", "submitter", RUN.replace("nightly", "daily"));
    List<String> hashes =
        API.fakes.changes.stream().map(change -> ((Submission) change).bodyHash()).toList();
    assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
    assertThat(hashes.get(2)).isNotEqualTo(hashes.get(0));
  }

  @Test
  void aRepeatAndAReusedKey() {
    API.fakes.submitted = new Submitted.Repeated(Fakes.RUN_REPORT);
    assertThat(API.post("/runs", "submitter", RUN).status()).isEqualTo(200);
    API.fakes.submitted = new Submitted.KeyReused("k1");
    var reused = API.post("/runs", "submitter", RUN);
    assertThat(reused.status()).isEqualTo(409);
    assertThat(reused.text("type")).isEqualTo("key-reused");
    API.fakes.submitted = new Submitted.Invalid("app", "unreadable APK", "build it again");
    var invalid = API.post("/runs", "submitter", RUN);
    assertThat(invalid.status()).isEqualTo(422);
    assertThat(invalid.text("field")).isEqualTo("app");
    assertThat(invalid.text("title")).isEqualTo("unreadable APK");
    API.fakes.submitted = new Submitted.Invalid("bundle_sha256", "was not uploaded", "upload it");
    assertThat(API.post("/runs", "submitter", RUN).text("title"))
        .isEqualTo("bundle_sha256 was not uploaded");
  }

  @Test
  void thePlainPayload() {
    String plain =
        """
        {"org_id": "own", "app_version_id": "v/1", "test_path": "tests/b.spec.js",
         "priority": 5, "target": "device"}
        """;
    var created = API.post("/jobs", "submitter", plain);
    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("job_id")).isEqualTo("j1");
    Submission taken = (Submission) change();
    assertThat(taken.jobs()).containsExactly(new WantedJob("tests/b.spec.js"));
    assertThat(taken.targets()).containsExactly(Target.DEVICE);
    assertThat(taken.priority()).isEqualTo(5);
    assertThat(taken.bundleSha256()).isEqualTo(SHA);
    assertThat(taken.timeoutS()).isEqualTo(600);
    API.fakes.newest = Optional.empty();
    var none = API.post("/jobs", "submitter", plain);
    assertThat(none.status()).isEqualTo(422);
    assertThat(none.text("field")).isEqualTo("app_version_id");
    assertThat(none.text("action")).contains("qgjob submit");
  }

  @Test
  void reading() {
    var client =
        new ApiClient(API.uri(), "viewer", Duration.ofSeconds(10)).get("/runs/r1", RunView.class);
    assertThat(client.jobs().get(0).attempts().get(0).tests().get(0).titlePath())
        .containsExactly("a", "b");
    var job = API.get("/jobs/j1", "viewer");
    assertThat(job.status()).isEqualTo(200);
    assertThat(job.text("state")).isEqualTo("queued");
    assertThat(job.text("waiting_for")).isEqualTo("all slots are busy");
    assertThat(job.body())
        .contains(
            "\"status\":\"timed-out\"",
            "\"href\":\"/api/v1/jobs/j1/artefacts/1/a%20report.html\"",
            "\"slot_id\":\"host/emulator/e1\"");
    var runs = API.get("/runs?limit=1", "admin");
    assertThat(runs.json().get("runs")).hasSize(1);
    assertThat(runs.json().get("runs").get(0).get("jobs")).isEmpty();
    assertThat(API.get("/apps/v/1", "viewer").json().get("builds").get(0).get("number").asInt())
        .isEqualTo(1);
    assertThat(
            API.get("/blobs/" + Fakes.SHA + "/upload", "submitter").json().get("received").asInt())
        .isEqualTo(7);
    assertThat(API.get("/apps", "viewer").json().at("/apps/0/app_version_id").asText())
        .isEqualTo("v/1");
    assertThat(API.get("/apps?limit=0", "viewer").status()).isEqualTo(422);
    String encoded = URLEncoder.encode("v/1", StandardCharsets.UTF_8);
    assertThat(API.get("/apps/" + encoded, "viewer").status()).isEqualTo(200);
  }

  @Test
  void labelsArriveAndAreShown() {
    String labelled = RUN.strip().replaceFirst("}$", "") + ", \"labels\": {\"branch\": \"main\"}}";
    assertThat(API.post("/runs", "submitter", labelled).status()).isEqualTo(201);
    assertThat(((Submission) change()).labels()).isEqualTo(Map.of("branch", "main"));
    assertThat(API.get("/runs/r1", "viewer").json().at("/labels/team").asText())
        .isEqualTo("checkout");
  }

  @Test
  void retryingTakesTheRunsProjectAndItsBuild() {
    var answer = API.post("/runs/r1/retry", "submitter", "{\"failed\": false}");
    assertThat(answer.status()).isEqualTo(201);
    assertThat((Submission) change())
        .returns(SHA, Submission::appSha256)
        .returns(SHA, Submission::bundleSha256)
        .returns(List.of(new WantedJob("tests/a.spec.js")), Submission::jobs)
        .returns(Map.of("LOCALE", "de"), Submission::environment)
        .returns(Map.of("team", "checkout", "retry-of", "r1"), Submission::labels)
        .returns("nightly", Submission::name);
  }

  @Test
  void retryingWhatFailedNeedsAVerdict() {
    var answer = API.post("/runs/r1/retry", "submitter", "{\"failed\": true}");
    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.text("title")).isEqualTo("run r1 is still queued");
    assertThat(API.fakes.changes).isEmpty();
  }

  @Test
  void retryingIsForSubmittersOfTheRunsOrg() {
    assertThat(API.post("/runs/r1/retry", "viewer", "{}").status()).isEqualTo(403);
    assertThat(API.post("/runs/r1/retry", "other-submitter", "{}").status()).isEqualTo(404);
  }

  @Test
  void aLinkOpensARunsPageWithoutALogin() {
    var link = API.post("/runs/r1/links", "viewer", "");
    assertThat(link.status()).isEqualTo(200);
    String href = link.text("href").substring("/api/v1".length());
    assertThat(href).startsWith("/runs/r1/page?by=t-viewer&until=").endsWith("&sig=good-signature");
    assertThat(link.text("expires_at")).isEqualTo("2026-02-01T03:04:05Z");

    var page = API.get(href, null);
    assertThat(page.status()).isEqualTo(200);
    assertThat(page.header("Content-Type")).startsWith("text/html");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'", "sandbox");
    assertThat(page.body())
        .contains("nightly: queued", "waits for all slots are busy", "a › b", "&gt; 3")
        .contains("href=\"page/j1/1/a%20report.html?by=t-viewer&amp;until=")
        .contains("team=checkout")
        .contains("installs <b>1</b>, stock AppWright would have made 5, about 0.1 min saved.");

    var file = API.get(href.replace("page?", "page/j1/1/a%20report.html?"), null);
    assertThat(file.status()).isEqualTo(200);
    // what a spec left is shown as text and never run
    assertThat(file.header("Content-Type")).startsWith("text/plain");
    assertThat(file.header("Content-Security-Policy")).contains("sandbox");
  }

  @Test
  void nothingElseOpensByALink() {
    String link = "by=t-viewer&until=9999999999&sig=";
    for (String path :
        List.of(
            "/runs/r1/page",
            "/runs/r1/page?" + link + "forged",
            "/runs/r1/page?by=t-viewer&until=tomorrow&sig=good-signature",
            "/runs/r2/page?" + link + "good-signature",
            "/runs/r1/page?by=t-other&until=9999999999&sig=good-signature")) {
      var refused = API.get(path, null);
      assertThat(refused.status()).as(path).isEqualTo(403);
      assertThat(refused.text("type")).isEqualTo("link-ended");
    }
    assertThat(API.get("/runs/r1/page/j9/1/a.txt?" + link + "good-signature", null).status())
        .isEqualTo(404);
    assertThat(API.get("/runs/r1?" + link + "good-signature", null).status()).isEqualTo(401);
    assertThat(API.post("/runs/r1/links", "other-viewer", "").status()).isEqualTo(404);
    assertThat(API.post("/runs/r1/links", null, "").status()).isEqualTo(401);
  }

  @Test
  void cancelling() {
    assertThat(API.post("/runs/r1/cancel", "submitter", "{}").text("run_id")).isEqualTo("r1");
    assertThat(API.send("POST", "/jobs/j1/cancel", "admin", null, Map.of()).text("job_id"))
        .isEqualTo("j1");
    assertThat(API.fakes.changes).containsExactly("cancel r1", "cancel j1");
  }

  @Test
  void blobs() {
    String other = "0".repeat(64);
    var missing =
        API.post(
            "/blobs/missing", "submitter", "{\"sha256s\":[\"%s\",\"%s\"]}".formatted(SHA, other));
    assertThat(missing.body()).isEqualTo("{\"missing\":[\"" + other + "\"]}");
    var put =
        API.send(
            "PUT",
            "/blobs/" + SHA,
            "submitter",
            "bytes",
            Map.of("Content-Type", "application/octet-stream"));
    assertThat(put.status()).isEqualTo(201);
    assertThat(API.fakes.stored.get(SHA)).asString().isEqualTo("bytes");
    var got = API.get("/blobs/" + SHA, "worker");
    assertThat(got.body()).isEqualTo("<p>x");
    assertThat(got.header("Content-Type")).isEqualTo("application/octet-stream");
    assertThat(got.header("Content-Length")).isEqualTo("4");
  }

  @Test
  void filesOfAttempts() {
    var put =
        API.send(
            "PUT",
            "/jobs/j1/artefacts/1/a%20report.html",
            "worker",
            "<p>",
            Map.of("Content-Type", "text/html; charset=utf-8", "Qgjob-Lease-Token", Fakes.LEASE));
    assertThat(put.status()).isEqualTo(201);
    assertThat(change()).isEqualTo("file a report.html text/html " + Fakes.LEASE);
    int open = API.fakes.open;
    var got = API.get("/jobs/j1/artefacts/1/a%20report.html", "viewer");
    assertThat(got.body()).isEqualTo("<p>x");
    assertThat(got.header("Content-Disposition"))
        .startsWith("attachment; filename=\"a report.html\"");
    assertThat(got.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(got.header("Content-Security-Policy")).contains("sandbox", "default-src 'none'");
    var head = API.send("HEAD", "/jobs/j1/artefacts/1/x", "viewer", null, Map.of());
    assertThat(head.status()).isEqualTo(200);
    assertThat(API.fakes.open).isEqualTo(open);
  }

  @Test
  void logsOfAttempts() {
    var headers =
        Map.of(
            "Content-Type", "application/octet-stream",
            "Qgjob-Lease-Token", Fakes.LEASE,
            "Qgjob-Upload-Offset", "4");
    var told = API.send("POST", "/jobs/j1/logs/1", "worker", "two", headers);
    assertThat(told.status()).isEqualTo(204);
    assertThat(change()).isEqualTo("log j1 1 from 4: two");
    var got = API.get("/jobs/j1/logs/1?from=4", "viewer");
    assertThat(got.body()).isEqualTo("two\n");
    assertThat(got.header("Content-Type")).isEqualToIgnoringCase("text/plain;charset=utf-8");
    assertThat(API.get("/jobs/j1/logs/1", "viewer").body()).isEqualTo("one\ntwo\n");
    assertThat(API.get("/jobs/j1/logs/1?from=99", "viewer").body()).isEmpty();
    assertThat(API.get("/jobs/j1/logs/1", "other-viewer").status()).isEqualTo(404);
  }

  @Test
  void slots() {
    var seen = API.get("/slots", "viewer");
    assertThat(seen.json().findValuesAsText("state")).containsExactly("busy", "idle", "away");
    assertThat(seen.body()).doesNotContain("com.example", "j1");
    assertThat(API.get("/slots", "admin").body()).contains("com.example", "\"job_id\":\"j1\"");
  }

  @Test
  void registering() {
    String body =
        """
        {"state_proof": "proof", "registration": 1, "version": "0.1", "slots": [{"slot_id": "host/device/a b".. }]}
        """
            .replace(
                "host/device/a b\"..",
                "host/device/u1\", \"target\": \"device\", \"udid\": \"u1\"");
    var registered = API.post("/workers/w1/registration", "worker", body);
    assertThat(registered.status()).as(registered.body()).isEqualTo(200);
    assertThat(registered.json().get("job_queues").get("emulator").asText())
        .isEqualTo("jms.queue.jobs.emulator");
    assertThat(registered.text("own_queue")).isEqualTo("jms.queue.worker.w1");
    assertThat(registered.json().get("broker").get("password").asText()).isEqualTo("broker-secret");
    assertThat(registered.json().get("lease_ms").asLong()).isEqualTo(60000);
    API.fakes.registration = new Fleet.Registration.Occupied("host");
    var occupied = API.post("/workers/w1/registration", "worker", body);
    assertThat(occupied.status()).isEqualTo(409);
    assertThat(occupied.text("type")).isEqualTo("occupied");
    API.fakes.registration = new Fleet.Registration.Invalid("slots", "of another", "rename");
    assertThat(API.post("/workers/w1/registration", "worker", body).text("field"))
        .isEqualTo("slots");
    API.fakes.changes.clear();
    var left =
        API.send("DELETE", "/workers/w1/registration?incarnation=3", "worker", null, Map.of());
    assertThat(left.status()).isEqualTo(204);
    assertThat(change()).isEqualTo("leave w1 3");
  }

  @Test
  void beating() {
    String body =
        """
        {"incarnation": 3,
         "slots": [{"offer": {"slot_id": "s1", "target": "device", "capabilities": {"model": "P"},
                              "holds": [{"package_name": "com.example", "sha256": "%s"}]},
                    "attached": true, "attachment": 2,
                    "inbox": [{"job_id": "j2", "generation": 4}]}],
         "leases": [{"job_id": "j1", "generation": 1, "token": "%s"}]}
        """
            .formatted(SHA, Fakes.LEASE);
    var answer = API.post("/workers/w1/beat", "worker", body);
    assertThat(answer.body())
        .isEqualTo(
            "{\"leases\":[{\"job_id\":\"j1\",\"go_on\":false,\"reason\":\"cancelled\"}],"
                + "\"drain\":true}");
    Fleet.BeatReport beat = (Fleet.BeatReport) change();
    assertThat(beat.slots().get(0).inbox()).containsExactly(new Fleet.InboxEntry("j2", 4));
    assertThat(beat.slots().get(0).offer().holds()).isEqualTo(Map.of("com.example", SHA));
    API.fakes.beatResult = new Fleet.BeatResult.NotRegistered("unknown incarnation");
    assertThat(API.post("/workers/w1/beat", "worker", body).status()).isEqualTo(409);
  }

  private static RunningApi.Answer claim() {
    return API.post(
        "/workers/w1/claims",
        "worker",
        """
        {"incarnation": 3, "slot_id": "s1", "job_id": "j1", "generation": 1, "token": "%s",
         "most": 1, "shared": true}
        """
            .formatted(Fakes.LEASE));
  }

  @Test
  void rejecting() {
    var answer =
        API.post(
            "/workers/w1/rejections",
            "worker",
            "{\"queue\":\"jobs.device\",\"reason\":\"no JSON\",\"excerpt\":\"a\\nb\\u0000\"}");
    assertThat(answer.status()).isEqualTo(204);
    assertThat(API.fakes.changes).containsExactly("rejected by w1 jobs.device no JSON a.b.");
  }

  @Test
  void claiming() {
    var granted = claim();
    assertThat(granted.status()).isEqualTo(200);
    var run = granted.json().get("grants").get(0).get("run");
    assertThat(run.get("app_sha256").asText()).isEqualTo(SHA);
    assertThat(run.get("package_name").asText()).isEqualTo("com.example");
    assertThat(run.get("timeout_s").asInt()).isEqualTo(600);
    assertThat(run.get("environment").get("LOCALE").asText()).isEqualTo("de");
    assertThat(run.get("secrets").get("API_TOKEN").asText()).isEqualTo("hush");
    assertThat(granted.json().get("grants").get(0).get("only").get(0).get("line").asInt())
        .isEqualTo(3);
    API.fakes.vaultHasAnotherKey = true;
    assertThat(claim().status()).isEqualTo(503);
    assertThat(claim().text("action")).contains("qgjob.secrets.key");
    API.fakes.claimResult = new Leases.ClaimResult.Lost(Transition.Refusal.STALE);
    assertThat(claim().status()).isEqualTo(409);
    assertThat(claim().text("type")).isEqualTo("claim-lost");
    API.fakes.claimResult = new Leases.ClaimResult.NotRegistered("slot s1");
    assertThat(claim().status()).isEqualTo(409);
    assertThat(claim().text("type")).isEqualTo("not-registered");
    API.fakes.claimResult = new Leases.ClaimResult.UnknownJob("j1");
    assertThat(claim().status()).isEqualTo(404);
  }

  private static RunningApi.Answer finish() {
    return API.post(
        "/jobs/j1/finish",
        "worker",
        """
        {"generation": 1, "token": "%s", "outcome": "failed", "failure_kind": "test",
         "message": "no", "installs": 1, "stock_installs": 5, "set_up_ms": 10, "run_ms": 20,
         "tests": [{"title_path": ["a"], "file": "a.js", "line": 1, "column": 2,
                    "status": "timed-out", "duration_ms": 3}]}
        """
            .formatted(Fakes.LEASE));
  }

  @Test
  void finishing() {
    assertThat(finish().body()).isEqualTo("{\"job_id\":\"j1\",\"state\":\"queued\"}");
    Leases.FinishRequest request = (Leases.FinishRequest) change();
    assertThat(request.ending().outcome()).isEqualTo(JobState.FAILED);
    assertThat(request.report().run()).isEqualTo(Duration.ofMillis(20));
    API.fakes.finishResult = new Leases.FinishResult.Fenced(Transition.Refusal.FENCED);
    assertThat(finish().status()).isEqualTo(409);
    assertThat(finish().text("type")).isEqualTo("fenced");
    API.fakes.finishResult = new Leases.FinishResult.UnknownJob("j1");
    assertThat(finish().status()).isEqualTo(404);
  }

  private static RunningApi.Answer finishAll(String second) {
    String one =
        """
        {"job_id": "%s", "finish": {"generation": 1, "token": "%s", "outcome": "passed",
         "installs": 0, "stock_installs": 1, "set_up_ms": 0, "run_ms": 20, "tests": []}}\
        """;
    return API.post(
        "/workers/w1/finishes",
        "worker",
        "{\"finishes\": ["
            + one.formatted("j1", Fakes.LEASE)
            + ","
            + one.formatted(second, Fakes.LEASE)
            + "]}");
  }

  @Test
  void finishingSeveral() {
    assertThat(finishAll("j2").body())
        .isEqualTo(
            "{\"answers\":[{\"job_id\":\"j1\",\"state\":\"queued\"},"
                + "{\"job_id\":\"j2\",\"state\":\"queued\"}]}");
    assertThat((List<?>) change()).hasSize(2);
    API.fakes.finishResult = new Leases.FinishResult.Fenced(Transition.Refusal.FENCED);
    assertThat(finishAll("j2").status()).isEqualTo(200);
    assertThat(finishAll("j2").body())
        .contains("\"job_id\":\"j2\",\"reason\":\"the lease ran out")
        .doesNotContain("state");
    API.fakes.finishResult = new Leases.FinishResult.UnknownJob("j1");
    assertThat(finishAll("j2").body()).contains("there is no such job");
    assertThat(finishAll("j1").status()).isEqualTo(422);
    assertThat(finishAll("j1").text("field")).isEqualTo("finishes[1].job_id");
  }
}

package dev.qgjob.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.client.Json;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.Health;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.CreateOrg;
import dev.qgjob.protocol.access.CreateToken;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.access.OrgView;
import dev.qgjob.protocol.access.ResourceView;
import dev.qgjob.protocol.access.SetShare;
import dev.qgjob.protocol.access.TargetLimit;
import dev.qgjob.protocol.access.TokenCreated;
import dev.qgjob.protocol.access.TokenView;
import dev.qgjob.protocol.fleet.HoldSlot;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotView;
import dev.qgjob.protocol.report.DaySavings;
import dev.qgjob.protocol.report.ExplanationView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunList;
import dev.qgjob.protocol.report.RunSavings;
import dev.qgjob.protocol.report.SavingsList;
import dev.qgjob.protocol.submit.AppList;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each command but submit and wait, as a whole, against a server. */
class CommandsTest {
  @TempDir Path folder;
  private ScriptedServer server;
  private Process process;

  @BeforeEach
  void start() {
    server = new ScriptedServer();
    process = new Process(folder).at(server);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private Process.End good(String... args) {
    Process.End end = process.qgjob(args);
    assertThat(end.code()).as(end.err()).isZero();
    return end;
  }

  @Test
  void statusOfAJobTellsAllOfIt() {
    server
        .on("GET /jobs/abc456", Views.job("abc456", JobState.FAILED, FailureKind.TEST))
        .on("GET /runs/r1/savings", new RunSavings("r1", 2, 10, 270L));

    assertThat(good("status", "--job-id=abc456").out())
        .contains(
            "saved      with its run: installs 2 (stock AppWright: 10), about 4.5 min saved\n")
        .contains("abc456 of run r1")
        .contains("failed (test): 1 of 1 tests failed")
        .contains("emulator on " + Views.SLOT)
        .contains("attempt 1  failed (test) on " + Views.SLOT + " in 12.3 s, installs 1 (stock")
        .contains("onboarding > shows the start screen (tests/onboarding.spec.js:12, 1.5 s)")
        .contains("              expected Welcome\n              within 5000 ms\n")
        .contains("              > 12 | await expect(welcome).toBeVisible();")
        .contains("kept file-abc456.txt, 5 bytes");
  }

  @Test
  void whatASpecSaysIsNoCommandToTheTerminal() {
    String clipboard = "\u001b]52;c;ZXZpbA==\u0007";
    JobView bad = Views.job("j1", JobState.ERROR, FailureKind.TEST);
    JobView told =
        new JobView(
            "j1",
            "r1",
            "qualgent",
            "xyz123",
            1,
            "tests/a.spec.js",
            null,
            "android",
            0,
            Target.EMULATOR,
            JobState.ERROR,
            false,
            FailureKind.TEST,
            "a\r\u009b2J" + clipboard + "\tb\nc",
            1,
            Views.SLOT,
            null,
            bad.createdAt(),
            null,
            null,
            List.of());
    server
        .on("GET /jobs/j1", told)
        .on("GET /runs/r1", Views.run(JobState.ERROR, told))
        .on("GET /runs/r1/savings", new RunSavings("r1", 0, 0, null));

    for (String which : List.of("--job-id=j1", "--run-id=r1")) {
      assertThat(good("status", which).out())
          .contains("a??2J?]52;c;ZXZpbA==?\tb\nc")
          .doesNotContain("\u001b", "\u0007", "\u009b", "\r");
    }
    Process.End waited = process.qgjob("wait", "--run-id=r1");
    assertThat(waited.out() + waited.err()).doesNotContain("\u001b]", "\u0007", "\u009b");
    assertThat(good("status", "--job-id=j1", "-o", "json").out()).contains("\\u001B]52");
  }

  @Test
  void doctorNamesEachPartAndWhatToDo() throws Exception {
    dev.qgjob.cli.submit.Project.usual(folder);
    server
        .on("GET /health", new Health(true, true, "1.2.3", Map.of()))
        .on("GET /me", new Identity(Role.SUBMITTER, "qualgent", null))
        .on("GET /slots", Views.slots(Target.DEVICE, Target.DEVICE));

    assertThat(good("doctor").out())
        .contains("ok    server     " + server.url() + ", version 1.2.3")
        .contains("ok    token      a submitter of qualgent")
        .contains("ok    slots      2 device")
        .contains("note  appwright  not installed here");
    var told = Json.mapper().readTree(good("doctor", "-o", "json").out());
    assertThat(told.path("findings").findValuesAsText("part"))
        .contains("server", "token", "config");
  }

  @Test
  void doctorOfNothingLeadsToTheFirstStep() {
    Process.End end = new Process(folder).qgjob("doctor");
    assertThat(end.code()).isEqualTo(1);
    assertThat(end.out()).contains("bad   server").contains("qgjob login");
  }

  @Test
  void doctorTellsAWrongTokenFromAServerThatIsAway() {
    server.on("GET /health", new Health(true, true, "1.2.3", Map.of()));
    process.env("QGJOB_TOKEN", "expired");
    Process.End end = process.qgjob("doctor");
    assertThat(end.code()).isEqualTo(1);
    assertThat(end.out()).contains("ok    server").contains("bad   token").contains("qgjob login");

    process.env("QGJOB_SERVER", "http://localhost:1");
    assertThat(process.qgjob("doctor").out()).contains("bad   server").doesNotContain("token");
  }

  @Test
  void logsAreThoseOfTheLastAttemptThatHasOne() {
    server
        .on("GET /jobs/j1", Views.job("j1", JobState.FAILED, FailureKind.TEST))
        .on("GET /jobs/j1/logs/1?from=0", bytes("1 fai"))
        .on("GET /jobs/j1/logs/1?from=5", bytes("led\n"))
        .on("GET /jobs/j1/logs/1?from=9", bytes(""));

    assertThat(good("logs", "--job-id=j1").out()).isEqualTo("1 failed\n");
    assertThat(good("logs", "--job-id=j1", "--attempt=1").out()).isEqualTo("1 failed\n");
    assertThat(process.qgjob("logs", "--job-id=j1", "--attempt=2").err())
        .contains("no log of attempt 2")
        .hasLineCount(1);
    assertThat(process.qgjob("logs", "--job-id=j1", "--attempt=1", "-f").code()).isEqualTo(2);
  }

  @Test
  void ofAnAttemptThatRunsTheLogSoFarIsPrinted() {
    server
        .on("GET /jobs/j1", Views.job("j1", JobState.RUNNING, null))
        .on("GET /jobs/j1/logs/1?from=0", bytes("Running 2 tests\n"))
        .on("GET /jobs/j1/logs/1?from=16", bytes(""));

    Process.End end = good("logs", "--job-id=j1");

    assertThat(end.out()).isEqualTo("Running 2 tests\n");
    assertThat(end.err()).contains("--follow goes on");
  }

  @Test
  void followedLogsComeLineByLineAndOnce() {
    server
        .on("GET /jobs/j1", Views.job("j1", JobState.QUEUED, null))
        .on("GET /jobs/j1", Views.job("j1", JobState.RUNNING, null))
        .on("GET /jobs/j1", Views.job("j1", JobState.RUNNING, null))
        .on("GET /jobs/j1", Views.job("j1", JobState.FAILED, FailureKind.TEST))
        .on("GET /jobs/j1/logs/1?from=0", bytes(""))
        .on("GET /jobs/j1/logs/1?from=0", bytes("Running 1 test\n"))
        .on("GET /jobs/j1/logs/1?from=15", bytes(""))
        .on("GET /jobs/j1/logs/1?from=15", bytes("1 failed\n"))
        .on("GET /jobs/j1/logs/1?from=24", bytes(""));

    Process.End end = good("logs", "--job-id=j1", "--follow");

    assertThat(end.out()).isEqualTo("Running 1 test\n1 failed\n");
    assertThat(end.err())
        .containsSubsequence(
            "job j1: queued", "job j1: running on", "job j1: failed", "attempt 1, failed");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void artifactsOfARunLieInAFolderForEachJob() {
    byte[] bytes = "hello".getBytes(StandardCharsets.UTF_8);
    String sha = ScriptedServer.sha256(bytes);
    server
        .on(
            "GET /runs/r1",
            Views.run(
                JobState.FAILED,
                Views.job("j1", JobState.FAILED, FailureKind.TEST, "a.txt", sha),
                Views.job("j2", JobState.PASSED, null, "b.txt", sha)))
        .on("GET /jobs/j1/artefacts/1/a.txt", bytes)
        .on("GET /jobs/j2/artefacts/1/b.txt", bytes);

    good("artifacts", "download", "--run-id=r1", "--dir=out");

    assertThat(folder.resolve("out/j1/attempt-1/a.txt")).hasContent("hello");
    assertThat(folder.resolve("out/j2/attempt-1/b.txt")).hasContent("hello");
  }

  @Test
  void aLinkIsPrintedWholeOrAsTheServerSaidIt() {
    server.on(
        "POST /runs/r1/links",
        new dev.qgjob.protocol.report.RunLink("/api/v1/runs/r1/page?sig=x", Views.AT));
    assertThat(good("link", "--run-id=r1").out())
        .isEqualTo(server.url() + "/api/v1/runs/r1/page?sig=x\n");
    assertThat(good("link", "--run-id=r1", "-o", "json").out()).contains("\"expires_at\"");
  }

  @Test
  void fishIsToldOfEveryCommandAndOption() {
    assertThat(good("completion", "fish").out())
        .contains("complete -c qgjob -n '__fish_use_subcommand' -a retry -d ")
        .contains("complete -c qgjob -n '__fish_seen_subcommand_from run' -l junit -r -F -d ")
        .contains(
            "__fish_seen_subcommand_from artifacts; and __fish_seen_subcommand_from download");
  }

  @Test
  void helpNeedsNoColours() {
    assertThat(good("--help", "--no-color").out()).doesNotContain("\u001b[");
    assertThat(good("run", "--help").out())
        .contains("--fail-on-flaky")
        .contains("[--test=SPEC]...");
  }

  @Test
  void listsAreALineForEachElementInNdjson() {
    server.on("GET /slots", Views.slots(Target.DEVICE, Target.EMULATOR));
    assertThat(good("devices", "-o", "ndjson").out().lines())
        .hasSize(2)
        .allMatch(l -> l.startsWith("{"));
  }

  @Test
  void statusOfAWaitingJobSaysWhatItWaitsFor() {
    server.on("GET /jobs/abc456", Views.job("abc456", JobState.QUEUED, null));

    assertThat(good("status", "--job-id=abc456").out())
        .contains("waits for  a free emulator; 2 jobs are before it");
  }

  @Test
  void statusOfARunIsATable() {
    server.on(
        "GET /runs/r1",
        Views.run(JobState.FAILED, Views.job("j1", JobState.FAILED, FailureKind.TEST)));

    assertThat(good("status", "--run-id=r1").out())
        .contains("| failed  | tests/onboarding.spec.js | 1 failed |")
        .contains("installs 2 (stock AppWright: 10), about 4.5 min saved\n")
        .contains("> 12 |")
        .as("an older server, or a day without an end")
        .doesNotContain("today");
  }

  @Test
  void statusOfARunTellsTheDay() {
    server
        .on("GET /runs/r1", Views.run(JobState.PASSED, Views.job("j1", JobState.PASSED, null)))
        .on(
            "GET /savings?days=1",
            new SavingsList(List.of(new DaySavings("2026-01-02", 3, 90, 5220L))));

    assertThat(good("status", "--run-id=r1").out())
        .endsWith(
            "installs 2 (stock AppWright: 10), about 4.5 min saved\n"
                + "today (UTC), all runs: installs 3 (stock AppWright: 90), about 87.0 min"
                + " saved\n");
  }

  @Test
  void jsonIsTheServersOwnText() throws Exception {
    String text = "{ \"job_id\": \"abc\", \"test_path\": \"x\", \"from_the_future\": [1] }";
    server.on("GET /jobs/abc", text);

    assertThat(good("status", "--job-id=abc", "-o", "json").out()).isEqualTo(text + "\n");
  }

  @Test
  void anUnknownJobIsOneLine() {
    server.refuse("GET /jobs/nope", 404, "there is no job nope", "look at qgjob list");

    Process.End end = process.qgjob("status", "--job-id=nope");

    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err()).isEqualTo("qgjob: there is no job nope (look at qgjob list)\n");
    assertThat(end.out()).isEmpty();
  }

  @Test
  void jobIdsAreNoPaths() {
    process.qgjob("status", "--job-id=../runs/r1?x");
    process.qgjob("status", "--job-id=..");

    assertThat(server.heard())
        .extracting(ScriptedServer.Heard::line)
        .containsExactly("GET /jobs/..%2Fruns%2Fr1%3Fx", "GET /jobs/%2E%2E");
  }

  @Test
  void listsRuns() {
    server.on("GET /runs?limit=5", new RunList(List.of(Views.run(JobState.PASSED, true))));

    assertThat(good("list", "--limit=5").out()).contains("r1").contains("passed (flaky)");
  }

  @Test
  void cancelsJobsAndRuns() {
    server
        .on("POST /jobs/j1/cancel", Views.job("j1", JobState.CANCELLED, null))
        .on("POST /runs/r1/cancel", Views.run(JobState.CANCELLED));

    assertThat(good("cancel", "--job-id=j1").out()).isEqualTo("job j1: cancelled\n");
    assertThat(good("cancel", "--run-id=r1").out()).isEqualTo("run r1: cancelled\n");
  }

  @Test
  void exactlyOneOfJobAndRun() {
    assertThat(process.qgjob("status").code()).isEqualTo(2);
    assertThat(process.qgjob("cancel", "--job-id=a", "--run-id=b").code()).isEqualTo(2);
  }

  @Test
  void downloadsArtefacts() {
    byte[] bytes = "bytes".getBytes(StandardCharsets.UTF_8);
    server
        .on(
            "GET /jobs/j1",
            Views.job("j1", JobState.PASSED, null, "a log.txt", ScriptedServer.sha256(bytes)))
        .on("GET /jobs/j1/artefacts/1/a%20log.txt", bytes);

    Process.End end = good("artifacts", "download", "--job-id=j1", "--dir=out");

    Path file = folder.resolve("out/attempt-1/a log.txt");
    assertThat(file).hasContent("bytes");
    assertThat(end.out()).isEqualTo(file + "\n");
  }

  @Test
  void aDamagedArtefactDoesNotStay() {
    server
        .on("GET /jobs/j1", Views.job("j1", JobState.PASSED, null))
        .on("GET /jobs/j1/artefacts/1/file-j1.txt", "bytes");

    Process.End end = process.qgjob("artifacts", "download", "--job-id=j1", "--dir=out");

    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err()).contains("file-j1.txt arrived damaged");
    assertThat(folder.resolve("out/attempt-1")).isEmptyDirectory();
  }

  @Test
  void anArtefactStaysWithinItsFolder() {
    server.on("GET /jobs/j1", Views.job("j1", JobState.PASSED, null, "../../x", "0".repeat(64)));

    Process.End end = process.qgjob("artifacts", "download", "--job-id=j1", "--dir=out");

    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err()).contains("../../x");
  }

  @Test
  void showsDevices() {
    server.on("GET /slots", Views.slots(Target.EMULATOR));
    assertThat(good("devices").out())
        .contains("host-1/emulator/udid")
        .contains("model=Pixel 8")
        .contains("com.example.app@abababababab");
  }

  /**
   * What a slot runs and holds is told to admins alone; an empty column would say it held nothing.
   */
  @Test
  void whatTheServerDoesNotTellOfSlotsIsNoEmptyColumn() {
    SlotView slot = Views.slot(Target.EMULATOR, "busy");
    SlotView told =
        new SlotView(
            slot.slotId(),
            slot.workerId(),
            slot.target(),
            slot.udid(),
            slot.state(),
            null,
            slot.capabilities(),
            List.of(),
            slot.lastBeatAt(),
            null,
            null);
    server.on("GET /slots", new SlotList(List.of(told)));
    assertThat(good("devices").out()).contains("busy").doesNotContain("holds", "job");
  }

  @Test
  void whyTheAttemptBeforeBrokeIsNotSaidOfTheOneThatRuns() {
    server.on("GET /jobs/j1", Views.job("j1", JobState.RUNNING, FailureKind.INFRASTRUCTURE));
    assertThat(good("status", "--job-id=j1").out())
        .contains("state      running; the attempt before ended (infrastructure)");
  }

  @Test
  void noRunsAreSaidInWords() {
    server
        .on("GET /runs?limit=20", new RunList(List.of()))
        .on("GET /savings?days=7", new SavingsList(List.of()));
    assertThat(good("list").out()).isEqualTo("no runs\n");
    assertThat(good("savings").out()).isEqualTo("no runs in these days\n");
  }

  @Test
  void noDevicesIsSaidInWords() {
    server.on("GET /slots", new SlotList(List.of()));
    assertThat(good("devices").out()).isEqualTo("no worker offers a slot\n");
  }

  @Test
  void showsTheBuildsOfAnAppVersion() {
    server.on("GET /apps/xyz123", Views.app("xyz123"));
    assertThat(good("apps", "--app-version-id=xyz123").out()).contains("app-debug.apk");
  }

  @Test
  void listsTheNewestBuilds() {
    server.on("GET /apps?limit=20", new AppList(List.of(Views.app("xyz123"))));
    assertThat(good("apps").out()).contains("app version", "xyz123", "app-debug.apk");
  }

  @Test
  void anOrgWithoutBuildsIsToldHowToHaveOne() {
    server.on("GET /apps?limit=20", new AppList(List.of()));
    assertThat(good("apps").out()).contains("no builds: submit with --app FILE");
  }

  @Test
  void healthNeedsNoToken() {
    server.on("GET /health", new Health(true, true, "1.2", Map.of("database", "ok")));
    process.env("QGJOB_TOKEN", "");

    assertThat(good("health").out()).contains("qgjob server 1.2: ready").contains("database: ok");
  }

  @Test
  void anUnreadyServerIsAnError() {
    server.on("GET /health", 503, new Health(true, false, "1.2", Map.of("database", "no answer")));

    Process.End end = process.qgjob("health");

    assertThat(end.code()).isEqualTo(1);
    assertThat(end.out()).contains("not ready").contains("database: no answer");
  }

  @Test
  void whoami() {
    server.on("GET /me", new Identity(Role.SUBMITTER, "qualgent", null));
    assertThat(good("whoami").out()).isEqualTo("submitter of qualgent\n");
  }

  @Test
  void loginKeepsWhatTheServerAccepted() throws Exception {
    server.on("GET /me", new Identity(Role.SUBMITTER, "qualgent", null));
    process.env("QGJOB_SERVER", "").env("QGJOB_TOKEN", "").stdin(ScriptedServer.TOKEN + "\n");

    good("login", "--server", server.url(), "--token-file", "-");

    Path kept = process.home().resolve(".config/qgjob/credentials");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("rw-------");
    assertThat(good("whoami").out()).isEqualTo("submitter of qualgent\n");
  }

  @Test
  void loginWithAWrongTokenKeepsNothing() {
    Process.End end = process.qgjob("login", "--server", server.url(), "--token", "wrong");

    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err()).startsWith("qgjob: the token is not known;").hasLineCount(1);
    assertThat(process.home().resolve(".config")).doesNotExist();
  }

  @Test
  void aKeptTokenGoesToItsServerOnly() {
    server.on("GET /me", new Identity(Role.ADMIN, null, null));
    good("login", "--server", server.url(), "--token", ScriptedServer.TOKEN);
    try (ScriptedServer other = new ScriptedServer()) {
      process.env("QGJOB_TOKEN", "").env("QGJOB_SERVER", other.url());

      Process.End end = process.qgjob("whoami");

      assertThat(end.code()).isEqualTo(2);
      assertThat(end.err()).contains("no token for " + other.url()).contains("qgjob login");
      assertThat(other.heard()).isEmpty();
    }
  }

  @Test
  void aBrokenCredentialsFileIsNamed() throws Exception {
    Path kept = process.home().resolve(".config/qgjob/credentials");
    Files.createDirectories(kept.getParent());
    Files.writeString(kept, "{}");
    process.env("QGJOB_SERVER", "");

    Process.End end = process.qgjob("whoami");

    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err()).contains(kept + " is not a credentials file; run qgjob login again");
  }

  @Test
  void adminOrg() {
    OrgView org = new OrgView("qualgent", "QualGent", Views.AT, 1, null, null);
    server.on("POST /orgs", 201, org).on("GET /orgs", List.of(org));

    assertThat(good("admin", "org", "create", "qualgent", "--name=QualGent").out())
        .isEqualTo("qualgent\n");
    assertThat(server.heard("POST /orgs").orElseThrow().json(CreateOrg.class))
        .isEqualTo(new CreateOrg("qualgent", "QualGent"));
    assertThat(good("admin", "org", "list").out()).contains("qualgent").contains("QualGent");
  }

  @Test
  void explain() {
    server.on(
        "GET /jobs/j1/explanation",
        new ExplanationView(
            "j1",
            JobState.QUEUED,
            "behind-its-group",
            "behind 14 jobs of its group on slot s1",
            "those jobs' ends",
            15,
            20,
            Views.AT,
            Views.AT.plusSeconds(60),
            Views.AT.plusSeconds(20),
            Views.AT.plusSeconds(90)));
    assertThat(good("explain", "--job-id=j1").out())
        .contains("because       behind 14 jobs of its group on slot s1")
        .contains("unblocked by  those jobs' ends")
        .contains("position      15 of 20 waiting of its group")
        .contains("starts        about ");
    assertThat(good("explain", "--job-id=j1", "-o", "json").out())
        .contains("\"constraint\"", "behind-its-group");
    assertThat(process.qgjob("explain").code()).isEqualTo(2);
  }

  @Test
  void savings() {
    server.on(
        "GET /savings?days=2",
        new SavingsList(List.of(new DaySavings("2026-01-02", 3, 90, 5220L))));
    assertThat(good("savings", "--days=2").out())
        .contains("2026-01-02")
        .contains("90")
        .contains("87.0 min");
  }

  @Test
  void adminShares() {
    server
        .on("POST /orgs/qualgent/share", new OrgView("qualgent", "QualGent", Views.AT, 2, null, 90))
        .on("GET /targets", List.of(new TargetLimit(Target.DEVICE, 4)))
        .on("POST /targets", List.of(new TargetLimit(Target.DEVICE, null)));

    assertThat(
            good(
                    "admin",
                    "org",
                    "set",
                    "qualgent",
                    "--weight=2",
                    "--cap=none",
                    "--browserstack-minutes=90")
                .out())
        .isEqualTo("qualgent: weight 2.0, cap none, BrowserStack minutes 90\n");
    assertThat(server.heard("POST /orgs/qualgent/share").orElseThrow().json(SetShare.class))
        .isEqualTo(new SetShare(2.0, null, true, 90, null));
    assertThat(good("admin", "target", "list").out()).contains("device").contains("4");
    assertThat(good("admin", "target", "set", "device", "--cap=7").out()).contains("none");
    assertThat(server.heard("POST /targets").orElseThrow().json(TargetLimit.class))
        .isEqualTo(new TargetLimit(Target.DEVICE, 7));
    Process.End nothing = process.qgjob("admin", "org", "set", "qualgent");
    assertThat(nothing.code()).isEqualTo(2);
    assertThat(process.qgjob("admin", "org", "set", "qualgent", "--cap=-1").code()).isEqualTo(2);
  }

  @Test
  void devicesAreHeldAndReleased() {
    SlotView slot = Views.slot(Target.DEVICE, "idle");
    String hold = "/slots/" + slot.slotId() + "/hold";
    server
        .on("GET /slots", new SlotList(List.of(slot)))
        .on("POST " + hold, slot)
        .on("DELETE " + hold, 204, "");

    assertThat(good("devices", "list").out()).contains(slot.slotId());
    assertThat(good("devices", "describe", slot.slotId()).out())
        .contains(slot.slotId() + ": idle")
        .contains("model=Pixel 8");
    assertThat(process.qgjob("devices", "describe", "nobody").code()).isEqualTo(2);
    good("devices", "hold", slot.slotId(), "--for=2h", "--reason=the keyboard");
    assertThat(server.heard("POST " + hold).orElseThrow().json(HoldSlot.class))
        .isEqualTo(new HoldSlot(7200, "the keyboard"));
    assertThat(process.qgjob("devices", "hold", slot.slotId(), "--for=8d", "--reason=x").code())
        .isEqualTo(2);
    good("devices", "release", slot.slotId());
    assertThat(server.heard("DELETE " + hold)).isPresent();
  }

  @Test
  void adminResources() {
    server
        .on("GET /orgs/qualgent/resources", List.of(new ResourceView("staging-account", 2)))
        .on("POST /orgs/qualgent/resources", List.of(new ResourceView("staging-account", 3)))
        .on("DELETE /orgs/qualgent/resources/staging-account", 204, "");

    assertThat(good("admin", "resource", "list", "qualgent").out()).contains("staging-account");
    assertThat(good("admin", "resource", "set", "qualgent", "staging-account", "--count=3").out())
        .contains("3");
    assertThat(server.heard("POST /orgs/qualgent/resources").orElseThrow().json(ResourceView.class))
        .isEqualTo(new ResourceView("staging-account", 3));
    good("admin", "resource", "remove", "qualgent", "staging-account");
    assertThat(server.heard("DELETE /orgs/qualgent/resources/staging-account")).isPresent();
  }

  @Test
  void adminToken() {
    server
        .on(
            "POST /orgs/qualgent/tokens",
            201,
            new TokenCreated("t1", "the-token", Role.SUBMITTER, "qualgent"))
        .on(
            "GET /orgs/qualgent/tokens",
            List.of(new TokenView("t1", Role.SUBMITTER, "qualgent", "ci", Views.AT, null, false)))
        .on("DELETE /tokens/t1", 204, "");

    Process.End made =
        good("admin", "token", "create", "--org=qualgent", "--role=submitter", "--ttl=90d");

    assertThat(made.out()).isEqualTo("the-token\n");
    assertThat(server.heard("POST /orgs/qualgent/tokens").orElseThrow().json(CreateToken.class))
        .isEqualTo(new CreateToken(Role.SUBMITTER, null, 7_776_000L));
    assertThat(good("admin", "token", "list", "--org=qualgent").out()).contains("t1", "submitter");
    assertThat(good("admin", "token", "revoke", "t1").err()).contains("t1 is revoked");
  }

  @Test
  void adminEnrolCode() {
    server.on("POST /enrolments", 201, new EnrolmentCode("code", Views.AT));

    assertThat(good("admin", "enrol-code", "--ttl=10m").out()).isEqualTo("code\n");
    assertThat(server.heard("POST /enrolments").orElseThrow().json(CreateEnrolment.class))
        .isEqualTo(new CreateEnrolment(600L));
    good("admin", "enrol-code", "--untrusted");
    assertThat(server.heard().get(server.heard().size() - 1).json(CreateEnrolment.class))
        .isEqualTo(new CreateEnrolment(null, true));
  }

  @Test
  void everyJsonAnswerIsReadable() throws Exception {
    server.on("GET /slots", Views.slots(Target.DEVICE));
    assertThat(Json.mapper().readValue(good("devices", "-o=json").out(), SlotList.class).slots())
        .hasSize(1);
  }

  @Test
  void noServerLeadsToTheNextStep() {
    process.env("QGJOB_SERVER", "");

    Process.End end = process.qgjob("whoami");

    assertThat(end.code()).isEqualTo(2);
    assertThat(end.err())
        .isEqualTo(
            "qgjob: which server? give --server URL, set QGJOB_SERVER, or run qgjob login\n");
  }

  @Test
  void anUnreachableServerIsOneLine() {
    server.close();

    Process.End end = process.qgjob("whoami");

    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err())
        .startsWith("qgjob: no answer from " + server.url())
        .contains("check that the server is up")
        .hasLineCount(1);
  }

  @Test
  void aServerThatIsNoneIsNamed() {
    assertThat(process.qgjob("whoami", "--server=ftp://x").err()).contains("not a server URL");
    assertThat(process.qgjob("whoami", "--server=http://192.0.2.1").err()).contains("plain HTTP");
    assertThat(process.qgjob("whoami", "--server=a b").code()).isEqualTo(2);
  }

  @Test
  void aServerWithoutItsSchemeIsToldHowToBeWritten() {
    assertThat(process.qgjob("whoami", "--server=127.0.0.1:8080").err())
        .isEqualTo("qgjob: '127.0.0.1:8080' is not a server URL; give it as https://host[:port]\n");
  }

  @Test
  void aMistypedOptionIsNamedBeforeTheOneThatIsMissingForIt() {
    assertThat(process.qgjob("submit", "--app-version-id=1", "--tests=a.spec.js").err())
        .startsWith("qgjob: Unknown option: '--tests=a.spec.js'");
  }

  @Test
  void aServersOwnFaultIsInfrastructure() {
    server.refuse("GET /me", 503, "the database does not answer", "try again");

    Process.End end = process.qgjob("whoami");

    assertThat(end.code()).isEqualTo(20);
    assertThat(end.err()).contains("[server log: c0ffee]");
  }

  @Test
  void verboseShowsTheStackTrace() {
    assertThat(process.qgjob("whoami", "-v", "--server=ftp://x").err()).contains("\tat dev.qgjob");
    assertThat(process.qgjob("-v", "whoami", "--server=ftp://x").err()).contains("\tat dev.qgjob");
  }

  @Test
  void wrongUseIsOneLineAndPointsToTheHelp() {
    for (String[] args :
        new String[][] {
          {},
          {"frobnicate"},
          {"status", "--jobid=x"},
          {"list", "--limit=many"},
          {"devices", "-o=yaml"},
          {"admin"},
          {"admin", "token"},
          {"admin", "token", "create", "--org=q", "--role=king"},
          {"admin", "enrol-code", "--ttl=soon"}
        }) {
      Process.End end = process.qgjob(args);
      assertThat(end.code()).as(String.join(" ", args)).isEqualTo(2);
      assertThat(end.err())
          .as(String.join(" ", args))
          .startsWith("qgjob: ")
          .contains("--help")
          .hasLineCount(1);
    }
  }

  @Test
  void aMistypedCommandOrOptionIsAnsweredWithTheClosest() {
    assertThat(process.qgjob("stauts").err())
        .isEqualTo(
            "qgjob: Unmatched argument at index 0: 'stauts'; did you mean status?"
                + " (see qgjob --help)\n");
    assertThat(process.qgjob("submit", "--app-version=1").err()).contains("--app-version-id");
  }

  @Test
  void aBrokenProjectFileIsNamedInItsOwnWords() throws Exception {
    dev.qgjob.cli.submit.Project.usual(folder);
    Files.writeString(folder.resolve(".qgjob.yml"), "{bad");
    Process.End end = process.qgjob("submit", "--app-version-id=1", "--test=tests/a.spec.js");

    assertThat(end.code()).isEqualTo(2);
    assertThat(end.err())
        .startsWith("qgjob: " + folder.resolve(".qgjob.yml") + ":")
        .contains("is not YAML")
        .doesNotContain("while processing", "Failure")
        .hasLineCount(1);
  }

  @Test
  void helpListsCommandsAndExitCodes() {
    assertThat(good("--help").out())
        .contains("submit", "wait", "status", "124", "the wait timed out");
    assertThat(good("wait", "--help").out()).contains("through a phone, worker");
    assertThat(good("--version").out()).startsWith("qgjob ");
    assertThat(good("status", "--version").out()).startsWith("qgjob ");
  }

  @Test
  void completionKnowsTheCommands() {
    assertThat(good("completion", "bash").out()).contains("--app-version-id");
    assertThat(process.qgjob("completion", "tcsh").code()).isEqualTo(2);
  }
}

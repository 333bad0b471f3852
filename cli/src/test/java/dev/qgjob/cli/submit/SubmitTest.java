package dev.qgjob.cli.submit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.cli.Process;
import dev.qgjob.cli.ScriptedServer;
import dev.qgjob.cli.Views;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.submit.AppFile;
import dev.qgjob.protocol.submit.RunSubmission;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubmitTest {
  private static final String[] CHALLENGE = {
    "submit", "--org-id=qualgent", "--app-version-id=xyz123", "--test=tests/onboarding.spec.js"
  };

  @TempDir Path folder;
  private ScriptedServer server;
  private Process process;
  private Project project;

  @BeforeEach
  void start() throws Exception {
    Path root = Files.createDirectory(folder.resolve("app"));
    server =
        new ScriptedServer()
            .on("GET /slots", Views.slots(Target.DEVICE))
            .on(
                "POST /runs",
                201,
                Views.run(JobState.QUEUED, Views.job("j1", JobState.QUEUED, null)));
    process = new Process(root).env("HOME", folder.resolve("home").toString()).at(server);
    project = Project.usual(root).apk("builds/app.apk");
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private RunSubmission submitted(String... args) {
    Process.End end = process.qgjob(args);
    assertThat(end.code()).as(end.err()).isZero();
    return server.heard("POST /runs").orElseThrow().json(RunSubmission.class);
  }

  private String refused(String... args) {
    Process.End end = process.qgjob(args);
    assertThat(end.code()).as(end.err()).isEqualTo(2);
    assertThat(end.out()).isEmpty();
    assertThat(end.err()).startsWith("qgjob: ").hasLineCount(1);
    assertThat(server.blobs()).isEmpty();
    return end.err();
  }

  private static String[] with(String... more) {
    String[] args = java.util.Arrays.copyOf(CHALLENGE, CHALLENGE.length + more.length);
    System.arraycopy(more, 0, args, CHALLENGE.length, more.length);
    return args;
  }

  @Test
  void theChallengesSpellingWorksAsItStands() throws Exception {
    server.on("GET /slots", Views.slots(Target.DEVICE));

    RunSubmission run = submitted(with("--target=emulator"));

    assertThat(run.orgId()).isEqualTo("qualgent");
    assertThat(run.appVersionId()).isEqualTo("xyz123");
    assertThat(run.tests()).containsExactly("tests/onboarding.spec.js");
    assertThat(run.project()).isEqualTo("android");
    assertThat(run.targets()).containsExactly(Target.EMULATOR);
    assertThat(run.config()).isEqualTo("appwright.config.js");
    assertThat(run.projectDir()).isEqualTo(".");
    assertThat(run.app().fileName()).isEqualTo("app.apk");
    assertThat(server.blobs())
        .containsOnlyKeys(run.bundleSha256(), run.app().sha256())
        .containsEntry(
            run.app().sha256(), Files.readAllBytes(project.root().resolve("builds/app.apk")));
    assertThat(run.stock()).isNull();
    assertThat(run.reset()).isNull();
    assertThat(server.heard("POST /runs").orElseThrow().headers()).containsKey("Idempotency-key");
  }

  @Test
  void thatNoSlotIsThereIsToldAtOnceAndItWaits() throws Exception {
    String waits =
        Json.mapper()
            .writeValueAsString(
                Views.run(
                    JobState.QUEUED,
                    Views.job("j1", JobState.QUEUED, null),
                    Views.job("j2", JobState.QUEUED, null)))
            .replace(
                "a free emulator; 2 jobs are before it",
                "a live slot of target emulator: there is none");
    try (ScriptedServer other =
        new ScriptedServer().on("GET /slots", Views.slots()).on("POST /runs", 201, waits)) {
      Process.End end = process.at(other).qgjob(with("--target=emulator"));
      assertThat(end.code()).as(end.err()).isZero();
      assertThat(end.err())
          .contains(
              "2 jobs wait for a live slot of target emulator: there is none until a worker brings"
                  + " one\n");
    }
    assertThat(process.at(server).qgjob(with("--target=emulator")).err())
        .doesNotContain("wait for");
  }

  @Test
  void everyOptionArrives() {
    process.env("API_TOKEN", "hush");
    RunSubmission run =
        submitted(
            with(
                "--test=tests/**/*.spec.ts",
                "--target=device",
                "--target=emulator",
                "--project=shelf",
                "--priority=7",
                "--app=builds/app.apk",
                "--reset=full",
                "--retries=2",
                "--timeout=10m",
                "--stock",
                "--grep=@smoke|@login",
                "--grep-invert",
                "-slow",
                "--name=nightly",
                "-e",
                "A=b=c",
                "-eHOME",
                "--secret=API_TOKEN",
                "--device=model=Pixel 8",
                "--device=shelf=2",
                "--wait-for-device",
                "--resource=staging-account",
                "--split-specs",
                "--idempotency-key=key-1"));

    assertThat(run)
        .returns(
            List.of("tests/deep/er/cart.spec.ts", "tests/onboarding.spec.js"), RunSubmission::tests)
        .returns(List.of(Target.DEVICE, Target.EMULATOR), RunSubmission::targets)
        .returns("shelf", RunSubmission::project)
        .returns(7, RunSubmission::priority)
        .returns(ResetPolicy.FULL, RunSubmission::reset)
        .returns(2, RunSubmission::retries)
        .returns(600, RunSubmission::timeoutS)
        .returns(true, RunSubmission::stock)
        .returns("@smoke|@login", RunSubmission::grep)
        .returns("-slow", RunSubmission::grepInvert)
        .returns("nightly", RunSubmission::name)
        .returns(List.of("staging-account"), RunSubmission::resources)
        .returns(
            Map.of("A", "b=c", "HOME", folder.resolve("home").toString()),
            RunSubmission::environment)
        .returns(Map.of("API_TOKEN", "hush"), RunSubmission::secrets)
        .returns(Map.of("model", "Pixel 8", "shelf", "2"), RunSubmission::device)
        .returns(true, RunSubmission::splitSpecs)
        .returns(true, RunSubmission::waitForDevice);
    assertThat(server.heard("POST /runs").orElseThrow().headers())
        .containsEntry("Idempotency-key", "key-1");
  }

  @Test
  void aBuildMayBeSeveralFiles() {
    project
        .apk("arm.apk", "org.x", "arm64-v8a")
        .apk("x86.apk", "org.x", "x86_64")
        .apk("mock.apk", "org.mock");
    String[] args =
        with("--target=emulator", "--app=arm.apk", "--app=x86.apk", "--companion=mock.apk");
    RunSubmission run = submitted(args);

    assertThat(run.app().fileName()).isEqualTo("arm.apk");
    assertThat(run.appVariants()).extracting(AppFile::fileName).containsExactly("x86.apk");
    assertThat(run.companions()).extracting(AppFile::fileName).containsExactly("mock.apk");
    assertThat(server.blobs())
        .containsOnlyKeys(
            run.bundleSha256(),
            run.app().sha256(),
            run.appVariants().get(0).sha256(),
            run.companions().get(0).sha256());
    submitted(args);
    assertThat(server.heard().stream().filter(r -> r.line().startsWith("PUT")))
        .as("only what the server lacks")
        .hasSize(4);
    assertThat(process.qgjob(with("--app=arm.apk", "--companion=mock.apk", "--dry-run")).out())
        .contains("app      xyz123, arm.apk\nbeside   mock.apk\n");
  }

  @Test
  void filesThatAreNoBuildTogetherAreRefusedBeforeAnythingIsSent() {
    project
        .apk("arm.apk", "org.x", "arm64-v8a", "armeabi-v7a")
        .apk("old.apk", "org.x", "armeabi-v7a")
        .apk("any.apk", "org.x")
        .apk("any2.apk", "org.x")
        .apk("y.apk", "org.y", "x86")
        .apk("y2.apk", "org.y");
    assertThat(refused(with("--app=arm.apk", "--app=old.apk")))
        .contains("--app arm.apk and old.apk are both for ABI armeabi-v7a");
    assertThat(refused(with("--app=any.apk", "--app=any2.apk")))
        .contains("--app any.apk and any2.apk are both without native code");
    assertThat(refused(with("--app=arm.apk", "--app=y.apk")))
        .contains("y.apk is of package org.y, and arm.apk is of org.x")
        .contains("--companion");
    assertThat(refused(with("--app=arm.apk", "--companion=any.apk")))
        .contains("--companion any.apk is of the app's own package org.x");
    assertThat(refused(with("--app=arm.apk", "--companion=y.apk", "--companion=y2.apk")))
        .contains("y.apk and y2.apk are both of package org.y");
    assertThat(refused(with("--app=arm.apk", "--companion=builds/app.apk")))
        .contains("builds/app.apk is not a readable APK");
    assertThat(refused(with("--companion=y.apk"))).contains("--companion needs the app");
  }

  @Test
  void anyTargetIsWhateverTheConfigHasAProjectFor() {
    server.on("GET /slots", Views.slots(Target.DEVICE));
    assertThat(submitted(with("--target=any", "--app=builds/app.apk")).targets())
        .as("the one first that has a slot")
        .containsExactly(Target.DEVICE, Target.EMULATOR, Target.BROWSERSTACK);
  }

  @Test
  void anyTargetMayComeAfterOneThatIsPreferred() {
    server.on("GET /slots", Views.slots(Target.BROWSERSTACK, Target.DEVICE));
    assertThat(submitted(with("--target=device,any", "--app=builds/app.apk")).targets())
        .containsExactly(Target.DEVICE, Target.EMULATOR, Target.BROWSERSTACK);
  }

  @Test
  void aProjectThatIsNamedHasItsOwnTarget() {
    assertThat(submitted(with("--target=any", "--project=shelf", "--app=builds/app.apk")).targets())
        .containsExactly(Target.DEVICE);
  }

  @Test
  void aSecretIsNamedAndNeverSaid() {
    process.env("API_TOKEN", "hush-4711");
    for (String style : List.of("text", "json")) {
      Process.End end =
          process.qgjob(with("--target=emulator", "--secret=API_TOKEN", "--dry-run", "-o", style));
      assertThat(end.code()).as(end.err()).isZero();
      assertThat(end.out()).contains("API_TOKEN").doesNotContain("hush");
      assertThat(end.err()).doesNotContain("hush");
    }
    assertThat(refused(with("--secret=API_TOKEN=hush-4711")))
        .contains("takes a name alone")
        .doesNotContain("hush");
    assertThat(refused(with("--secret=NOT_THERE"))).contains("NOT_THERE is not set");
  }

  @Test
  void aDryRunSendsNothing() {
    Process.End end =
        process.qgjob(
            with("--target=emulator", "--label=team=a", "--device=model=Pixel 8", "--dry-run"));

    assertThat(end.code()).as(end.err()).isZero();
    assertThat(end.out())
        .contains("server   " + server.url())
        .contains("target   emulator")
        .contains("labels   team=a")
        .contains("device   model=Pixel 8")
        .contains("job      tests/onboarding.spec.js")
        .contains("nothing was submitted");
    assertThat(server.blobs()).isEmpty();
    assertThat(server.heard("POST /runs")).isEmpty();
  }

  @Test
  void aDryRunInJsonIsWhatWouldBeSent() throws Exception {
    Process.End dry = process.qgjob(with("--target=emulator", "--dry-run", "-o", "json"));
    RunSubmission would = dev.qgjob.client.Json.mapper().readValue(dry.out(), RunSubmission.class);

    assertThat(submitted(with("--target=emulator"))).isEqualTo(would);
  }

  @Test
  void runWaitsForTheVerdictAndAsyncDoesNot() {
    server.on(
        "GET /runs/r1",
        Views.run(
            JobState.FAILED,
            Views.job("j1", JobState.FAILED, dev.qgjob.protocol.FailureKind.TEST)));
    String[] args = with("--target=emulator");
    args[0] = "run";
    assertThat(process.qgjob(args).code()).isEqualTo(10);
    String[] async = with("--target=emulator", "--async");
    async[0] = "run";
    assertThat(process.qgjob(async).code()).isZero();
  }

  @Test
  void anEarlierRunOfTheSameKeyIsCancelled() {
    var open = Views.job("j0", JobState.RUNNING, null);
    server.on(
        "GET /runs?limit=200",
        new dev.qgjob.protocol.report.RunList(
            java.util.List.of(
                earlier("r1", JobState.QUEUED, "main", 0), // this one itself
                earlier("mine", JobState.RUNNING, "main", -1),
                earlier("over", JobState.PASSED, "main", -1),
                earlier("later", JobState.RUNNING, "main", 1),
                earlier("others", JobState.RUNNING, "feature", -1))));
    server.on("POST /runs/mine/cancel", Views.run(JobState.RUNNING, open));

    RunSubmission run = submitted(with("--target=emulator", "--supersede=main"));

    assertThat(run.labels()).containsEntry("supersede", "main");
    assertThat(server.heard())
        .extracting(ScriptedServer.Heard::line)
        .filteredOn(line -> line.endsWith("/cancel"))
        .containsExactly("POST /runs/mine/cancel");
  }

  private static dev.qgjob.protocol.report.RunView earlier(
      String id, JobState state, String key, int seconds) {
    return new dev.qgjob.protocol.report.RunView(
        id,
        "qualgent",
        "xyz123",
        1,
        null,
        state,
        false,
        0,
        0,
        null,
        Views.AT.plusSeconds(seconds),
        null,
        List.of(),
        Map.of("supersede", key));
  }

  @Test
  void aStepOfCiThatIsTriedAgainJoinsItsRun() {
    process.env("GITHUB_ACTIONS", "true").env("GITHUB_RUN_ID", "7").env("GITHUB_SHA", "c0ffee");

    RunSubmission first = submitted(with("--target=emulator", "--label=sha=mine"));
    submitted(with("--target=emulator", "--label=sha=mine"));

    assertThat(first.labels()).containsEntry("sha", "mine");
    assertThat(server.heard())
        .filteredOn(heard -> heard.line().equals("POST /runs"))
        .extracting(heard -> heard.headers().get("Idempotency-key"))
        .hasSize(2)
        .allMatch(key -> key.startsWith("ci-"))
        .containsOnly(server.heard("POST /runs").orElseThrow().headers().get("Idempotency-key"));
  }

  @Test
  void printsTheRunAndItsJobs() {
    Process.End end = process.qgjob(with("--target=emulator"));

    assertThat(end.out())
        .isEqualTo(
            """
            run r1: 1 job of qualgent/xyz123 build 1
              job j1  tests/onboarding.spec.js on emulator
            """);
    assertThat(end.err())
        .contains("uploading the project, ", " kB\n")
        .contains("qgjob wait --run-id=r1");
  }

  @Test
  void blobsGoUpOnce() {
    submitted(with("--target=emulator"));
    submitted(with("--target=emulator"));

    assertThat(server.heard().stream().filter(r -> r.line().startsWith("PUT"))).hasSize(2);
  }

  @Test
  void theTargetIsTheFirstOfTheConfigWithASlot() {
    RunSubmission run = submitted(with("--app=builds/app.apk"));

    assertThat(run.project()).isEqualTo("shelf");
    assertThat(run.targets()).containsExactly(Target.DEVICE);
  }

  @Test
  void targetsThatWereAskedForGoAlongEachWithItsProject() {
    RunSubmission run = submitted(with("--target=emulator,device", "--app=builds/app.apk"));

    assertThat(run.project()).isEqualTo("shelf");
    assertThat(run.targets()).containsExactly(Target.DEVICE, Target.EMULATOR);
    assertThat(run.projects())
        .isEqualTo(Map.of(Target.DEVICE, "shelf", Target.EMULATOR, "android"));
  }

  @Test
  void aTargetWhoseProjectHasAnotherAppDoesNotGoAlong() {
    server.on("GET /apps/xyz123", Views.app("xyz123"));

    RunSubmission run = submitted(with("--target=emulator,device"));

    assertThat(run.targets()).containsExactly(Target.DEVICE);
    assertThat(run.projects()).isNull();
  }

  @Test
  void withoutSlotsTheTargetIsTheConfigsFirst() throws Exception {
    try (ScriptedServer empty = new ScriptedServer()) {
      empty
          .on(
              "GET /slots",
              new dev.qgjob.protocol.fleet.SlotList(List.of(Views.slot(Target.DEVICE, "away"))))
          .on("POST /runs", 201, Views.run(JobState.QUEUED));
      process.at(empty);

      assertThat(process.qgjob(CHALLENGE).code()).isZero();
      assertThat(empty.heard("POST /runs").orElseThrow().json(RunSubmission.class).targets())
          .containsExactly(Target.EMULATOR);
    }
  }

  @Test
  void theServersBuildComesBeforeTheBuildPath() {
    server.on("GET /apps/xyz123", Views.app("xyz123"));

    RunSubmission run = submitted(with("--target=emulator"));

    assertThat(run.app()).isNull();
    assertThat(server.blobs()).containsOnlyKeys(run.bundleSha256());
  }

  @Test
  void noAppIsOneErrorThatNamesAllThreeWays() {
    assertThat(refused(with("--project=shelf")))
        .contains("--app")
        .contains("the server knows no build of xyz123")
        .contains("project shelf has no buildPath");
    assertThat(refused(with("--project=cloud"))).contains("buildPath bs://abc").contains("no file");
  }

  @Test
  void anUnreadableApkIsRefused() {
    project.file("text.apk", "no zip").zip("other.apk", "classes.dex");

    assertThat(refused(with("--app=text.apk"))).contains("--app").contains("not a readable APK");
    assertThat(refused(with("--app=other.apk"))).contains("no AndroidManifest.xml");
    assertThat(refused(with("--app=none.apk"))).contains("does not exist");
    project.zip("builds/app.apk", "classes.dex");
    assertThat(refused(with("--target=emulator"))).contains("buildPath").contains("not an APK");
  }

  @Test
  void aTestHasToBeASpecOfTheProject() throws Exception {
    Files.writeString(folder.resolve("outside.spec.js"), "//");
    String[] head = {"submit", "--app-version-id=x", "--test"};

    assertThat(refused(head[0], head[1], head[2], "tests/none.spec.js"))
        .contains("--test tests/none.spec.js does not exist in the project " + project.root());
    assertThat(refused(head[0], head[1], head[2], "../outside.spec.js"))
        .contains("lies outside the project");
    assertThat(refused(head[0], head[1], head[2], folder.resolve("outside.spec.js").toString()))
        .contains("lies outside the project");
    assertThat(refused(head[0], head[1], head[2], "tests")).contains("is a folder");
    assertThat(refused(head[0], head[1], head[2], "")).contains("empty");
    assertThat(refused(head[0], head[1], head[2], "tests/**/*.test.js"))
        .contains("--test tests/**/*.test.js matches no file");
    assertThat(refused(head[0], head[1], head[2], "tests/[.js")).contains("not a pattern");
  }

  @Test
  void aTestThatIsALinkOutOfTheProjectIsRefused() throws Exception {
    Files.writeString(folder.resolve("outside.spec.js"), "//");
    Files.createSymbolicLink(
        project.root().resolve("tests/link.spec.js"), folder.resolve("outside.spec.js"));

    assertThat(refused("submit", "--app-version-id=x", "--test=tests/link.spec.js"))
        .contains("tests/link.spec.js is a link that leaves the project");
  }

  @Test
  void aSpecThatGitIgnoresWouldBeMissing() {
    project.git("init", "-q").file(".gitignore", "tests/login.spec.js\nbuilds\n");

    assertThat(refused("submit", "--app-version-id=x", "--test=tests/login.spec.js"))
        .contains("ignored by git");
  }

  @Test
  void wrongValuesAreNamed() {
    assertThat(refused(with("--priority=101"))).contains("--priority must be -100 to 100");
    assertThat(refused(with("--retries=11"))).contains("--retries");
    assertThat(refused(with("--timeout=2d"))).contains("--timeout");
    assertThat(refused(with("--timeout=soon"))).contains("'soon' is not a duration");
    assertThat(refused(with("--target=phone")))
        .contains("'phone' is none of emulator, device, browserstack");
    assertThat(refused(with("--reset=maybe"))).contains("full, clear-data, confirm, none");
    assertThat(refused(with("-e", "NOT_SET_ANYWHERE"))).contains("NOT_SET_ANYWHERE");
    assertThat(refused(with("-e", "=x"))).contains("has no name");
    assertThat(refused(with("--project=ipad")))
        .contains("no project ipad; it has android (android on emulator), shelf");
    assertThat(refused(with("--project=shelf", "--target=device,browserstack")))
        .contains("project shelf is for local-device and cannot run on device, browserstack");
    assertThat(refused(with("--config=none.config.js"))).contains("--config none.config.js");
    assertThat(refused(with("--project-dir=none"))).contains("--project-dir");
    assertThat(refused(with("--project-dir=tests"))).contains("no appwright.config.ts or .js in");
    assertThat(refused("submit", "--test=x")).contains("--app-version-id");
    assertThat(refused("submit", "--app-version-id=x")).contains("--test");
    assertThat(refused("submit", "--app-version-id= ", "--test=x")).contains("--app-version-id");
  }

  @Test
  void aProjectTooLargeIsToldBeforeAnythingIsSent() throws Exception {
    Files.write(project.root().resolve("video.mp4"), new byte[1_500_000]);

    assertThat(refused(with("--bundle-limit=1", "--target=emulator")))
        .contains("a bundle may have 1.0 MB")
        .contains("largest: video.mp4 1.5 MB");
  }

  @Test
  void withoutNodeThreeOptionsAreNeeded() {
    process.env("PATH", "/nowhere");

    assertThat(refused(CHALLENGE)).contains("no node on the PATH").contains("--project, --target");
    RunSubmission run =
        submitted(with("--project=android", "--target=device", "--app=builds/app.apk"));
    assertThat(run.targets()).containsExactly(Target.DEVICE);
  }

  @Test
  void aForeignOrgIsRefusedBeforeAnythingIsUploaded() {
    server.on("GET /me", new Identity(Role.SUBMITTER, "acme", null));

    Process.End end = process.qgjob(with("--target=emulator"));

    assertThat(end.code()).isEqualTo(1);
    assertThat(end.err())
        .isEqualTo(
            "qgjob: your token is of org acme, not of qualgent; give --org-id=acme, or use a token"
                + " of qualgent\n");
    assertThat(server.blobs()).isEmpty();
    assertThat(server.heard("POST /runs")).isEmpty();
  }

  @Test
  void theTokensOwnOrgMayBeNamed() {
    server.on("GET /me", new Identity(Role.SUBMITTER, "qualgent", null));

    assertThat(submitted(with("--target=emulator")).orgId()).isEqualTo("qualgent");
  }

  /** An older one does not say whose the token is. */
  @Test
  void aForeignOrgIsTheServersToRefuse() {
    try (ScriptedServer strict = new ScriptedServer()) {
      strict
          .on("GET /slots", Views.slots())
          .refuse("POST /runs", 403, "the token is not of org acme", "leave --org-id out");
      process.at(strict);

      Process.End end =
          process.qgjob(
              "submit", "--org-id=acme", "--app-version-id=x", "--test=tests/login.spec.js");

      assertThat(end.code()).isEqualTo(1);
      assertThat(end.err()).endsWith("qgjob: the token is not of org acme (leave --org-id out)\n");
    }
  }

  @Test
  void theOrgMayComeFromTheEnvironment() {
    process.env("QGJOB_ORG", "acme");

    assertThat(
            submitted(
                    "submit",
                    "--app-version-id=x",
                    "--test=tests/login.spec.js",
                    "--target=emulator")
                .orgId())
        .isEqualTo("acme");
  }

  @Test
  void aLostAnswerIsRepeatedUnderTheSameKey() {
    try (ScriptedServer shaky = new ScriptedServer()) {
      shaky
          .on("GET /slots", Views.slots())
          .hangUp("POST /runs")
          .refuse("POST /runs", 503, "not now", "try again")
          .on("POST /runs", 200, Views.run(JobState.QUEUED));
      process.at(shaky);

      Process.End end = process.qgjob(CHALLENGE);

      assertThat(end.code()).as(end.err()).isZero();
      assertThat(end.err()).contains("trying again: no answer").contains("trying again: not now");
      assertThat(
              shaky.heard().stream()
                  .filter(request -> request.line().equals("POST /runs"))
                  .map(request -> request.headers().get("Idempotency-key")))
          .hasSize(3)
          .containsOnly(shaky.heard("POST /runs").orElseThrow().headers().get("Idempotency-key"));
    }
  }

  @Test
  void whatTheServerRefusesAsWrongIsWrongUse() {
    try (ScriptedServer strict = new ScriptedServer()) {
      strict.on("GET /slots", Views.slots()).refuse("POST /runs", 422, "no such thing", "do x");
      process.at(strict);
      assertThat(process.qgjob(CHALLENGE).code()).isEqualTo(2);
    }
  }

  @Test
  void aProjectInAMonorepoBringsTheWorkspacesLockfile() throws Exception {
    Path mono = Files.createDirectory(folder.resolve("mono"));
    Project repo =
        new Project(mono)
            .file("package.json", "{\"workspaces\":[\"apps/*\"]}")
            .file("package-lock.json", "{}")
            .file("apps/other/index.js", "//")
            .git("init", "-q");
    Project.usual(mono.resolve("apps/e2e")).apk("builds/app.apk");
    repo.git("add", ".");

    RunSubmission run =
        submitted(with("--project-dir=" + mono.resolve("apps/e2e"), "--target=emulator"));

    assertThat(run.projectDir()).isEqualTo("apps/e2e");
    assertThat(run.tests()).containsExactly("tests/onboarding.spec.js");
  }

  @Test
  void waitsForTheVerdict() {
    server
        .on("GET /runs/r1", Views.run(JobState.RUNNING, Views.job("j1", JobState.RUNNING, null)))
        .on("GET /runs/r1", Views.run(JobState.PASSED, Views.job("j1", JobState.PASSED, null)));

    Process.End end = process.qgjob(with("--wait", "--target=emulator"));

    assertThat(end.code()).isZero();
    assertThat(end.out()).contains("passed").contains("installs 2 (stock AppWright: 10)");
    assertThat(end.err()).contains("run r1: 1 job");
  }
}

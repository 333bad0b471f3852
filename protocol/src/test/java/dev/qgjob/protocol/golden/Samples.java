package dev.qgjob.protocol.golden;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.Health;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.Problem;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Role;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.TestRef;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.protocol.access.CreateEnrolment;
import dev.qgjob.protocol.access.CreateOrg;
import dev.qgjob.protocol.access.CreateToken;
import dev.qgjob.protocol.access.EnrolWorker;
import dev.qgjob.protocol.access.EnrolmentCode;
import dev.qgjob.protocol.access.Identity;
import dev.qgjob.protocol.access.OrgView;
import dev.qgjob.protocol.access.ResourceView;
import dev.qgjob.protocol.access.SetShare;
import dev.qgjob.protocol.access.TargetLimit;
import dev.qgjob.protocol.access.TokenCreated;
import dev.qgjob.protocol.access.TokenView;
import dev.qgjob.protocol.access.WorkerEnrolled;
import dev.qgjob.protocol.event.JobChange;
import dev.qgjob.protocol.event.RunEnd;
import dev.qgjob.protocol.fleet.Beat;
import dev.qgjob.protocol.fleet.BeatAnswer;
import dev.qgjob.protocol.fleet.BrokerAccess;
import dev.qgjob.protocol.fleet.HoldSlot;
import dev.qgjob.protocol.fleet.Holding;
import dev.qgjob.protocol.fleet.InboxEntry;
import dev.qgjob.protocol.fleet.LeaseAnswer;
import dev.qgjob.protocol.fleet.LeaseRef;
import dev.qgjob.protocol.fleet.RegisterWorker;
import dev.qgjob.protocol.fleet.Rejection;
import dev.qgjob.protocol.fleet.SlotBeat;
import dev.qgjob.protocol.fleet.SlotList;
import dev.qgjob.protocol.fleet.SlotOffer;
import dev.qgjob.protocol.fleet.SlotView;
import dev.qgjob.protocol.fleet.WorkerRegistered;
import dev.qgjob.protocol.lease.AppBinary;
import dev.qgjob.protocol.lease.Claim;
import dev.qgjob.protocol.lease.Finish;
import dev.qgjob.protocol.lease.FinishAnswers;
import dev.qgjob.protocol.lease.Finished;
import dev.qgjob.protocol.lease.Finishes;
import dev.qgjob.protocol.lease.Grant;
import dev.qgjob.protocol.lease.Granted;
import dev.qgjob.protocol.lease.JobFinish;
import dev.qgjob.protocol.lease.JobFinished;
import dev.qgjob.protocol.lease.RunSpecification;
import dev.qgjob.protocol.message.ControlMessage;
import dev.qgjob.protocol.message.EventBatch;
import dev.qgjob.protocol.message.JobMessage;
import dev.qgjob.protocol.report.ArtefactView;
import dev.qgjob.protocol.report.AttemptView;
import dev.qgjob.protocol.report.DaySavings;
import dev.qgjob.protocol.report.ExplanationView;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunLink;
import dev.qgjob.protocol.report.RunList;
import dev.qgjob.protocol.report.RunSavings;
import dev.qgjob.protocol.report.RunView;
import dev.qgjob.protocol.report.SavingsList;
import dev.qgjob.protocol.submit.AppFile;
import dev.qgjob.protocol.submit.AppList;
import dev.qgjob.protocol.submit.AppVersionView;
import dev.qgjob.protocol.submit.BlobAnswer;
import dev.qgjob.protocol.submit.BlobQuestion;
import dev.qgjob.protocol.submit.BuildView;
import dev.qgjob.protocol.submit.RetryRun;
import dev.qgjob.protocol.submit.RunSubmission;
import dev.qgjob.protocol.submit.UploadView;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One record of each kind, with every field set; variants show what may be absent. */
final class Samples {
  private static final Finish PASSED =
      new Finish(
          3, "0123456789abcdef", JobState.PASSED, null, null, 0, 1, 0, 1500, List.of(), null);

  private static final JobChange CHANGE =
      new JobChange(
          "qualgent",
          "run_1",
          "job_1",
          2,
          JobState.ERROR,
          3,
          "host:device:R58",
          true,
          FailureKind.TARGET,
          "the phone vanished");
  private static final Instant AT = Instant.parse("2026-01-02T03:04:05.678Z");
  private static final Instant LATER = Instant.parse("2026-01-02T03:05:00Z");
  private static final String SHA = "ab".repeat(32);
  private static final String OTHER_SHA = "cd".repeat(32);
  private static final String SPEC = "tests/onboarding.spec.js";

  private static final Holding HOLDING = new Holding("com.example.app", SHA);
  private static final InboxEntry WAITING = new InboxEntry("j2", 1);
  private static final LeaseRef LEASE = new LeaseRef("j1", 3, "0123456789abcdef");
  private static final TestResult TEST =
      new TestResult(
          List.of("onboarding", "shows the start screen"),
          SPEC,
          12,
          5,
          TestStatus.TIMED_OUT,
          1500,
          "expected \"Welcome\" within 5000 ms",
          "> 12 | await expect(device.getByText('Welcome')).toBeVisible();");
  private static final ArtefactView ARTEFACT =
      new ArtefactView(
          "report.json", "application/json", 4711, SHA, "/api/v1/jobs/j1/artefacts/2/report.json");
  private static final AttemptView ATTEMPT =
      new AttemptView(
          2,
          "host-1/emulator/emulator-5554",
          JobState.FAILED,
          FailureKind.TEST,
          "1 of 1 tests failed",
          AT,
          LATER,
          1,
          5,
          List.of(TEST),
          List.of(ARTEFACT));
  private static final JobView JOB =
      new JobView(
          "j1",
          "r1",
          "qualgent",
          "xyz123",
          1,
          SPEC,
          new Part(2, 4),
          "android",
          10,
          Target.EMULATOR,
          JobState.FAILED,
          false,
          FailureKind.TEST,
          "1 of 1 tests failed",
          2,
          "host-1/emulator/emulator-5554",
          "the app version's phone is busy",
          AT,
          AT,
          LATER,
          List.of(ATTEMPT),
          true,
          List.of("host-2/emulator/emulator-5554"));
  private static final RunView RUN =
      new RunView(
          "r1",
          "qualgent",
          "xyz123",
          1,
          "nightly",
          JobState.FAILED,
          true,
          1,
          5,
          24L,
          AT,
          LATER,
          List.of(JOB),
          Map.of("branch", "main"));
  private static final BuildView BUILD =
      new BuildView(
          1,
          SHA,
          "app-debug.apk",
          6_400_000_000L,
          "com.example.app",
          "1.2.3",
          AT,
          List.of(new AppFile(SHA, "app-debug.apk"), new AppFile(OTHER_SHA, "mock.apk")));
  private static final SlotOffer OFFER =
      new SlotOffer(
          "host-1/device/R58M1",
          Target.DEVICE,
          "R58M1",
          Map.of("model", "Pixel 8"),
          List.of(HOLDING));
  private static final SlotView SLOT =
      new SlotView(
          "host-1/device/R58M1",
          "w1",
          Target.DEVICE,
          "R58M1",
          "busy",
          "j1",
          Map.of("os_version", "14"),
          List.of(HOLDING),
          AT,
          AT,
          "debugging the keyboard",
          2);
  private static final RunSpecification SPECIFICATION =
      new RunSpecification(
          "qualgent",
          "xyz123",
          1,
          SPEC,
          new Part(2, 4),
          OTHER_SHA,
          "apps/e2e",
          "appwright.config.js",
          "android",
          Target.EMULATOR,
          SHA,
          "app-debug.apk",
          "com.example.app",
          ResetPolicy.CLEAR_DATA,
          1800,
          false,
          "@smoke",
          "@slow",
          Map.of("LOCALE", "de"),
          Map.of("API_TOKEN", "hush"),
          List.of(
              new AppBinary(OTHER_SHA, "app-arm64.apk", "com.example.app", List.of("arm64-v8a"))));
  private static final Grant GRANT =
      new Grant(
          "j1", "r1", 3, 2, SPECIFICATION, List.of(new TestRef(List.of("cart", "adds"), 12, 3)));

  static final List<Golden> ALL =
      List.of(
          of(new Health(true, false, "0.1.0", Map.of("database", "no answer"))),
          of(
              new Problem(
                  "unknown-target",
                  "there is no such target",
                  422,
                  "'phone' is none of emulator, device, browserstack",
                  "targets",
                  "choose one of them",
                  "c0ffee")),
          new Golden(
              "Problem.minimal", new Problem("failed", "it failed", 500, null, null, null, null)),
          of(TEST),
          of(new Part(2, 4)),
          of(new CreateEnrolment(3600L, true)),
          of(new CreateOrg("qualgent", "QualGent")),
          of(new CreateToken(Role.SUBMITTER, "ci", 86_400L)),
          of(new EnrolWorker("one-time-code", "host-1")),
          of(new EnrolmentCode("one-time-code", LATER)),
          of(new Identity(Role.SUBMITTER, "qualgent", "w1")),
          new Golden("Identity.admin", new Identity(Role.ADMIN, null, null)),
          of(new OrgView("qualgent", "QualGent", AT, 2.5, 4, 600)),
          of(new SetShare(2.5, 4, false, 600, false)),
          of(new DaySavings("2026-01-02", 2, 10, 240L)),
          of(new RunSavings("run_1", 2, 10, 240L)),
          of(new SavingsList(List.of(new DaySavings("2026-01-02", 2, 10, 240L)))),
          of(
              new ExplanationView(
                  "job_1",
                  JobState.QUEUED,
                  "behind-its-group",
                  "behind 14 jobs of its group",
                  "those jobs' ends",
                  15,
                  20,
                  AT,
                  AT,
                  AT,
                  AT)),
          of(new TargetLimit(Target.DEVICE, 4)),
          of(new HoldSlot(7200, "debugging the keyboard")),
          of(new ResourceView("staging-account", 2)),
          of(new TokenCreated("t1", "secret", Role.VIEWER, "qualgent")),
          of(new TokenView("t1", Role.WORKER, "qualgent", "ci", AT, LATER, true)),
          of(new WorkerEnrolled("w1", "host-1", "secret")),
          of(
              new Beat(
                  7,
                  List.of(new SlotBeat(OFFER, true, 7_000_001, List.of(WAITING))),
                  List.of(LEASE))),
          of(new BeatAnswer(List.of(new LeaseAnswer("j1", false, "cancelled")), true)),
          of(new BrokerAccess("tcp://localhost:61616", "w1", "secret")),
          of(HOLDING),
          of(WAITING),
          of(new LeaseAnswer("j1", true, "still yours")),
          of(LEASE),
          of(new RegisterWorker("proof", 7, "0.1.0", List.of(OFFER), List.of("j1"))),
          of(new SlotBeat(OFFER, true, 7_000_001, List.of(WAITING))),
          of(new SlotList(List.of(SLOT))),
          of(OFFER),
          of(SLOT),
          of(
              new WorkerRegistered(
                  "w1",
                  7,
                  new BrokerAccess("tcp://localhost:61616", "w1", "secret"),
                  Map.of(
                      Target.EMULATOR, "jobs.emulator",
                      Target.DEVICE, "jobs.device",
                      Target.BROWSERSTACK, "jobs.browserstack"),
                  "worker.w1",
                  60_000,
                  15_000)),
          of(new Rejection("worker.w1", "job_id is missing", "{}")),
          of(new Claim(7, "host-1/device/R58M1", "j1", 3, "0123456789abcdef", 4, true)),
          of(
              new Finish(
                  3,
                  "0123456789abcdef",
                  JobState.FAILED,
                  FailureKind.TEST,
                  "1 of 1 tests failed",
                  1,
                  5,
                  4000,
                  1500,
                  List.of(TEST),
                  true)),
          of(new Finished("j1", JobState.QUEUED)),
          of(new JobFinish("j1", PASSED)),
          of(new Finishes(List.of(new JobFinish("j1", PASSED)))),
          new Golden("JobFinished.recorded", new JobFinished("j1", JobState.PASSED, null)),
          new Golden("JobFinished.fenced", new JobFinished("j1", null, "the job has its verdict")),
          of(new FinishAnswers(List.of(new JobFinished("j1", JobState.PASSED, null)))),
          of(new TestRef(List.of("cart", "adds"), 12, 3)),
          of(GRANT),
          of(new Granted(60_000, List.of(GRANT))),
          of(SPECIFICATION),
          of(new ControlMessage(ControlMessage.Kind.CANCEL, "j1", 3L)),
          new Golden(
              "ControlMessage.drain", new ControlMessage(ControlMessage.Kind.DRAIN, null, null)),
          of(new JobMessage("j1", 3, "host-1/device/R58M1")),
          new Golden("JobMessage.anySlot", new JobMessage("j1", 3, null)),
          of(ARTEFACT),
          of(ATTEMPT),
          of(JOB),
          new Golden(
              "JobView.queued",
              new JobView(
                  "j1",
                  "r1",
                  "qualgent",
                  "xyz123",
                  1,
                  SPEC,
                  null,
                  "android",
                  0,
                  Target.BROWSERSTACK,
                  JobState.QUEUED,
                  false,
                  null,
                  null,
                  0,
                  null,
                  null,
                  AT,
                  null,
                  null,
                  List.of())),
          of(new RunList(List.of(RUN))),
          of(RUN),
          of(new AppFile(SHA, "app-debug.apk")),
          of(
              new AppBinary(
                  SHA, "app-debug.apk", "com.example.app", List.of("arm64-v8a", "x86_64"))),
          of(new AppVersionView("qualgent", "xyz123", List.of(BUILD))),
          of(new AppList(List.of(new AppVersionView("qualgent", "xyz123", List.of(BUILD))))),
          of(new BlobAnswer(List.of(SHA))),
          of(new UploadView(6_400_000_000L)),
          of(new BlobQuestion(List.of(SHA, OTHER_SHA))),
          of(BUILD),
          of(
              new RunSubmission(
                  "qualgent",
                  "xyz123",
                  new AppFile(SHA, "app-debug.apk"),
                  List.of(new AppFile(OTHER_SHA, "app-x86.apk")),
                  List.of(new AppFile(OTHER_SHA, "mock.apk")),
                  OTHER_SHA,
                  "apps/e2e",
                  "appwright.config.js",
                  "android",
                  List.of(Target.DEVICE, Target.EMULATOR),
                  true,
                  Map.of(Target.EMULATOR, "emulated"),
                  List.of(SPEC),
                  true,
                  10,
                  ResetPolicy.FULL,
                  2,
                  600,
                  true,
                  "nightly",
                  "@smoke",
                  "@slow",
                  Map.of("LOCALE", "de"),
                  Map.of("API_TOKEN", "hush"),
                  Map.of("branch", "main"),
                  Map.of("model", "Pixel 8"),
                  true,
                  List.of("staging-account"),
                  600)),
          of(CHANGE),
          of(new RetryRun(true)),
          of(new RunLink("/api/v1/runs/r1/page?by=tok_1&until=1767323045&sig=c2ln", AT)),
          of(new RunEnd("run_1", JobState.FAILED)),
          of(new EventBatch(List.of(CHANGE))),
          new Golden(
              "RunSubmission.minimal",
              new RunSubmission(
                  null,
                  "xyz123",
                  null,
                  null,
                  null,
                  OTHER_SHA,
                  null,
                  "appwright.config.js",
                  "android",
                  List.of(Target.EMULATOR),
                  null,
                  null,
                  List.of(SPEC),
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  null,
                  Map.of(),
                  null,
                  Map.of(),
                  null,
                  null,
                  null,
                  null)));

  private Samples() {}

  private static Golden of(Record sample) {
    return new Golden(sample.getClass().getSimpleName(), sample);
  }
}

package dev.qgjob.api;

import dev.qgjob.api.event.WatcherLimits;
import dev.qgjob.api.fleet.BrokerSettings;
import dev.qgjob.domain.access.Access;
import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Enrolment;
import dev.qgjob.domain.access.IssuedToken;
import dev.qgjob.domain.access.Org;
import dev.qgjob.domain.access.Outcome;
import dev.qgjob.domain.access.PageLink;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.access.TokenInfo;
import dev.qgjob.domain.artefact.Artefacts;
import dev.qgjob.domain.event.Events;
import dev.qgjob.domain.explain.Explanation;
import dev.qgjob.domain.explain.Explanations;
import dev.qgjob.domain.fleet.Fleet;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.fleet.Worker;
import dev.qgjob.domain.health.Vitals;
import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.lease.Leases;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.domain.report.Artefact;
import dev.qgjob.domain.report.Attempt;
import dev.qgjob.domain.report.AttemptReport;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.report.Savings;
import dev.qgjob.domain.report.TestFilter;
import dev.qgjob.domain.report.TestRef;
import dev.qgjob.domain.report.TestResult;
import dev.qgjob.domain.report.TestStatus;
import dev.qgjob.domain.submit.AppVersion;
import dev.qgjob.domain.submit.Build;
import dev.qgjob.domain.submit.Submission;
import dev.qgjob.domain.submit.Submissions;
import dev.qgjob.domain.submit.Vault;
import dev.qgjob.protocol.fleet.BrokerAccess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The inbound ports with one run of the org {@code own} behind them. Each call that would change
 * something is noted in {@link #changes}; what is answered can be set where a test wants another
 * outcome.
 */
final class Fakes
    implements Access,
        Submissions,
        Reports,
        Explanations,
        Fleet,
        Leases,
        Artefacts,
        Vitals,
        Events,
        Vault {
  volatile boolean started = true;
  volatile boolean vaultHasAnotherKey;
  volatile Map<String, String> sealed = Map.of("API_TOKEN", "hush");
  static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
  static final String SHA = "ab".repeat(32);
  static final String LEASE = "0123456789abcdef";
  static final Map<String, Caller> TOKENS =
      Map.of(
          "admin", new Caller("t-admin", Role.ADMIN, null, null),
          "submitter", new Caller("t-submitter", Role.SUBMITTER, "own", null),
          "viewer", new Caller("t-viewer", Role.VIEWER, "own", null),
          "untrusted", new Caller("t-untrusted", Role.UNTRUSTED, "own", null),
          "worker", new Caller("t-worker", Role.WORKER, null, "w1"),
          "other-submitter", new Caller("t-other", Role.SUBMITTER, "other", null),
          "other-viewer", new Caller("t-other-viewer", Role.VIEWER, "other", null),
          "other-worker", new Caller("t-other-worker", Role.WORKER, null, "w2"));

  static final GroupKey GROUP = new GroupKey("own", "v/1", 1, Target.EMULATOR);
  static final Run RUN =
      new Run(
          "r1",
          "own",
          "v/1",
          1,
          SHA,
          ".",
          "appwright.config.ts",
          "android",
          Target.EMULATOR,
          Map.of(),
          false,
          Map.of(),
          7,
          ResetPolicy.CLEAR_DATA,
          2,
          Duration.ofSeconds(600),
          false,
          "nightly",
          TestFilter.ALL,
          Map.of("LOCALE", "de"),
          "sealed",
          Map.of("team", "checkout"),
          Map.of(),
          Set.of(),
          AT);
  static final Build BUILD =
      new Build("own", "v/1", 1, SHA, "app.apk", 4711, "com.example", "1.0", AT);
  static final Job JOB = Job.queued("j1", "r1", GROUP, "tests/a.spec.js", 7, 2, AT);
  static final Attempt ATTEMPT =
      new Attempt(
          "j1",
          1,
          "host/emulator/e1",
          JobState.FAILED,
          FailureKind.TEST,
          "1 test failed",
          AT,
          AT.plusSeconds(9),
          new AttemptReport(
              1,
              5,
              Duration.ofSeconds(2),
              Duration.ofSeconds(7),
              List.of(
                  new TestResult(
                      List.of("a", "b"),
                      "tests/a.spec.js",
                      3,
                      5,
                      TestStatus.TIMED_OUT,
                      700,
                      "no",
                      "> 3"))),
          List.of(new Artefact("j1", 1, "a report.html", "text/html", 4, SHA)));
  static final JobReport JOB_REPORT =
      new JobReport(JOB, "android", List.of(ATTEMPT), "all slots are busy");
  static final RunReport RUN_REPORT = new RunReport(RUN, List.of(JOB_REPORT));

  /** What was asked to be changed, newest last. */
  final List<Object> changes = new ArrayList<>();

  /** What was uploaded, by hash or name. */
  final Map<String, byte[]> stored = new HashMap<>();

  Submitted submitted;
  Optional<Run> newest;
  Registration registration;
  BeatResult beatResult;
  ClaimResult claimResult;
  FinishResult finishResult;
  Upload upload;
  List<Part> parts;
  Outcome<Org> orgOutcome;
  Outcome<IssuedToken> enrolOutcome;

  /** Set to fail callers and runs that are looked up. */
  RuntimeException broken;

  Fakes() {
    reset();
  }

  private void failIfBroken() {
    if (broken != null) {
      throw broken;
    }
  }

  /** As in the beginning: everything goes well. */
  void reset() {
    changes.clear();
    vaultHasAnotherKey = false;
    sealed = Map.of("API_TOKEN", "hush");
    stored.clear();
    broken = null;
    submitted = new Submitted.Accepted(RUN_REPORT);
    newest = Optional.of(RUN);
    registration =
        new Registration.Registered(
            new Worker("w1", "host", 3, null, 0, false, AT),
            Duration.ofSeconds(60),
            Duration.ofSeconds(15));
    beatResult = new BeatResult.Answer(List.of(new LeaseAnswer("j1", false, "cancelled")), true);
    claimResult =
        new ClaimResult.Granted(
            Duration.ofSeconds(60),
            List.of(new Leases.Grant(JOB, RUN, BUILD, List.of(new TestRef(List.of("a"), 3, 1)))));
    finishResult = new FinishResult.Recorded(JOB);
    upload = Upload.STORED;
    parts = List.of(new Part("database", true, null), new Part("broker", false, "no answer"));
    orgOutcome = new Outcome.Done<>(new Org("new", "New", AT));
    enrolOutcome =
        new Outcome.Done<>(
            new IssuedToken(
                "secret", new TokenInfo("t9", Role.WORKER, null, "w9", "host", AT, null, false)));
  }

  @Override
  public String seal(Map<String, String> secrets) {
    sealed = Map.copyOf(secrets);
    return "sealed";
  }

  @Override
  public Optional<Map<String, String>> open(String text) {
    return vaultHasAnotherKey ? Optional.empty() : Optional.of(sealed);
  }

  Ports ports() {
    Supplier<BrokerSettings> broker =
        () -> new BrokerSettings(new BrokerAccess("tcp://broker:1", "worker", "broker-secret"));
    return new Ports(
        this,
        this,
        this,
        this,
        this,
        this,
        this,
        this,
        this,
        this,
        Runnable::run,
        WatcherLimits.DEFAULT,
        broker,
        "1.2.3");
  }

  private <T> T changed(Object what, T answer) {
    changes.add(what);
    return answer;
  }

  @Override
  public Optional<Explanation> explain(Caller caller, String jobId) {
    failIfBroken();
    return jobId.equals("j1") && caller.sees("own")
        ? Optional.of(
            new Explanation(
                JOB,
                Explanation.Kind.ALL_SLOTS_BUSY,
                "all 2 matching slots are busy",
                "one more slot",
                3,
                9,
                new Explanation.Outlook(AT, AT.plusSeconds(1), AT.plusSeconds(2), AT)))
        : Optional.empty();
  }

  @Override
  public List<Day> savings(Caller caller, int days) {
    failIfBroken();
    return List.of(
        new Day(
            java.time.LocalDate.parse("2026-01-02"), new Savings(days, 9, Duration.ofSeconds(90))));
  }

  @Override
  public Optional<Savings> savings(Caller caller, String runId) {
    return run(caller, runId).map(RunReport::savings);
  }

  // --- access

  @Override
  public Optional<Caller> authenticate(String token) {
    failIfBroken();
    return Optional.ofNullable(TOKENS.get(token));
  }

  @Override
  public boolean lives(Caller caller) {
    return true;
  }

  @Override
  public PageLink link(Caller caller, String runId, Duration validFor) {
    return new PageLink(runId, caller.tokenId(), AT.plus(validFor), "good-signature");
  }

  @Override
  public Optional<Caller> open(PageLink link) {
    return TOKENS.values().stream()
        .filter(caller -> caller.tokenId().equals(link.tokenId()))
        .filter(caller -> link.signature().equals("good-signature"))
        .findFirst();
  }

  @Override
  public Optional<IssuedToken> bootstrap() {
    return Optional.empty();
  }

  @Override
  public Outcome<Org> createOrg(Caller caller, String orgId, String name) {
    return changed("org " + orgId + " " + name, orgOutcome);
  }

  @Override
  public Outcome<Org> setShare(Caller caller, String orgId, ShareChange to) {
    return changed(
        "share "
            + String.join(
                " ",
                orgId,
                "" + to.weight(),
                "" + to.cap(),
                "" + to.uncapped(),
                "" + to.browserStackMinutes(),
                "" + to.unmetered()),
        orgOutcome);
  }

  @Override
  public Map<Target, Integer> caps() {
    return Map.of(Target.DEVICE, 4);
  }

  @Override
  public Outcome<Map<Target, Integer>> setCap(Caller caller, Target target, Integer cap) {
    return changed("cap " + target + " " + cap, new Outcome.Done<>(Map.of(target, cap)));
  }

  @Override
  public List<Resource> resources(String orgId) {
    return List.of(new Resource(orgId, "staging-account", 2));
  }

  @Override
  public Outcome<List<Resource>> setResource(Caller caller, String orgId, String name, int count) {
    return changed(
        "resource " + orgId + " " + name + " " + count,
        new Outcome.Done<>(List.of(new Resource(orgId, name, count))));
  }

  @Override
  public boolean removeResource(Caller caller, String orgId, String name) {
    changed("no resource " + orgId + " " + name, new Outcome.Done<>(true));
    return true;
  }

  @Override
  public List<Org> orgs() {
    return List.of(new Org("own", "Own", AT));
  }

  @Override
  public Outcome<IssuedToken> createToken(
      Caller caller, String orgId, Role role, String name, Duration validFor) {
    var info = new TokenInfo("t1", role, orgId, null, name, AT, null, false);
    return changed(
        "token " + orgId + " " + role + " " + validFor,
        new Outcome.Done<>(new IssuedToken("text", info)));
  }

  @Override
  public List<TokenInfo> tokens(String orgId) {
    return List.of(new TokenInfo("t1", Role.VIEWER, orgId, null, "ci", AT, null, true));
  }

  @Override
  public boolean revoke(Caller caller, String tokenId) {
    return changed("revoke " + tokenId, tokenId.equals("t1"));
  }

  @Override
  public Enrolment createEnrolment(Caller caller, Duration validFor, boolean untrusted) {
    return changed("enrolment " + validFor, new Enrolment("code", AT));
  }

  @Override
  public Outcome<IssuedToken> enrol(String code, String workerName) {
    return changed("enrol " + workerName, enrolOutcome);
  }

  @Override
  public void noteRejected(Caller worker, String queue, String reason, String excerpt) {
    changes.add("rejected by " + worker.workerId() + " " + queue + " " + reason + " " + excerpt);
  }

  // --- submit

  @Override
  public Submitted submit(Caller caller, Submission submission) {
    return changed(submission, submitted);
  }

  @Override
  public boolean waited(Caller caller, String runId) {
    return run(caller, runId).map(run -> changed("waited " + runId, true)).orElse(false);
  }

  @Override
  public int cancelAbandoned() {
    return 0;
  }

  @Override
  public Optional<RunReport> cancelRun(Caller caller, String runId) {
    return run(caller, runId).map(run -> changed("cancel " + runId, run));
  }

  @Override
  public Optional<JobReport> cancelJob(Caller caller, String jobId) {
    return job(caller, jobId).map(job -> changed("cancel " + jobId, job));
  }

  @Override
  public Optional<Run> newestRun(Caller caller, String appVersionId) {
    return newest;
  }

  // --- report

  @Override
  public Optional<RunReport> run(Caller caller, String runId) {
    failIfBroken();
    return Optional.of(RUN_REPORT).filter(run -> runId.equals("r1") && caller.sees("own"));
  }

  @Override
  public Optional<JobReport> job(Caller caller, String jobId) {
    return Optional.of(JOB_REPORT).filter(job -> jobId.equals("j1") && caller.sees("own"));
  }

  @Override
  public List<RunReport> runs(Caller caller, int most) {
    return caller.sees("own") && most > 0 ? List.of(RUN_REPORT) : List.of();
  }

  @Override
  public Optional<AppVersion> app(Caller caller, String appVersionId) {
    return Optional.of(new AppVersion("own", "v/1", List.of(BUILD)))
        .filter(app -> appVersionId.equals("v/1") && caller.sees("own"));
  }

  @Override
  public List<AppVersion> apps(Caller caller, int most) {
    return caller.sees("own") && most > 0
        ? List.of(new AppVersion("own", "v/1", List.of(BUILD)))
        : List.of();
  }

  // --- fleet

  @Override
  public Registration register(
      Caller worker, Fleet.StateProof proof, String version, List<Fleet.SlotOffer> slots) {
    return changed(slots, registration);
  }

  @Override
  public BeatResult beat(Caller worker, BeatReport beat) {
    return changed(beat, beatResult);
  }

  @Override
  public void leave(Caller worker, long incarnation) {
    changes.add("leave " + worker.workerId() + " " + incarnation);
  }

  @Override
  public Optional<SlotStatus> hold(Caller caller, String slotId, Duration time, String reason) {
    changes.add("hold " + slotId + " " + time + " " + reason);
    return slots().stream().filter(s -> slotId.endsWith(s.slot().id())).findFirst();
  }

  @Override
  public boolean release(Caller caller, String slotId) {
    changes.add("release " + slotId);
    return slotId.endsWith("s1");
  }

  @Override
  public List<SlotStatus> slots() {
    return List.of(status("s1", true, "j1"), status("s2", true, null), status("s3", false, null));
  }

  private static SlotStatus status(String id, boolean live, String jobId) {
    return new SlotStatus(
        new Slot(
            id,
            "w1",
            Target.DEVICE,
            "u1",
            Map.of("model", "Pixel"),
            Map.of("com.example", SHA),
            true,
            1,
            AT),
        live,
        jobId,
        null);
  }

  // --- lease

  @Override
  public ClaimResult claim(Caller worker, ClaimRequest request) {
    return changed(request, claimResult);
  }

  @Override
  public FinishResult finish(Caller worker, String jobId, FinishRequest request) {
    return changed(request, finishResult);
  }

  @Override
  public List<FinishResult> finishAll(Caller worker, List<JobFinish> finishes) {
    return changed(finishes, finishes.stream().map(finish -> finishResult).toList());
  }

  // --- artefact

  @Override
  public List<String> missing(Caller caller, List<String> sha256s) {
    return sha256s.stream().filter(sha -> !sha.equals(SHA)).toList();
  }

  @Override
  public Upload store(Caller caller, String sha256, long offset, InputStream body) {
    return changed("blob " + sha256 + (offset == 0 ? "" : " from " + offset), keep(sha256, body));
  }

  @Override
  public long begun(Caller caller, String sha256) {
    return sha256.equals(SHA) && caller.sees("own") ? 7 : 0;
  }

  @Override
  public Optional<Content> open(Caller caller, String sha256) {
    return Optional.of(content("application/octet-stream"))
        .filter(blob -> sha256.equals(SHA) && caller.sees("own"));
  }

  @Override
  public Upload attach(
      Caller worker,
      String jobId,
      int attempt,
      String leaseToken,
      String name,
      String contentType,
      InputStream body) {
    return changed("file " + name + " " + contentType + " " + leaseToken, keep(name, body));
  }

  @Override
  public Upload append(
      Caller worker, String jobId, int attempt, String leaseToken, int from, byte[] piece) {
    String text = new String(piece, StandardCharsets.UTF_8);
    return changed("log " + jobId + " " + attempt + " from " + from + ": " + text, upload);
  }

  @Override
  public Optional<byte[]> log(Caller caller, String jobId, int attempt, long from) {
    return Optional.of("one\ntwo\n".substring((int) Math.min(from, 8)))
        .filter(log -> jobId.equals("j1") && caller.sees("own"))
        .map(log -> log.getBytes(StandardCharsets.UTF_8));
  }

  private Upload keep(String name, InputStream body) {
    try {
      stored.put(name, body.readAllBytes());
      return upload;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Optional<Content> openAttached(Caller caller, String jobId, int attempt, String name) {
    return Optional.of(content("text/html"))
        .filter(file -> jobId.equals("j1") && attempt == 1 && caller.sees("own"));
  }

  /** How many downloads were opened and not closed. */
  int open;

  private Content content(String type) {
    open++;
    InputStream body =
        new ByteArrayInputStream("<p>x".getBytes(StandardCharsets.UTF_8)) {
          private boolean closed;

          @Override
          public void close() {
            open -= closed ? 0 : 1;
            closed = true;
          }
        };
    return new Content(type, 4, body);
  }

  // --- health

  @Override
  public Subscription subscribe(String runId, Listener listener) {
    return () -> {};
  }

  @Override
  public boolean started() {
    return started;
  }

  @Override
  public List<Part> parts() {
    return parts;
  }
}

package dev.qgjob.domain.submit;

import dev.qgjob.domain.access.Caller;
import dev.qgjob.domain.access.Role;
import dev.qgjob.domain.blame.BlameStore;
import dev.qgjob.domain.fleet.Compatibility;
import dev.qgjob.domain.fleet.Slot;
import dev.qgjob.domain.job.GroupKey;
import dev.qgjob.domain.job.Isolation;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.Part;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.Absence;
import dev.qgjob.domain.lease.JobMoves;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.lease.Pulse;
import dev.qgjob.domain.placement.BoardStore;
import dev.qgjob.domain.placement.Figure;
import dev.qgjob.domain.placement.FigureKey;
import dev.qgjob.domain.placement.Minutes;
import dev.qgjob.domain.placement.Nudge;
import dev.qgjob.domain.placement.Resource;
import dev.qgjob.domain.placement.SpecSplit;
import dev.qgjob.domain.report.JobReport;
import dev.qgjob.domain.report.Reports;
import dev.qgjob.domain.report.ResetPolicy;
import dev.qgjob.domain.report.Run;
import dev.qgjob.domain.report.RunReport;
import dev.qgjob.domain.submit.BuildChoices.BuildChoice;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Takes a run in, or says what is wrong with it; nothing half-done stays behind. */
public final class SubmissionDesk implements Submissions {
  private final SubmissionStore store;
  private final JobStore jobs;
  private final Reports reports;
  private final Nudge nudge;
  private final JobMoves moves;
  private final BuildChoices builds;
  private final Pulse pulse;
  private final Duration leastAbsence;
  private final BlameStore blame;

  /** Of an installation that is never away. */
  public SubmissionDesk(SubmissionStore store, JobStore jobs, Reports reports, Nudge nudge) {
    this(store, jobs, reports, nudge, Pulse.STEADY, Duration.ZERO, BlameStore.FORGETFUL);
  }

  /**
   * @param leastAbsence a shorter silence of all servers is no absence
   */
  public SubmissionDesk(
      SubmissionStore store,
      JobStore jobs,
      Reports reports,
      Nudge nudge,
      Pulse pulse,
      Duration leastAbsence,
      BlameStore blame) {
    this.blame = blame;
    this.pulse = pulse;
    this.leastAbsence = leastAbsence;
    this.store = store;
    this.jobs = jobs;
    this.reports = reports;
    this.nudge = nudge;
    this.moves = new JobMoves(jobs, nudge);
    this.builds = new BuildChoices(store);
  }

  @Override
  public Submitted submit(Caller caller, Submission submission) {
    boolean trusted = caller.role() != Role.UNTRUSTED;
    if (!trusted && submission.secrets() != null) {
      return new Submitted.Invalid(
          "secrets",
          "are not for an untrusted token, which submits for strangers",
          "leave --secret out, or use a submitter's token");
    }
    Submission asked = trusted ? submission : submission.wishing(Slot.FOR_UNTRUSTED);
    String orgId = caller.orgId() != null ? caller.orgId() : asked.orgId();
    if (orgId == null) {
      return new Submitted.Invalid("org_id", "is missing", "name the org");
    }
    if (asked.orgId() != null && !asked.orgId().equals(orgId)) {
      return new Submitted.WrongOrg(asked.orgId());
    }
    Optional<Submitted> earlier = earlier(caller, orgId, asked);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    if (asked.jobs().isEmpty()) {
      return new Submitted.Invalid("tests", "names no test", "name at least one spec file");
    }
    if (asked.targets().isEmpty()) {
      return new Submitted.Invalid(
          "targets", "names no target", "name emulator, device or browserstack");
    }
    if (!store.hasBlob(orgId, asked.bundleSha256())) {
      return new Submitted.Invalid(
          "bundle_sha256", "was not uploaded", "upload the bundle first: PUT /blobs/{sha256}");
    }
    BuildChoice choice = builds.choose(orgId, asked);
    if (choice.wrong() != null) {
      return choice.wrong();
    }
    Optional<Submitted.Invalid> wish =
        impossible(asked).or(() -> unknown(orgId, asked)).or(() -> spent(orgId, asked));
    return wish.isPresent() ? wish.get() : accept(caller, orgId, asked, choice);
  }

  /** A wish that no slot there is can fulfil is told at once, and not when CI's time is over. */
  private Optional<Submitted.Invalid> impossible(Submission asked) {
    if (asked.device().isEmpty() || asked.waitForDevice()) {
      return Optional.empty();
    }
    List<Target> without = asked.targets().stream().filter(t -> !fits(asked, t)).toList();
    boolean possible =
        asked.eachOnItsTarget() ? without.isEmpty() : without.size() < asked.targets().size();
    if (possible) {
      return Optional.empty();
    }
    return Optional.of(
        new Submitted.Invalid(
            "device",
            "asks for " + wish(asked) + ", which no live slot of target " + names(without) + " has",
            asked.device().entrySet().containsAll(Slot.FOR_UNTRUSTED.entrySet())
                ? "have a worker started for strangers: qgjob-worker run --capability"
                    + " untrusted=true; or wait for such a slot: --wait-for-device"
                : "see what there is: qgjob devices; or wait for such a slot: --wait-for-device"));
  }

  /** That all would wait for the next month is told at once as well. */
  private Optional<Submitted.Invalid> spent(String orgId, Submission asked) {
    boolean needed =
        asked.eachOnItsTarget()
            ? asked.targets().contains(Target.BROWSERSTACK)
            : asked.targets().equals(List.of(Target.BROWSERSTACK));
    return !needed || asked.waitForDevice()
        ? Optional.empty()
        : store
            .minutes(orgId)
            .filter(Minutes::spent)
            .map(
                minutes ->
                    new Submitted.Invalid(
                        "targets",
                        "names browserstack, of which org "
                            + orgId
                            + " has used its "
                            + minutes.most()
                            + " minutes of this month",
                        "name another target as well; or wait until "
                            + minutes.resetsAt()
                            + ": --wait-for-device; or have an admin allow more: qgjob admin org"
                            + " set "
                            + orgId
                            + " --browserstack-minutes N"));
  }

  private Optional<Submitted.Invalid> unknown(String orgId, Submission asked) {
    if (asked.resources().isEmpty()) {
      return Optional.empty();
    }
    Set<String> known =
        store.resources(orgId).stream().map(Resource::name).collect(Collectors.toSet());
    return asked.resources().stream()
        .filter(name -> !known.contains(name))
        .sorted()
        .findFirst()
        .map(
            name ->
                new Submitted.Invalid(
                    "resources",
                    "names " + name + ", which org " + orgId + " does not have",
                    known.isEmpty()
                        ? "an admin adds it: qgjob admin resource set "
                            + orgId
                            + " "
                            + name
                            + " --count N"
                        : "there are " + String.join(", ", new TreeSet<>(known))));
  }

  /** The first target that has a live slot which may serve it. */
  private Optional<Target> fitting(String orgId, Submission asked, Compatibility compatibility) {
    return asked.targets().stream()
        .filter(target -> fits(asked, target, compatibility))
        .filter(target -> target != Target.BROWSERSTACK || !hasSpent(orgId))
        .findFirst();
  }

  private boolean hasSpent(String orgId) {
    return store.minutes(orgId).filter(Minutes::spent).isPresent();
  }

  private boolean fits(Submission asked, Target target) {
    return fits(asked, target, Compatibility.ANY);
  }

  private boolean fits(Submission asked, Target target, Compatibility compatibility) {
    return store.liveSlots(target).stream()
        .anyMatch(slot -> slot.has(asked.device()) && compatibility.allows(slot));
  }

  private Optional<Submitted> earlier(Caller caller, String orgId, Submission asked) {
    String key = asked.idempotencyKey();
    if (key == null) {
      return Optional.empty();
    }
    return store
        .byKey(orgId, key)
        .map(
            known ->
                known.bodyHash().equals(asked.bodyHash())
                    ? new Submitted.Repeated(reports.run(caller, known.runId()).orElseThrow())
                    : new Submitted.KeyReused(key));
  }

  private Submitted accept(Caller caller, String orgId, Submission asked, BuildChoice choice) {
    Instant now = store.now();
    Run run = run(orgId, asked, choice, now);
    GroupKey group = new GroupKey(orgId, asked.appVersionId(), choice.number(), run.target());
    Map<String, Integer> parts =
        asked.splitSpecs() ? parts(asked, orgId, choice.packageName(), run.target()) : Map.of();
    Set<String> leaking = leaking(orgId, choice.packageName(), asked);
    List<Job> queued = new ArrayList<>();
    for (WantedJob job : asked.jobs()) {
      int of = parts.getOrDefault(job.test(), 1);
      for (int number = 1; number <= of; number++) {
        queued.add(
            Job.queued(
                    store.newId("job"),
                    run.id(),
                    job.target() == null ? group : group.on(job.target()),
                    job.test(),
                    new Part(number, of),
                    asked.priority(),
                    asked.retries(),
                    now)
                .isolated(isolation(asked, leaking.contains(job.test()))));
      }
    }
    if (choice.added() != null) {
      store.addBuild(choice.added());
    }
    if (!store.add(run, queued, asked.idempotencyKey(), asked.bodyHash())) {
      return earlier(caller, orgId, asked)
          .orElseThrow(() -> new IllegalStateException("a key was taken and is not there"));
    }
    if (asked.abandonedAfter() != null) {
      store.watch(new Watched(run.id(), now, asked.abandonedAfter()));
    }
    run.projects().keySet().forEach(nudge::workChanged);
    Map<Target, Optional<String>> without = new EnumMap<>(Target.class);
    return new Submitted.Accepted(
        new RunReport(
            run,
            queued.stream()
                .map(
                    j ->
                        new JobReport(
                            j,
                            run.projectOn(j.group().target()),
                            List.of(),
                            without
                                .computeIfAbsent(j.group().target(), t -> nobodyThere(asked, t))
                                .orElse(null)))
                .toList()));
  }

  /** Specs that are run on new installs for what is known of them. */
  private Set<String> leaking(String orgId, String packageName, Submission asked) {
    List<String> specs = asked.jobs().stream().map(WantedJob::test).distinct().toList();
    if (asked.reset() == ResetPolicy.CLEAR_DATA) {
      blame.forgetLeaks(orgId, packageName, specs);
    }
    return asked.reset() == null || asked.reset() == ResetPolicy.CONFIRM
        ? blame.leaking(orgId, packageName, specs)
        : Set.of();
  }

  private static Isolation isolation(Submission asked, boolean leaks) {
    if (leaks) {
      return Isolation.LEAKS;
    }
    return asked.reset() == ResetPolicy.CONFIRM ? Isolation.TO_CONFIRM : Isolation.AS_ASKED;
  }

  /** That no slot there is can take it is said at once; a worker may come, so it waits. */
  private Optional<String> nobodyThere(Submission asked, Target target) {
    List<Target> may =
        asked.eachOnItsTarget() || !asked.targets().contains(target)
            ? List.of(target)
            : asked.targets();
    if (may.stream().anyMatch(t -> fits(asked, t))) {
      return Optional.empty();
    }
    String wish = asked.device().isEmpty() ? "" : " with " + wish(asked);
    return Optional.of("a live slot of target " + names(may) + wish + ": there is none");
  }

  private static String names(List<Target> targets) {
    return targets.stream()
        .map(target -> target.name().toLowerCase(Locale.ROOT))
        .collect(Collectors.joining(" or "));
  }

  private static String wish(Submission asked) {
    return asked.device().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .map(e -> e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining(", "));
  }

  /**
   * Into how many parts specs are divided; those that are missing are not. Only what was measured
   * is divided: who knows how long another one takes.
   */
  private Map<String, Integer> parts(
      Submission asked, String orgId, String packageName, Target target) {
    Map<String, FigureKey> keys = new HashMap<>();
    asked
        .jobs()
        .forEach(
            job -> keys.put(job.test(), FigureKey.spec(orgId, packageName, target, job.test())));
    FigureKey ofApp = FigureKey.run(orgId, packageName, target);
    FigureKey ofSetUp = FigureKey.setUp(orgId, packageName, target);
    Set<FigureKey> wanted = new HashSet<>(keys.values());
    wanted.addAll(List.of(ofApp, ofSetUp));
    Map<FigureKey, Figure> known = store.figures(wanted);
    double mean = seconds(known.get(ofApp), BoardStore.DEFAULT_RUN);
    double setUp = seconds(known.get(ofSetUp), BoardStore.DEFAULT_SET_UP);
    double work =
        asked.jobs().stream()
            .map(job -> known.get(keys.get(job.test())))
            .mapToDouble(figure -> figure == null ? mean : seconds(figure.mean()))
            .sum();
    int slots =
        (int) store.liveSlots(target).stream().filter(slot -> slot.has(asked.device())).count();
    Map<String, Integer> parts = new HashMap<>();
    keys.forEach(
        (test, key) -> {
          Figure figure = known.get(key);
          if (figure != null) {
            parts.put(test, SpecSplit.parts(seconds(figure.mean()), work, slots, setUp));
          }
        });
    return parts;
  }

  private static double seconds(@Nullable Figure figure, Duration otherwise) {
    return seconds(figure == null ? otherwise : figure.mean());
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private Run run(String orgId, Submission asked, BuildChoice choice, Instant now) {
    Target target =
        asked.targets().size() == 1
            ? asked.targets().get(0)
            : fitting(orgId, asked, choice.compatibility())
                .or(() -> fitting(orgId, asked, Compatibility.ANY))
                .orElse(asked.targets().get(0));
    Map<Target, String> projects = new EnumMap<>(Target.class);
    asked
        .targets()
        .forEach(t -> projects.put(t, asked.projects().getOrDefault(t, asked.project())));
    return new Run(
        store.newId("run"),
        orgId,
        asked.appVersionId(),
        choice.number(),
        asked.bundleSha256(),
        asked.projectDir(),
        asked.config(),
        projects.getOrDefault(target, asked.project()),
        target,
        projects,
        asked.eachOnItsTarget(),
        asked.only(),
        asked.priority(),
        asked.reset() == null ? ResetPolicy.CLEAR_DATA : asked.reset(),
        asked.retries(),
        Duration.ofSeconds(asked.timeoutS()),
        asked.stock(),
        asked.name(),
        asked.filter(),
        asked.environment(),
        asked.secrets(),
        asked.labels(),
        asked.device(),
        asked.resources(),
        now);
  }

  @Override
  public Optional<RunReport> cancelRun(Caller caller, String runId) {
    Optional<RunReport> run = reports.run(caller, runId);
    if (run.isEmpty()) {
      return run;
    }
    run.get().jobs().forEach(j -> cancel(caller, j.job()));
    return reports.run(caller, runId);
  }

  @Override
  public boolean waited(Caller caller, String runId) {
    boolean visible = jobs.run(runId).filter(run -> caller.sees(run.orgId())).isPresent();
    if (visible) {
      store.seen(runId);
    }
    return visible;
  }

  @Override
  public int cancelAbandoned() {
    List<Watched> watched = store.watched();
    if (watched.isEmpty()) {
      return 0;
    }
    Absence absence = pulse.beat(leastAbsence);
    Instant now = store.now();
    int cancelled = 0;
    for (Watched run : watched) {
      if (run.abandoned(now, absence)) {
        String by = "the server: nobody has waited for the run for " + words(run.patience());
        for (Job job : jobs.ofRun(run.runId())) {
          cancelled += cancel(job, by) ? 1 : 0;
        }
      }
    }
    return cancelled;
  }

  private static String words(Duration patience) {
    return patience.toSeconds() % 60 == 0 && patience.toMinutes() > 1
        ? patience.toMinutes() + " minutes"
        : patience.toSeconds() + " seconds";
  }

  @Override
  public Optional<JobReport> cancelJob(Caller caller, String jobId) {
    Optional<JobReport> job = reports.job(caller, jobId);
    if (job.isEmpty()) {
      return job;
    }
    cancel(caller, job.get().job());
    return reports.job(caller, jobId);
  }

  private void cancel(Caller caller, Job job) {
    cancel(job, caller.role() == Role.ADMIN ? "an admin" : "its submitter");
  }

  /** True if it went on until now. */
  private boolean cancel(Job job, String by) {
    if (job.state().isVerdict()) {
      return false;
    }
    Optional<Transition> outcome =
        moves.move(job.id(), new JobEvent.Cancelled(by), JobStore.LeaseGuard.ANY);
    if (outcome.isPresent() && outcome.get() instanceof Transition.Next next) {
      next.ended()
          .flatMap(e -> Optional.ofNullable(e.lease()))
          .ifPresent(l -> nudge.stop(l.workerId(), job.id(), job.generation()));
      return true;
    }
    return false;
  }

  @Override
  public Optional<Run> newestRun(Caller caller, String appVersionId) {
    return Optional.ofNullable(caller.orgId()).flatMap(org -> store.newestRun(org, appVersionId));
  }
}

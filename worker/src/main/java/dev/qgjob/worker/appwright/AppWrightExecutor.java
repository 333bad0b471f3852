package dev.qgjob.worker.appwright;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.appium.AppiumServers;
import dev.qgjob.worker.browserstack.Endpoints;
import dev.qgjob.worker.browserstack.OpenSessions;
import dev.qgjob.worker.browserstack.SessionGate;
import dev.qgjob.worker.browserstack.Uploads;
import dev.qgjob.worker.install.Installer;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.run.App;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Binaries;
import dev.qgjob.worker.run.Binary;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.run.Kit;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.RunContext;
import dev.qgjob.worker.run.Slot;
import dev.qgjob.worker.workspace.NotReady;
import dev.qgjob.worker.workspace.Project;
import dev.qgjob.worker.workspace.Uses;
import dev.qgjob.worker.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs jobs with real AppWright, on phones of this host or at BrowserStack. */
public final class AppWrightExecutor implements Executor {
  private static final Logger LOG = LoggerFactory.getLogger(AppWrightExecutor.class);

  private final Children children;
  private final Workspace workspace;
  private final Stages stages;
  private final Map<String, String> worker;
  private final RunLimits limits;

  /**
   * An executor for phones and emulators of this host.
   *
   * @param sdk the Android SDK, see {@link AndroidSdk#locate}
   * @param worker the worker's environment, of which an allowed part is passed on
   */
  public AppWrightExecutor(
      Children children,
      Workspace workspace,
      AppiumServers appium,
      Installer installer,
      Path sdk,
      Map<String, String> worker,
      RunLimits limits) {
    this(
        children,
        workspace,
        new PhoneStages(appium, installer, sdk, limits, Map.copyOf(worker)),
        worker,
        limits);
  }

  private AppWrightExecutor(
      Children children,
      Workspace workspace,
      Stages stages,
      Map<String, String> worker,
      RunLimits limits) {
    this.children = children;
    this.workspace = workspace;
    this.stages = stages;
    this.worker = Map.copyOf(worker);
    this.limits = limits;
  }

  /**
   * An executor for BrowserStack. It needs no account to exist: without one its jobs end as
   * infrastructure errors that say what to set.
   *
   * @param options what sessions ask for beside what AppWright does, of {@code bstack:options}
   */
  public static AppWrightExecutor atBrowserStack(
      Children children,
      Workspace workspace,
      Uploads uploads,
      SessionGate gate,
      Endpoints endpoints,
      Map<String, Object> options,
      Map<String, String> worker,
      RunLimits limits) {
    return new AppWrightExecutor(
        children,
        workspace,
        new CloudStages(uploads, gate, endpoints, Map.copyOf(options), limits, Map.copyOf(worker)),
        worker,
        limits);
  }

  @Override
  public void run(List<Assignment> batch, RunContext context, Listener listener) {
    BatchGuard guard = new BatchGuard(batch, context.folder(), listener);
    int number = 0;
    try {
      for (List<Assignment> group : groups(batch)) {
        runApart(group, context, guard, context.folder().resolve("group-" + ++number));
      }
    } catch (InterruptedException e) {
      guard.finishRest(new Outcome.Cancelled(Details.NONE, "the worker stops"));
      Thread.currentThread().interrupt();
    }
  }

  /** What breaks in the worker itself is no other group's matter, which may be somebody else's. */
  private void runApart(List<Assignment> group, RunContext context, BatchGuard guard, Path folder)
      throws InterruptedException {
    try {
      runGroup(group, context, guard, folder);
    } catch (IOException | RuntimeException e) {
      LOG.error("a group on {} broke off", context.slot().id(), e);
      String message = "the worker failed: " + e.getMessage();
      for (Assignment assignment : group) {
        guard.onFinished(
            assignment.jobId(), new Outcome.InfrastructureError(Details.NONE, message, false));
      }
    }
  }

  @Override
  public void silenceEndsAfter(Duration time) {
    children.silenceEndsAfter(time);
  }

  /** In the batch's order: neighbours that can share a process are one group. */
  static List<List<Assignment>> groups(List<Assignment> batch) {
    List<List<Assignment>> groups = new ArrayList<>();
    Set<String> specs = new HashSet<>();
    for (Assignment assignment : batch) {
      List<Assignment> last = groups.isEmpty() ? List.of() : groups.get(groups.size() - 1);
      boolean together =
          !last.isEmpty()
              && last.get(0).runsWith(assignment)
              && last.get(0).timeout().equals(assignment.timeout())
              && !specs.contains(assignment.testPath());
      if (!together) {
        last = new ArrayList<>();
        groups.add(last);
        specs.clear();
      }
      last.add(assignment);
      specs.add(assignment.testPath());
    }
    return groups;
  }

  private void runGroup(List<Assignment> group, RunContext context, BatchGuard guard, Path folder)
      throws InterruptedException, IOException {
    try (Uses uses = new Uses()) {
      runGroup(group, context, guard, folder, uses);
    }
  }

  private void runGroup(
      List<Assignment> group, RunContext context, BatchGuard guard, Path folder, Uses uses)
      throws InterruptedException, IOException {
    Assignment like = group.get(0);
    Redaction redaction = new Redaction(like.environment(), like.secrets());
    List<JobRun> jobs = new ArrayList<>();
    try {
      for (Assignment assignment : group) {
        Path own = context.folder().resolve("jobs").resolve(assignment.jobId());
        jobs.add(new JobRun(assignment, own, redaction));
      }
      runJobs(group, jobs, context, guard, folder, redaction, uses);
    } finally {
      jobs.forEach(JobRun::close);
    }
  }

  private void runJobs(
      List<Assignment> group,
      List<JobRun> jobs,
      RunContext context,
      BatchGuard guard,
      Path folder,
      Redaction redaction,
      Uses uses)
      throws InterruptedException, IOException {
    GroupRun run;
    try (Interruption whilePreparing = new Interruption(context.cancellation(), group)) {
      run = prepare(group.get(0), context, guard, folder, jobs, redaction, uses);
      whilePreparing.over();
    } catch (NotReady e) {
      for (Assignment assignment : group) {
        guard.onFinished(assignment.jobId(), notReady(e, redaction));
      }
      return;
    } catch (InterruptedException e) {
      // by a cancel of all jobs of the group, or of this thread
      if (Thread.interrupted() || !cancelled(group, context, guard)) {
        throw e;
      }
      return;
    }
    context.cancellation().watch(run::wake);
    run.run();
  }

  private GroupRun prepare(
      Assignment like,
      RunContext context,
      BatchGuard guard,
      Path folder,
      List<JobRun> jobs,
      Redaction redaction,
      Uses uses)
      throws NotReady, InterruptedException {
    Kit kit = kit(like, context.slot(), uses);
    Project project = workspace.project(like, folder.resolve("project"), uses);
    requirePackages(project);
    redaction.hide(project.folder());
    Stage stage =
        stages.stage(like, context.slot(), project, kit, folder.resolve(OpenSessions.FOLDER));
    return new GroupRun(
        children, project, stage, folder, worker, limits, context.cancellation(), guard, jobs);
  }

  private Kit kit(Assignment like, Slot slot, Uses uses) throws NotReady, InterruptedException {
    if (like.binaries().isEmpty()) {
      Kit.Piece only = piece(like.app(), uses);
      return new Kit(like.app(), only, List.of());
    }
    Binaries binaries = Binaries.of(like.binaries(), like.app().packageName());
    List<String> abis = binaries.dependOnThePhone() ? stages.abis(slot) : List.of();
    App app =
        binaries
            .appFor(abis)
            .orElseThrow(() -> new NotReady(FailureKind.APP, binaries.noneFor(abis)));
    Kit.Piece fitting = piece(app, uses);
    List<Kit.Piece> companions = new ArrayList<>();
    for (Binary companion : binaries.companions()) {
      companions.add(piece(companion.app(), uses));
    }
    return new Kit(like.app(), fitting, companions);
  }

  private Kit.Piece piece(App app, Uses uses) throws NotReady, InterruptedException {
    if (!app.fileName().endsWith(".apk")) {
      throw new NotReady(
          FailureKind.SUBMITTER,
          app.fileName()
              + " is no .apk: this worker runs Android apps; of a bundle or split app (.aab, .apks,"
              + " .xapk) give one universal .apk: bundletool build-apks --mode universal");
    }
    return new Kit.Piece(app, workspace.app(app, uses));
  }

  static void requirePackages(Project project) throws NotReady {
    if (!Files.isRegularFile(project.modules().resolve("@playwright/test/cli.js"))) {
      throw new NotReady(
          FailureKind.SUBMITTER,
          "the project's packages have no @playwright/test: is it in package.json, with"
              + " appwright?");
    }
  }

  private static Outcome notReady(NotReady e, Redaction redaction) {
    String message = redaction.apply(e.getMessage());
    return switch (e.kind()) {
      case SUBMITTER, APP -> new Outcome.SubmitterError(Details.NONE, message, e.kind());
      case TARGET -> new Outcome.TargetLost(Details.NONE, message);
      // a bundle, an app or packages that cannot be had: the phone was not even looked at
      case INFRASTRUCTURE, TEST -> new Outcome.InfrastructureError(Details.NONE, message, false);
    };
  }

  private static boolean cancelled(List<Assignment> group, RunContext context, BatchGuard guard) {
    boolean all = true;
    for (Assignment assignment : group) {
      @Nullable String reason = context.cancellation().reason(assignment.jobId()).orElse(null);
      if (reason == null) {
        all = false;
      } else {
        guard.onFinished(assignment.jobId(), new Outcome.Cancelled(Details.NONE, reason));
      }
    }
    return all;
  }

  @Override
  public void close() {
    stages.close();
  }
}

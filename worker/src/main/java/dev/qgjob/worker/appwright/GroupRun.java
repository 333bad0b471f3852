package dev.qgjob.worker.appwright;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.Part;
import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.worker.appwright.RunEvent.Problem;
import dev.qgjob.worker.health.ForeignWindow;
import dev.qgjob.worker.process.Child;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.Exit;
import dev.qgjob.worker.process.ProcessListener;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Cancellation;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.workspace.NotReady;
import dev.qgjob.worker.workspace.Project;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the jobs of one group: all in one Playwright process as long as that goes well, what is left
 * in another one when it does not. Jobs whose tests share a device get a process each: there the
 * device would go on into the next job.
 *
 * <p>Everything happens in the thread that calls {@link #run}: the child's lines, cancels and
 * deadlines come to it through one queue.
 */
final class GroupRun {
  private static final Logger LOG = LoggerFactory.getLogger(GroupRun.class);

  /** Of the phone, Appium or the sessions: what a spec does to its process is none of them. */
  private static final int MOST_FAULTS_IN_A_ROW = 2;

  /** Characters of lines that wait to be read: nobody does while the app is being installed. */
  private static final long MOST_UNREAD = 4L << 20;

  /** The device that the tests of a spec share, as AppWright names it. */
  private static final String SHARED_DEVICE = "persistentDevice";

  private sealed interface Signal {
    record Event(RunEvent event) implements Signal {}

    record Line(String text) implements Signal {}

    record Exited(Exit exit) implements Signal {}

    record Wake() implements Signal {}
  }

  private final Map<String, JobRun> pending = new LinkedHashMap<>();
  private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
  private final AtomicLong unread = new AtomicLong(); // characters of lines among the signals
  private final Children children;
  private final Project project;
  private final Stage stage;
  private final Path folder;
  private final Map<String, String> worker;
  private final RunLimits limits;
  private final Cancellation cancellation;
  private final Listener listener;
  private int processes;
  private int installs;
  private int faultsInARow;

  // of the current process
  private final Map<String, JobRun> aboard = new LinkedHashMap<>();
  private final Set<String> dropped = new HashSet<>();
  private final List<Problem> errors = new ArrayList<>();
  private RunEvent.@Nullable Configured configured;
  private @Nullable JobRun current;
  private @Nullable Child child;
  private @Nullable Start start;
  private boolean begun;
  private boolean leave;
  private boolean otherwise; // what is left is run in another way: that it ended early is no fault
  private long idleSince;

  GroupRun(
      Children children,
      Project project,
      Stage stage,
      Path folder,
      Map<String, String> worker,
      RunLimits limits,
      Cancellation cancellation,
      Listener listener,
      List<JobRun> jobs) {
    this.children = children;
    this.project = project;
    this.stage = stage;
    this.folder = folder;
    this.worker = worker;
    this.limits = limits;
    this.cancellation = cancellation;
    this.listener = listener;
    for (JobRun job : jobs) {
      pending.put(job.spec(), job);
      job.keepOut(stage.environment());
      if (namesSharedDevice(project.folder().resolve(job.spec()))) {
        job.runAlone();
      }
    }
  }

  /** Else the reporter tells, at the price of a start: it knows the fixtures behind fixtures. */
  private static boolean namesSharedDevice(Path spec) {
    try {
      return Files.readString(spec, StandardCharsets.ISO_8859_1).contains(SHARED_DEVICE);
    } catch (IOException e) {
      return false; // Playwright says what is wrong with it
    }
  }

  /** Has the run look for cancels; called from any thread. */
  void wake() {
    signals.add(new Signal.Wake());
  }

  /** Runs them all; every job has been reported when it returns. */
  void run() throws InterruptedException, IOException {
    boolean alone = false;
    sweepCancelled();
    while (!pending.isEmpty()) {
      int before = pending.size();
      try {
        if (!ready(this::prepare)) {
          return;
        }
        runProcess(next(alone));
      } finally {
        nextMayStart();
        stage.tidy(); // also where no process came of what was made ready
      }
      sweepCancelled();
      if (pending.size() == before && !otherwise) {
        if (alone || before == 1) {
          JobRun first = pending.values().iterator().next();
          finish(first, fault(first, FailureKind.INFRASTRUCTURE, unclearEnd()));
        }
        alone = true; // one of them stops the others: each gets a process of its own
      }
      if (faultsInARow >= MOST_FAULTS_IN_A_ROW) {
        finishAll(
            FailureKind.INFRASTRUCTURE,
            "not begun: the runs before it on " + stage.name() + " broke off");
      }
    }
    project.compilation().keep();
  }

  /** The first that waits, with all others that can share its process. */
  private List<JobRun> next(boolean alone) {
    JobRun first = pending.values().iterator().next();
    return alone || first.alone()
        ? List.of(first)
        : pending.values().stream().filter(job -> !job.alone()).toList();
  }

  /** Playwright has started here, or will not. */
  private void nextMayStart() {
    Start starting = start;
    if (starting != null) {
      starting.over();
    }
  }

  /** A step on the way to the first test; it is interrupted when all jobs are cancelled. */
  private interface Step {
    void take() throws NotReady, InterruptedException, IOException;
  }

  private void prepare() throws NotReady, InterruptedException, IOException {
    stage.prepare();
    if (processes == 0) {
      // Appium's start and the app's upload before it are for all slots, and no install costs them
      pending.values().forEach(JobRun::waitsFromNow);
    }
    processes++;
    Path own = Files.createDirectories(processFolder());
    start = new Start(children.starts(), own.resolve("go-on"));
  }

  private Path processFolder() {
    return folder.resolve("process-" + processes);
  }

  /** Takes the step, and returns whether there is something left to run. */
  private boolean ready(Step step) throws InterruptedException, IOException {
    List<Assignment> wanted = pending.values().stream().map(JobRun::assignment).toList();
    try (Interruption untilReady = new Interruption(cancellation, wanted)) {
      step.take();
      untilReady.over();
    } catch (NotReady e) {
      finishAll(e.kind(), e.getMessage());
    } catch (InterruptedException e) {
      sweepCancelled();
      if (!pending.isEmpty()) {
        throw e;
      }
    }
    sweepCancelled();
    return !pending.isEmpty();
  }

  private String unclearEnd() {
    String said = errors.isEmpty() ? lastLine() : Verdict.firstLine(errors.get(0).message());
    return "Playwright ended without a result" + (said.isEmpty() ? "" : ": " + said);
  }

  private String lastLine() {
    Child last = child;
    return last == null ? "" : Verdict.firstLine(last.log().lastLine());
  }

  // ---- one process ----

  private void runProcess(List<JobRun> jobs) throws InterruptedException, IOException {
    signals.clear();
    unread.set(0);
    aboard.clear();
    dropped.clear();
    errors.clear();
    configured = null;
    current = null;
    begun = false;
    leave = false;
    otherwise = false;
    for (JobRun job : jobs) {
      job.forgetProcess();
      aboard.put(job.spec(), job);
    }
    Start starting = Objects.requireNonNull(start);
    Child started =
        children.start(
            PlaywrightCommand.of(
                children,
                project,
                jobs.get(0).assignment(),
                jobs,
                stage,
                processFolder(),
                starting.gate(),
                worker),
            intoQueue(starting));
    child = started;
    try {
      boolean installed =
          ready(
              () -> {
                installs += stage.install();
                starting.open();
              });
      idleSince = System.nanoTime();
      if (installed) {
        loop(started);
      }
    } finally {
      started.kill();
      project.compilation().hasEnded();
    }
  }

  private ProcessListener intoQueue(Start starting) {
    return new ProcessListener() {
      @Override
      public void onLine(String line) {
        if (unread.addAndGet(line.length()) < MOST_UNREAD) {
          signals.add(new Signal.Line(line));
        } else {
          unread.addAndGet(-line.length()); // its log has it
        }
      }

      @Override
      public void onReport(String json) {
        try {
          RunEvents.parse(json)
              .ifPresent(
                  event -> {
                    if (event instanceof RunEvent.Configured) {
                      starting.atGate();
                    }
                    signals.add(new Signal.Event(event));
                  });
        } catch (JsonProcessingException e) {
          LOG.warn("the reporter wrote no JSON: {}", e.getOriginalMessage());
        }
      }

      @Override
      public void onExit(Exit exit) {
        signals.add(new Signal.Exited(exit));
      }
    };
  }

  private void loop(Child started) throws InterruptedException {
    while (!leave) {
      Signal signal = signals.poll(Math.max(0, untilDeadline()), TimeUnit.NANOSECONDS);
      if (signal == null && untilDeadline() > 0) {
        continue; // it waits for the target, and its deadline with it
      }
      if (signal == null) {
        overdue(started);
      } else if (signal instanceof Signal.Event event) {
        on(event.event());
        JobRun job = current;
        if (job != null) {
          listener.onProgress(job.id());
        }
      } else if (signal instanceof Signal.Line line) {
        unread.addAndGet(-line.text().length());
        logLine(line.text());
      } else if (signal instanceof Signal.Wake) {
        sweepCancelled();
      } else if (signal instanceof Signal.Exited exited) {
        leave = true;
        explainEnd(exited.exit());
      }
    }
  }

  private long untilDeadline() {
    JobRun job = current;
    long deadline =
        job == null
            ? idleSince + limits.begin().toNanos()
            : job.deadline(limits.grace(), stage.waited());
    return deadline - System.nanoTime();
  }

  private void on(RunEvent event) throws InterruptedException {
    if (event instanceof RunEvent.Configured c) {
      configured = c;
      LOG.debug("Playwright {} with {}", c.playwright(), c.appwright());
    } else if (event instanceof RunEvent.Begin begin) {
      begins(begin);
    } else if (event instanceof RunEvent.Whole specs) {
      aboard.values().stream()
          .filter(job -> specs.files().contains(job.spec()))
          .toList()
          .forEach(this::runWhole);
    } else if (event instanceof RunEvent.Alone specs) {
      runAlone(specs.files());
    } else if (event instanceof RunEvent.Crossed) {
      JobRun unfinished = current;
      if (unfinished != null && !unfinished.alone()) {
        unfinished.runAlone(); // its tests come back to it later
        otherwise = true;
      }
      leave = true;
    } else if (event instanceof RunEvent.TestBegin test) {
      testBegins(test);
    } else if (event instanceof RunEvent.TestEnd test) {
      testEnds(test);
    } else if (event instanceof RunEvent.Failure failure) {
      errors.add(failure.problem());
      logLine(failure.problem().message());
    } else if (event instanceof RunEvent.Output output) {
      JobRun job = output.file() == null ? current : aboard.get(output.file());
      output.text().lines().forEach(line -> log(job, line));
    } else if (event instanceof RunEvent.End) {
      idleSince = System.nanoTime();
    }
  }

  private void begins(RunEvent.Begin begin) {
    begin
        .tests()
        .forEach(
            test -> {
              JobRun job = aboard.get(test.file());
              if (job != null) {
                job.report().expect(test);
              }
            });
    begun = !begin.tests().isEmpty();
    project.compilation().hasRead();
    if (!begun) {
      List<JobRun> parts = aboard.values().stream().filter(job -> job.part() != null).toList();
      // a part without tests is no error to Playwright; what stopped it, it said before
      if (errors.isEmpty()) {
        parts.forEach(this::hasNoTests);
      }
      return;
    }
    for (JobRun job : List.copyOf(aboard.values())) {
      if (job.report().empty()) {
        hasNoTests(job);
      } else if (!job.report().has(job.only())) {
        runWhole(job); // its tests are written in another file
      }
    }
  }

  /** Another process runs all of its spec; of the parts of a spec the first does. */
  private void runWhole(JobRun job) {
    Part part = job.part();
    if (part != null && part.number() > 1) {
      leave = true;
      skip(job, "its tests share a device, and " + new Part(1, part.of()) + " runs them all");
      return;
    }
    // said of one that is whole it changes nothing, and would be said again and again
    otherwise |= job.part() != null || !job.only().isEmpty();
    job.runWhole();
    leave = true;
  }

  private void runAlone(List<String> files) {
    for (JobRun job : aboard.values()) {
      if (files.contains(job.spec()) && !job.alone()) {
        job.runAlone();
        otherwise = true;
      }
    }
    leave = true;
  }

  private void hasNoTests(JobRun job) {
    if (!job.only().isEmpty()) {
      runWhole(job);
      return;
    }
    Part part = job.part();
    if (part != null && part.number() > 1) {
      // the first part has a test if there is any
      skip(job, "no test of the spec is left for " + part);
      return;
    }
    Verdict verdict = job.verdict();
    if (verdict instanceof Verdict.Skip skip) {
      skip(job, skip.message());
    } else {
      finish(job, fault(job, verdict));
    }
  }

  private void skip(JobRun job, String why) {
    String clean = job.log(why);
    finish(job, new Outcome.Skipped(details(job), clean));
  }

  private void testBegins(RunEvent.TestBegin test) {
    nextMayStart();
    JobRun job = aboard.get(test.file());
    if (job == null) {
      // cancelled before it began: the others get a process without it
      leave = dropped.contains(test.file());
      return;
    }
    current = job;
    if (job.testBegan(test.id(), stage.waited())) {
      listener.onStarted(job.id());
    }
  }

  private void testEnds(RunEvent.TestEnd test) throws InterruptedException {
    JobRun job = aboard.get(test.file());
    if (job == null) {
      return;
    }
    job.testEnded(test);
    if (job.report().complete()) {
      conclude(job);
    } else if (brokeOff(job, test) && !stage.present()) {
      lost(job); // its other tests would only say the same
    }
  }

  private static boolean brokeOff(JobRun job, RunEvent.TestEnd test) {
    return Verdict.faultIn(test, job.assignment().target()).isPresent();
  }

  private void conclude(JobRun job) throws InterruptedException {
    if (job.part() != null && job.report().onlySkipped()) {
      // as it would have been among the others of its spec
      skip(job, "all tests of " + job.part() + " are skipped");
      return;
    }
    Verdict verdict = job.verdict();
    if (verdict instanceof Verdict.Pass) {
      faultsInARow = 0;
      finish(job, new Outcome.Passed(details(job)));
      return;
    }
    if (endedByItsTarget(job)) {
      return;
    }
    if (verdict instanceof Verdict.Fail fail) {
      faultsInARow = 0;
      finish(job, new Outcome.TestsFailed(details(job), job.clean(fail.message())));
    } else {
      finish(job, fault(job, verdict));
    }
  }

  /**
   * True where the phone went away or something else stood in front: then that is told. Else the
   * phone's own log is kept.
   */
  private boolean endedByItsTarget(JobRun job) throws InterruptedException {
    if (!stage.present()) {
      lost(job);
      return true;
    }
    stage.log(job.targetLog());
    Optional<ForeignWindow> covering = stage.foreignWindow();
    if (covering.isPresent()) {
      covered(job, covering.get());
    }
    return covering.isPresent();
  }

  /** The tests saw a window of the system in place of the app. */
  private void covered(JobRun job, ForeignWindow window) throws InterruptedException {
    stage.screenshot(job.screenshot());
    boolean own = window.owner().equals(job.assignment().app().packageName());
    finish(
        job,
        fault(
            job,
            own ? FailureKind.APP : FailureKind.TARGET,
            stage.name() + ": in front was " + window.name()));
  }

  /** The phone is gone: no job of the group can go on here. */
  private void lost(JobRun job) {
    leave = true;
    finish(
        job,
        new Outcome.TargetLost(
            details(job), stage.name() + " went away while " + job.spec() + " ran on it"));
    for (JobRun other : List.copyOf(pending.values())) {
      finish(
          other,
          new Outcome.TargetLost(
              details(other), stage.name() + " went away before " + other.spec() + " began"));
    }
  }

  private void overdue(Child started) throws InterruptedException {
    leave = true;
    started.kill();
    JobRun job = current;
    if (job == null) {
      JobRun first = pending.isEmpty() ? null : pending.values().iterator().next();
      boolean anyOfThem = !begun && aboard.size() > 1; // each gets a process of its own, to tell
      if (first != null && aboard.containsKey(first.spec()) && !anyOfThem) {
        finish(
            first,
            fault(
                first,
                FailureKind.INFRASTRUCTURE,
                "Playwright did not come to "
                    + first.spec()
                    + " within "
                    + limits.begin().toSeconds()
                    + " s"));
      }
      return;
    }
    if (!stage.present()) {
      lost(job);
      return;
    }
    String limit = job.assignment().timeout().toSeconds() + " s";
    boolean stuck = job.testIsStuck(limits.grace(), stage.waited());
    String message =
        stuck
            ? "Playwright hung in " + job.spec() + " and was ended at the job's timeout of " + limit
            : job.spec()
                + " took longer than the job's timeout of "
                + limit
                + ": "
                + job.report().ends().size()
                + " of "
                + job.report().expected()
                + " tests had ended";
    String cut = "cut off at the job's timeout of " + limit;
    if (stuck) {
      hung(job, message, cut);
      return;
    }
    stage.log(job.targetLog());
    finish(job, new Outcome.TestsFailed(details(job, timedOut(job, cut)), message));
  }

  private static List<TestResult> timedOut(JobRun job, String cut) {
    return job.resultsCutNow(TestStatus.TIMED_OUT, cut);
  }

  /** Its process was ended: the test blocked it or never ends, unless what it runs on is bad. */
  private void hung(JobRun job, String message, String cut) throws InterruptedException {
    if (endedByItsTarget(job)) {
      return;
    }
    if (stage.answers()) {
      faultsInARow = 0;
      String clean = job.log(message);
      finish(job, new Outcome.TestsFailed(details(job, timedOut(job, cut)), clean));
    } else {
      finish(job, slotFault(job, stage.name() + " or its Appium does not answer: " + message));
    }
  }

  // ---- how a process ended by itself ----

  private void explainEnd(Exit exit) throws InterruptedException {
    JobRun job = current;
    if (job != null && pending.containsValue(job)) {
      if (!stage.present()) {
        lost(job);
        return;
      }
      stage.log(job.targetLog());
      finish(
          job,
          fault(
              job,
              FailureKind.INFRASTRUCTURE,
              "Playwright ended in the middle of "
                  + job.spec()
                  + " ("
                  + describe(exit)
                  + "): "
                  + lastLine()));
      return;
    }
    if (!aboard.isEmpty() && !begun) {
      Child last = child;
      boolean filtered =
          aboard.values().stream().allMatch(one -> one.verdict() instanceof Verdict.Skip);
      new EarlyEnd(
              exit,
              configured,
              List.copyOf(errors),
              last == null ? List.of() : last.log().lastLines(),
              aboard.values().iterator().next().assignment().filter())
          .of(List.copyOf(aboard.keySet()), filtered)
          .forEach(this::endsEarly);
    }
  }

  private void endsEarly(String spec, EarlyEnd.Found found) {
    JobRun job = Objects.requireNonNull(aboard.get(spec));
    if (found instanceof EarlyEnd.Found.Fault fault) {
      finish(job, fault(job, fault.kind(), fault.message()));
    } else {
      hasNoTests(job);
    }
  }

  private static String describe(Exit exit) {
    if (exit instanceof Exit.Ended ended) {
      return ended.bySignal() ? ended.status() : "exit code " + ended.status();
    }
    return exit instanceof Exit.NotStarted none ? none.message() : "killed";
  }

  // ---- ends of jobs ----

  private void sweepCancelled() throws InterruptedException {
    for (JobRun job : List.copyOf(pending.values())) {
      Optional<String> reason = cancellation.reason(job.id());
      if (reason.isEmpty() || !pending.containsValue(job)) {
        continue;
      }
      Child running = child;
      if (job == current && running != null) {
        leave = true;
        running.kill(); // first ended, then said to be
        if (cancellation.hung(job.id())) {
          hung(job, reason.get(), reason.get());
          continue;
        }
      } else {
        dropped.add(job.spec());
      }
      List<TestResult> tests = job.resultsCutNow(TestStatus.INTERRUPTED, reason.get());
      finish(job, new Outcome.Cancelled(details(job, tests), reason.get()));
    }
  }

  private void finishAll(FailureKind kind, String message) {
    for (JobRun job : List.copyOf(pending.values())) {
      finish(
          job,
          kind == FailureKind.INFRASTRUCTURE ? slotFault(job, message) : fault(job, kind, message));
    }
  }

  private Outcome fault(JobRun job, Verdict verdict) {
    if (verdict instanceof Verdict.Fault fault) {
      return fault.kind() == FailureKind.INFRASTRUCTURE
          ? slotFault(job, fault.message())
          : fault(job, fault.kind(), fault.message());
    }
    throw new IllegalArgumentException("no fault: " + verdict);
  }

  /** The phone, Appium or a session showed that it is bad. */
  private Outcome slotFault(JobRun job, String message) {
    faultsInARow++;
    leave = true; // what is left gets a fresh process, after a look at Appium and the phone
    String clean = job.log(message); // before the log is closed
    return new Outcome.InfrastructureError(details(job), clean);
  }

  /** What the process of tests came to says nothing of the slot, nor of the specs after it. */
  private Outcome fault(JobRun job, FailureKind kind, String message) {
    String clean = job.log(message);
    return switch (kind) {
      case SUBMITTER, APP -> new Outcome.SubmitterError(details(job), clean, kind);
      case TARGET -> new Outcome.TargetLost(details(job), clean);
      case INFRASTRUCTURE -> {
        leave = true; // what is left gets a fresh process
        yield new Outcome.InfrastructureError(details(job), clean, false);
      }
      case TEST -> new Outcome.TestsFailed(details(job), clean);
    };
  }

  private Details details(JobRun job) {
    return details(job, job.report().results());
  }

  private Details details(JobRun job, List<TestResult> tests) {
    int executed = (int) tests.stream().filter(test -> test.status() != TestStatus.SKIPPED).count();
    int made = installs + stage.installsByTests(executed);
    installs = 0; // counted with the first job that ends after they were made
    return job.details(tests, made, stage.notes(), stage.waited());
  }

  private void finish(JobRun job, Outcome outcome) {
    pending.remove(job.spec());
    aboard.remove(job.spec());
    if (current == job) {
      current = null;
    }
    idleSince = System.nanoTime();
    pending.values().forEach(JobRun::waitsFromNow);
    listener.onFinished(job.id(), outcome);
  }

  private void logLine(String line) {
    JobRun job = current;
    log(job == null && aboard.size() == 1 ? aboard.values().iterator().next() : job, line);
  }

  private void log(@Nullable JobRun job, String line) {
    if (job != null) {
      listener.onLog(job.id(), job.log(line));
    }
  }
}

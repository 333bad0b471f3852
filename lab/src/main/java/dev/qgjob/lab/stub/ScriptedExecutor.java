package dev.qgjob.lab.stub;

import dev.qgjob.protocol.TestResult;
import dev.qgjob.protocol.TestStatus;
import dev.qgjob.worker.process.Child;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.CleanEnvironment;
import dev.qgjob.worker.process.Command;
import dev.qgjob.worker.process.ProcessListener;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.run.Cancellation;
import dev.qgjob.worker.run.Details;
import dev.qgjob.worker.run.Executor;
import dev.qgjob.worker.run.Listener;
import dev.qgjob.worker.run.Outcome;
import dev.qgjob.worker.run.RunContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Does what the specs' names say, one after the other, and writes it down. Thread-safe. */
final class ScriptedExecutor implements Executor {
  /** How a worker looks that was killed: 128 + 9. */
  private static final int KILLED = 137;

  private final Journal journal;
  private final Children children;

  ScriptedExecutor(Journal journal, Children children) {
    this.journal = journal;
    this.children = children;
  }

  @Override
  public void run(List<Assignment> batch, RunContext context, Listener listener) {
    for (Assignment assignment : batch) {
      Optional<String> reason = context.cancellation().reason(assignment.jobId());
      Outcome outcome =
          reason.isPresent()
              ? new Outcome.Cancelled(Details.NONE, reason.get())
              : runOne(assignment, context, listener);
      listener.onFinished(assignment.jobId(), outcome);
    }
  }

  private Outcome runOne(Assignment assignment, RunContext context, Listener listener) {
    Script script;
    try {
      script = Script.of(assignment.testPath());
    } catch (IllegalArgumentException e) {
      return new Outcome.SubmitterError(Details.NONE, String.valueOf(e.getMessage()));
    }
    note(Journal.What.START, assignment, context, "");
    listener.onStarted(assignment.jobId());
    long began = System.nanoTime();
    Optional<String> stopped = play(script, assignment, context);
    Duration took = Duration.ofNanos(System.nanoTime() - began);
    Outcome outcome =
        stopped.isPresent()
            ? new Outcome.Cancelled(Details.NONE, stopped.get())
            : end(script, assignment, took);
    note(
        stopped.isPresent() ? Journal.What.STOPPED : Journal.What.END,
        assignment,
        context,
        outcome.getClass().getSimpleName());
    return outcome;
  }

  private void note(Journal.What what, Assignment assignment, RunContext context, String outcome) {
    journal.note(
        what,
        context.slot().id(),
        assignment.jobId(),
        assignment.attempt(),
        assignment.testPath(),
        outcome);
  }

  /** Returns when the script is over, with why it was stopped if it was. */
  private Optional<String> play(Script script, Assignment assignment, RunContext context) {
    if (script instanceof Script.HangingChild) {
      return withChild(assignment, context);
    }
    Optional<String> stopped = await(length(script, assignment), assignment, context);
    if (script instanceof Script.KillWorker && stopped.isEmpty()) {
      Runtime.getRuntime().halt(KILLED);
    }
    return stopped;
  }

  private static Duration length(Script script, Assignment assignment) {
    if (script instanceof Script.Pass pass) {
      return pass.after();
    }
    if (script instanceof Script.Fail fail) {
      return fail.after();
    }
    if (script instanceof Script.KillWorker kill) {
      return kill.after();
    }
    return script instanceof Script.Break ? Duration.ZERO : assignment.timeout();
  }

  private static Optional<String> await(Duration most, Assignment assignment, RunContext context) {
    Object bell = new Object();
    Cancellation cancellation = context.cancellation();
    cancellation.watch(
        () -> {
          synchronized (bell) {
            bell.notifyAll();
          }
        });
    long end = System.nanoTime() + most.toNanos();
    synchronized (bell) {
      try {
        Optional<String> reason = cancellation.reason(assignment.jobId());
        long left = end - System.nanoTime();
        while (reason.isEmpty() && left > 0) {
          TimeUnit.NANOSECONDS.timedWait(bell, Math.max(left, 1_000_000));
          reason = cancellation.reason(assignment.jobId());
          left = end - System.nanoTime();
        }
        return reason;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.of("interrupted");
      }
    }
  }

  /** A real child, kept by the worker's own launcher, that would sleep for an hour. */
  private Optional<String> withChild(Assignment assignment, RunContext context) {
    Command command =
        new Command(
            List.of("sleep", "3600"),
            context.folder(),
            CleanEnvironment.from(System.getenv(), context.folder()),
            null,
            context.folder().resolve(assignment.jobId() + ".log"));
    try (Child child = children.start(command, new ProcessListener() {})) {
      return await(assignment.timeout(), assignment, context);
    } catch (IOException e) {
      return Optional.of("no child could be started: " + e.getMessage());
    }
  }

  private static Outcome end(Script script, Assignment assignment, Duration took) {
    if (script instanceof Script.Pass) {
      return new Outcome.Passed(details(assignment, TestStatus.PASSED, took));
    }
    if (script instanceof Script.Break) {
      return new Outcome.InfrastructureError(Details.NONE, "broken, as its name says");
    }
    String message =
        script instanceof Script.Fail
            ? "failed, as its name says"
            : "took longer than the job's timeout of " + assignment.timeout().toSeconds() + " s";
    return new Outcome.TestsFailed(details(assignment, TestStatus.FAILED, took), message);
  }

  private static Details details(Assignment assignment, TestStatus status, Duration took) {
    TestResult test =
        new TestResult(
            List.of("stub"), assignment.testPath(), 1, 1, status, took.toMillis(), null, null);
    return new Details(List.of(test), List.of(), 0, 1, Duration.ZERO, took, List.of());
  }

  @Override
  public void close() {
    // a child ends with its job
  }
}

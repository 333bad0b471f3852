package dev.qgjob.lab.bench;

import dev.qgjob.client.Json;
import dev.qgjob.lab.bench.BareRunner.Keeping;
import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.figure.Samples;
import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Stack;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;

/** The same short specs through the whole stack, by hand, and with an install for every test. */
final class Overhead {
  private final Stack stack;
  private final String org;
  private final ShortSpecs specs;
  private final Consumer<String> say;
  private double cold;

  Overhead(Stack stack, String org, ShortSpecs specs, Consumer<String> say) {
    this.stack = stack;
    this.org = org;
    this.specs = specs;
    this.say = say;
  }

  /** Fetches packages and starts the worker's Appium, as neither belongs to a comparison. */
  void warmUp(String version, Path app) {
    submit(version, "--test=" + ShortSpecs.name(1), "--app=" + app);
  }

  /** Measures; the phone must not hold the app's build yet. */
  void measure(String version, Path app, BareRunner bare, int rounds, Findings findings)
      throws IOException {
    int count = specs.count();
    double coldLoad = Machine.load();
    RunView first = submit(version, "--test=tests/*.spec.js", "--app=" + app);
    cold = seconds(first, 1);
    say.accept("through qgjob, cold: " + told(cold));
    List<Double> through = new ArrayList<>();
    List<Double> byHand = new ArrayList<>();
    double load = Machine.load();
    for (int round = 0; round <= rounds; round++) {
      double a = seconds(submit(version, "--test=tests/*.spec.js"), 0);
      double b = bare.run(Keeping.APP);
      boolean counts = round > 0; // before it server, worker and both Appiums were new
      say.accept(
          (counts ? "round " + round : "a round that does not count")
              + ": through qgjob "
              + told(a)
              + ", by hand "
              + told(b));
      if (counts) {
        through.add(a);
        byHand.add(b);
      }
    }
    Figure warm =
        Figure.median(count + " specs through qgjob, build held", new Samples(through), "s", load);
    Figure hand =
        Figure.median(
            count + " specs, one Playwright by hand, app kept", new Samples(byHand), "s", load);
    findings.add(warm);
    findings.add(hand);
    findings.add(
        Figure.single(count + " specs through qgjob, with the one install", cold, "s", coldLoad));
    findings.add(
        new Bar(
            "through qgjob / by hand", warm.value() / hand.value(), Bar.Rule.AT_MOST, 1.1, "x"));
  }

  /**
   * The same by hand as AppWright does it by itself; after {@link #measure}, and last: it leaves
   * the phone without the app.
   */
  void measureFullReset(BareRunner bare, Findings findings) throws IOException {
    double load = Machine.load();
    double stock = bare.run(Keeping.NOTHING);
    findings.add(
        Figure.single(specs.count() + " specs by hand, AppWright's fullReset", stock, "s", load));
    findings.add(
        new Bar("fullReset / through qgjob with install", stock / cold, Bar.Rule.AT_LEAST, 5, "x"));
  }

  private static String told(double seconds) {
    return String.format(java.util.Locale.ROOT, "%.1f s", seconds);
  }

  private RunView submit(String version, String... more) {
    return submit(stack, org, specs, version, more);
  }

  /** Submits, waits, and returns the run; it has to pass. */
  static RunView submit(Stack stack, String org, ShortSpecs specs, String version, String... more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                "submit",
                "--org-id=" + org,
                "--app-version-id=" + version,
                "--target=emulator",
                "--wait",
                "-o",
                "json"));
    command.addAll(List.of(more));
    Command.Result result = stack.qgjob(specs.folder(), command.toArray(String[]::new));
    try {
      return Json.mapper().readValue(result.expectSuccess(), RunView.class);
    } catch (IOException e) {
      throw new IllegalStateException("qgjob submit answered: " + result.out(), e);
    }
  }

  /** From the first job's start to the last one's end, by the server's clock. */
  static double seconds(RunView run, int installs) {
    for (JobView job : run.jobs()) {
      if (job.state() != JobState.PASSED || job.attempts().size() != 1) {
        throw new IllegalStateException(
            job.testPath()
                + " is "
                + job.state()
                + " after "
                + job.attempts().size()
                + " attempts, this run measures nothing: "
                + job.message());
      }
    }
    if (run.installs() != installs) {
      throw new IllegalStateException(
          "the run made " + run.installs() + " installs, it should have made " + installs);
    }
    Instant began =
        run.jobs().stream()
            .map(job -> Objects.requireNonNull(job.startedAt()))
            .min(Instant::compareTo)
            .orElseThrow();
    Instant ended =
        run.jobs().stream()
            .map(job -> Objects.requireNonNull(job.finishedAt()))
            .max(Instant::compareTo)
            .orElseThrow();
    return Duration.between(began, ended).toNanos() / 1e9;
  }
}

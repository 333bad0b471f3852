package dev.qgjob.lab.bench;

import dev.qgjob.lab.demo.Versions;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Stack;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A worker with one simulated phone beside Playwright by hand, the way of a single job, and how
 * long starts take.
 *
 * @param specs how many specs are run each way
 * @param rounds how often
 * @param jobs how many claims are measured
 * @param install how long the simulated phone takes for one
 * @param parts what is measured
 */
record WorkerBench(
    Distribution distribution,
    Path work,
    int specs,
    int rounds,
    int jobs,
    Duration install,
    Set<WorkerPart> parts,
    Consumer<String> say) {
  private static final String ORG = "qualgent";
  private static final String WORKER = "bench";
  private static final String VERSION = "1.0";

  /** Specs that wait for their app more than they work, as most do. */
  private static final Duration LONGER = Duration.ofSeconds(5);

  void measure(Findings findings) throws IOException {
    if (parts.contains(WorkerPart.START)) {
      say.accept("server: " + rounds + " starts, each with a fresh home");
      Starts.ofServer(distribution, work, rounds, findings);
    }
    say.accept("making two builds of the example's app");
    Versions versions = Versions.make(distribution, work.resolve("apps"));
    if (parts.contains(WorkerPart.SPECS)) {
      specs(versions, findings);
    }
    if (parts.contains(WorkerPart.TWO_PHONES)) {
      twoPhones(versions, findings);
    }
    if (parts.contains(WorkerPart.IDLE)) {
      say.accept("starting a server, fifty simulated phones and a worker");
      Footprint.ofIdleSlots(distribution, work.resolve("fifty"), ORG, findings);
    }
  }

  private void specs(Versions versions, Findings findings) throws IOException {
    say.accept("starting a server, a simulated phone and a worker");
    Stack.Plan plan = new Stack.Plan(ORG, 1, install, "emulator", Map.of());
    try (ShortSpecs project = new ShortSpecs(distribution, specs);
        Stack stack = new Stack(distribution, work, plan)) {
      Thread onInterrupt = new Thread(stack::close);
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      stack.startWorker(WORKER, 1, Map.of());
      measure(stack, project, versions, findings);
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    }
  }

  private void twoPhones(Versions versions, Findings findings) throws IOException {
    say.accept("starting a server, two simulated phones and a worker");
    Stack.Plan two = new Stack.Plan(ORG, 2, Duration.ofSeconds(2), "emulator", Map.of());
    try (Stack stack = new Stack(distribution, work.resolve("two"), two)) {
      Thread onInterrupt = new Thread(stack::close);
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      stack.startWorker(WORKER, 2, Map.of());
      for (Duration each : List.of(Duration.ZERO, LONGER)) {
        try (ShortSpecs project = new ShortSpecs(distribution, specs, each)) {
          new TwoPhones(stack, ORG, project, say).measure(versions.first(), rounds, findings);
        }
      }
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    }
  }

  private void measure(Stack stack, ShortSpecs project, Versions versions, Findings findings)
      throws IOException {
    Overhead overhead = new Overhead(stack, ORG, project, say);
    say.accept("warming up with another build: packages, Appium");
    overhead.warmUp("0.9", versions.second());
    try (Footprint footprint = new Footprint("worker while it runs specs", stack.worker().pid());
        BareRunner bare =
            new BareRunner(
                distribution,
                project,
                versions.first(),
                stack.phones().serials().get(0),
                stack.workerFolder(WORKER),
                work.resolve("bare"),
                stack.adbEnvironment())) {
      say.accept("the same " + specs + " specs through qgjob and by hand, " + rounds + " rounds");
      overhead.measure(VERSION, versions.first(), bare, rounds, findings);
      footprint.tell(findings);
      say.accept(jobs + " jobs, one after another");
      String job = Dispatch.measure(stack, ORG, VERSION, jobs, findings);
      say.accept("qgjob status");
      Starts.ofStatus(() -> stack.qgjob(project.folder(), "status", "--job-id=" + job), findings);
      if (parts.contains(WorkerPart.FULL_RESET)) {
        say.accept("the specs by hand with AppWright's own fullReset");
        overhead.measureFullReset(bare, findings);
      }
    }
  }
}

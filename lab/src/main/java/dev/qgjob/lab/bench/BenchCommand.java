package dev.qgjob.lab.bench;

import dev.qgjob.client.Json;
import dev.qgjob.lab.demo.Versions;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Stack;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures, prints, writes it down, and ends with 1 when a bar does not hold. */
@Command(
    name = "bench",
    description = "Measures the worker and the server beside their peers, and checks the bars.",
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
  private static final String ORG = "qualgent";
  private static final String WORKER = "bench";
  private static final String VERSION = "1.0";

  @Option(names = "--specs", defaultValue = "10", description = "Default: ${DEFAULT-VALUE}.")
  private int specs = 10;

  @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--jobs",
      defaultValue = "20",
      description = "How many claims are measured. Default: ${DEFAULT-VALUE}.")
  private int jobs = 20;

  @Option(
      names = "--install-seconds",
      defaultValue = "10",
      description = "How long an install takes on the simulated phone. Default: ${DEFAULT-VALUE}.")
  private int installSeconds = 10;

  @Option(names = "--folder", defaultValue = "target/lab", description = "Where it works.")
  private Path folder = Path.of("target/lab");

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    Distribution distribution = Distribution.ofThisBuild();
    Path results = distribution.root().resolve(folder).toAbsolutePath();
    Path work = results.resolve("bench-" + Instant.now().toEpochMilli());
    Files.createDirectories(work);
    Findings findings = new Findings(this::say);
    say("server: " + rounds + " starts, each with a fresh home");
    Starts.ofServer(distribution, work, rounds, findings);
    say("making two builds of the example's app");
    Versions versions = Versions.make(distribution, work.resolve("apps"));
    say("starting a server, a simulated phone and a worker");
    Stack.Plan plan =
        new Stack.Plan(ORG, 1, Duration.ofSeconds(installSeconds), "emulator", Map.of());
    try (ShortSpecs project = new ShortSpecs(distribution, specs);
        Stack stack = new Stack(distribution, work, plan)) {
      Thread onInterrupt = new Thread(stack::close);
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      stack.startWorker(WORKER, 1, Map.of());
      measure(stack, distribution, project, versions, work, findings);
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
    }
    return tell(findings, distribution, results);
  }

  private void measure(
      Stack stack,
      Distribution distribution,
      ShortSpecs project,
      Versions versions,
      Path work,
      Findings findings)
      throws IOException {
    Overhead overhead = new Overhead(stack, ORG, project, this::say);
    say("warming up with another build: packages, Appium");
    overhead.warmUp("0.9", versions.second());
    try (BareRunner bare =
        new BareRunner(
            distribution,
            project,
            versions.first(),
            stack.phones().serials().get(0),
            stack.workerFolder(WORKER),
            work.resolve("bare"),
            stack.adbEnvironment())) {
      say("the same " + specs + " specs through qgjob and by hand, " + rounds + " rounds");
      overhead.measure(VERSION, versions.first(), bare, rounds, findings);
      say(jobs + " jobs, one after another");
      String job = Dispatch.measure(stack, ORG, VERSION, jobs, findings);
      say("qgjob status");
      Starts.ofStatus(() -> stack.qgjob(project.folder(), "status", "--job-id=" + job), findings);
      say("the specs by hand with AppWright's own fullReset");
      overhead.measureFullReset(bare, findings);
    }
  }

  private int tell(Findings findings, Distribution distribution, Path results) throws IOException {
    findings.print(out);
    Findings.Report report = findings.report(Machine.versions(distribution));
    Path file = results.resolve("bench.json");
    Json.mapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), report);
    say("the same in " + file);
    report.fallsShort().forEach(line -> out.println("falls short: " + line));
    return report.fallsShort().isEmpty() ? 0 : 1;
  }

  private void say(String what) {
    out.println(
        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + "  " + what);
  }
}

package dev.qgjob.lab.bench;

import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.throughput.ThroughputBench;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures, prints, writes it down, and ends with 1 when a bar does not hold. */
@Command(
    name = "bench",
    description = {
      "Measures the server and the worker beside their peers, and checks the bars.",
      "One of them at a time: the server takes about ten minutes, the worker twenty."
    },
    mixinStandardHelpOptions = true)
public final class BenchCommand implements Callable<Integer> {
  /** What is measured. */
  enum Subject {
    /** the server's rates and latencies beside db-scheduler, JobRunr, JDBC and Artemis */
    THROUGHPUT,
    /** a worker with a phone beside Playwright by hand, and how long starts take */
    WORKER
  }

  @Option(
      names = "--only",
      defaultValue = "throughput",
      paramLabel = "SUBJECT",
      description = "throughput or worker. Default: ${DEFAULT-VALUE}.")
  private Subject only = Subject.THROUGHPUT;

  @Option(names = "--worker", description = "The same as --only worker.")
  private boolean worker;

  @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}.")
  private int rounds = 3;

  @Option(
      names = "--seconds",
      defaultValue = "6",
      description = "throughput: length of one measurement. Default: ${DEFAULT-VALUE}.")
  private int seconds = 6;

  @Option(
      names = "--quick-disk",
      description = "throughput: a MySQL that does not wait for the disk, for all alike.")
  private boolean quickDisk;

  @Option(
      names = "--specs",
      defaultValue = "20",
      description = "worker: specs to run each way. Default: ${DEFAULT-VALUE}.")
  private int specs = 20;

  @Option(
      names = "--jobs",
      defaultValue = "20",
      description = "worker: how many claims are measured. Default: ${DEFAULT-VALUE}.")
  private int jobs = 20;

  @Option(
      names = "--part",
      split = ",",
      paramLabel = "PART",
      description = "worker: ${COMPLETION-CANDIDATES}; default: all of them.")
  private Set<WorkerPart> parts = EnumSet.allOf(WorkerPart.class);

  @Option(
      names = "--install-seconds",
      defaultValue = "20",
      description = "worker: how long the simulated phone installs. Default: ${DEFAULT-VALUE}.")
  private int installSeconds = 20;

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
    switch (worker ? Subject.WORKER : only) {
      case THROUGHPUT -> {
        ThroughputBench bench =
            new ThroughputBench(
                distribution, work, rounds, Duration.ofSeconds(seconds), !quickDisk, this::say);
        bench.measure(findings);
        return findings.tell(out, results.resolve("bench.json"), bench.versions(), 0);
      }
      case WORKER -> {
        new WorkerBench(
                distribution,
                work,
                specs,
                rounds,
                jobs,
                Duration.ofSeconds(installSeconds),
                parts,
                this::say)
            .measure(findings);
        return findings.tell(
            out, results.resolve("bench-worker.json"), Machine.versions(distribution), 0);
      }
    }
    throw new IllegalStateException("nothing is known of " + only);
  }

  private void say(String what) {
    out.println(
        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + "  " + what);
  }
}

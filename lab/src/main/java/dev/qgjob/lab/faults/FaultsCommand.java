package dev.qgjob.lab.faults;

import dev.qgjob.lab.faults.check.Checker;
import dev.qgjob.lab.faults.check.Finding;
import dev.qgjob.lab.faults.plan.Plan;
import dev.qgjob.lab.faults.plan.Size;
import dev.qgjob.lab.faults.site.Choice;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.stack.Distribution;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Runs the fault matrix, prints its figures, and ends with 1 when one falls short. */
@Command(
    name = "faults",
    description = {
      "Breaks workers, servers, broker, database and wires under load, and shows that no job is",
      "lost and no result counts twice."
    },
    mixinStandardHelpOptions = true)
public final class FaultsCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "Each kind of fault about once, in less than a minute.")
  private boolean quick;

  @Option(names = "--seed", paramLabel = "N", description = "Makes the same plan again.")
  private @Nullable Long seed;

  @Option(names = "--jobs", paramLabel = "N", description = "Default: 10000, quick: 300.")
  private @Nullable Integer jobs;

  @Option(
      names = "--database",
      defaultValue = "h2",
      description = "mysql or h2. Default: ${DEFAULT-VALUE}.")
  private Choice.Database database = Choice.Database.H2;

  @Option(
      names = "--broker",
      defaultValue = "embedded",
      description = "embedded or external. Default: ${DEFAULT-VALUE}.")
  private Choice.Broker broker = Choice.Broker.EMBEDDED;

  @Option(
      names = "--workers",
      defaultValue = "6",
      description = "How many stub workers. Default: ${DEFAULT-VALUE}.")
  private int workers = 6;

  @Option(
      names = "--lease-ms",
      defaultValue = "2000",
      description = "Length of a lease. Default: ${DEFAULT-VALUE}.")
  private long leaseMs = 2_000;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    Distribution distribution = Distribution.ofThisBuild();
    Choice choice = new Choice(database, broker, workers, Duration.ofMillis(leaseMs));
    long drawn = seed == null ? new Random().nextInt(1_000_000) : seed;
    Size size =
        quick ? Size.quick(jobs == null ? 300 : jobs) : Size.full(jobs == null ? 10_000 : jobs);
    Plan plan = Plan.of(drawn, size, choice);
    Path results = distribution.root().resolve("target/lab");
    Path folder =
        Files.createDirectories(results.resolve("faults-" + Instant.now().toEpochMilli()));
    say("seed " + drawn + ": " + plan.told());
    double load = Machine.load();
    Checker checker = new Campaign(distribution, choice, plan, folder, Map.of(), this::say).run();
    Findings findings = new Findings(line -> {});
    checker
        .faults()
        .forEach((kind, count) -> findings.add(Figure.single("faults: " + kind, count, "", load)));
    for (Finding finding : checker.findings()) {
      findings.add(finding.bar());
      findings.add(Figure.single(finding.bar().name() + ": looked at", finding.n(), "", load));
    }
    Map<String, String> versions = new TreeMap<>(Machine.versions(distribution));
    versions.put("on", choice.told());
    int exit = findings.tell(out, results.resolve("faults.json"), versions, drawn);
    for (Finding finding : checker.findings()) {
      if (!finding.bar().holds()) {
        finding
            .examples()
            .forEach(example -> out.println("  " + finding.bar().name() + ": " + example));
      }
    }
    return exit;
  }

  private void say(String what) {
    out.println(
        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + "  " + what);
  }
}

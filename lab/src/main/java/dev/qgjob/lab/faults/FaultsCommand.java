package dev.qgjob.lab.faults;

import dev.qgjob.lab.faults.check.Checker;
import dev.qgjob.lab.faults.check.Finding;
import dev.qgjob.lab.faults.mutant.Mutant;
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
import java.util.List;
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
      "lost and no result counts twice; or, with --mutants, that it would notice."
    },
    mixinStandardHelpOptions = true)
public final class FaultsCommand implements Callable<Integer> {
  @Option(names = "--quick", description = "Each kind of fault about once, in a minute or two.")
  private boolean quick;

  @Option(
      names = "--mutants",
      arity = "0..1",
      fallbackValue = "all",
      paramLabel = "NAME",
      description = "Breaks the parts on purpose, one promise at a time (or only NAME).")
  private @Nullable String mutants;

  @Option(names = "--seed", paramLabel = "N", description = "Makes the same plan again.")
  private @Nullable Long seed;

  @Option(names = "--jobs", paramLabel = "N", description = "Default: 10000, quick: 200.")
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
    long drawn = seed == null ? new Random().nextInt(1_000_000) : seed;
    Path results = distribution.root().resolve("target/lab");
    Path folder =
        Files.createDirectories(results.resolve("faults-" + Instant.now().toEpochMilli()));
    Findings findings = new Findings(line -> {});
    Map<String, String> versions = new TreeMap<>(Machine.versions(distribution));
    say("seed " + drawn);
    if (mutants != null) {
      hunt(distribution, folder, drawn, mutants, findings);
      return findings.tell(out, results.resolve("faults-mutants.json"), versions, drawn);
    }
    Choice choice = new Choice(database, broker, workers, Duration.ofMillis(leaseMs));
    versions.put("on", choice.told());
    List<Finding> all = matrix(distribution, choice, folder, drawn, findings);
    int exit = findings.tell(out, results.resolve("faults.json"), versions, drawn);
    all.stream().filter(finding -> !finding.bar().holds()).forEach(this::explain);
    return exit;
  }

  private List<Finding> matrix(
      Distribution distribution, Choice choice, Path folder, long drawn, Findings findings)
      throws Exception {
    Size size =
        quick ? Size.quick(jobs == null ? 200 : jobs) : Size.full(jobs == null ? 10_000 : jobs);
    Plan plan = Plan.of(drawn, size, choice);
    say(plan.told());
    double load = Machine.load();
    Campaign.Parts parts = Campaign.Parts.asBuilt(distribution);
    Checker checker = new Campaign(parts, choice, plan, folder, this::say).run();
    checker
        .faults()
        .forEach((kind, count) -> findings.add(Figure.single("faults: " + kind, count, "", load)));
    findings.add(
        Figure.single("beats answered in time", checker.beatsAnswered(), "%", Machine.load()));
    List<Finding> all = checker.findings();
    for (Finding finding : all) {
      findings.add(finding.bar());
      findings.add(Figure.single(finding.bar().name() + ": looked at", finding.n(), "", load));
    }
    return all;
  }

  private void explain(Finding finding) {
    finding.examples().forEach(line -> out.println("  " + finding.bar().name() + ": " + line));
  }

  private void hunt(
      Distribution distribution, Path folder, long drawn, String which, Findings findings)
      throws Exception {
    List<Mutant> wanted =
        Mutant.all().stream()
            .filter(mutant -> which.equals("all") || mutant.patch().equals(which))
            .toList();
    if (wanted.isEmpty()) {
      throw new IllegalArgumentException(
          "there is no mutant '"
              + which
              + "': give one of "
              + Mutant.all().stream().map(Mutant::patch).toList());
    }
    Duration lease = Duration.ofMillis(leaseMs);
    new MutantHunt(distribution, folder, workers, lease, drawn, this::say).run(wanted, findings);
  }

  private void say(String what) {
    out.println(
        LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS) + "  " + what);
  }
}

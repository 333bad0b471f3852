package dev.qgjob.lab.faults;

import dev.qgjob.lab.faults.check.Checker;
import dev.qgjob.lab.faults.check.Finding;
import dev.qgjob.lab.faults.mutant.Mutant;
import dev.qgjob.lab.faults.mutant.MutantBuild;
import dev.qgjob.lab.faults.plan.Plan;
import dev.qgjob.lab.faults.site.Choice;
import dev.qgjob.lab.faults.site.WrongClock;
import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.stack.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Shows that the matrix catches what is broken on purpose, and lets pass what is not. */
final class MutantHunt {
  /** FILE_CORRUPTED_1 of H2's error codes. */
  private static final int H2_FILE_CORRUPTED = 90030;

  private final Distribution distribution;
  private final Path folder;
  private final int workers;
  private final Duration lease;
  private final long seed;
  private final Consumer<String> say;

  MutantHunt(
      Distribution distribution,
      Path folder,
      int workers,
      Duration lease,
      long seed,
      Consumer<String> say) {
    this.distribution = distribution;
    this.folder = folder;
    this.workers = workers;
    this.lease = lease;
    this.seed = seed;
    this.say = say;
  }

  /** Runs each mutant and its control. */
  void run(List<Mutant> mutants, Findings findings) throws Exception {
    for (Mutant mutant : mutants) {
      say.accept("control of " + mutant.patch());
      List<Finding> sound = play(mutant, Campaign.Parts.asBuilt(distribution), "control");
      findings.add(
          new Bar(
              "as built, under the plan for " + mutant.patch() + ": figures that fall short",
              tell(mutant, sound),
              Bar.Rule.AT_MOST,
              0,
              ""));
      say.accept("mutant " + mutant.patch() + ": " + mutant.breaks());
      MutantBuild build =
          MutantBuild.of(
              distribution,
              mutant.file(distribution.root()),
              distribution.root().resolve("target/mutants").resolve(mutant.patch()));
      findings.add(
          new Bar(
              "mutant " + mutant.patch() + ": figures that catch it",
              caught(mutant, build),
              Bar.Rule.AT_LEAST,
              1,
              ""));
    }
  }

  private int caught(Mutant mutant, MutantBuild build) throws Exception {
    Campaign.Parts parts =
        new Campaign.Parts(build.distribution(), Map.of(), build.workerClasses());
    try {
      return tell(mutant, play(mutant, parts, "mutant"));
    } catch (SQLException e) {
      if (e.getErrorCode() != H2_FILE_CORRUPTED) {
        throw e;
      }
      // what was committed is gone as a whole, and with it what the figures count
      say.accept("  its database cannot be read any more: " + e.getMessage());
      return 1;
    }
  }

  /** How many of the figures that matter to this mutant fall short. */
  private int tell(Mutant mutant, List<Finding> findings) {
    int caught = 0;
    for (Finding finding : findings) {
      if (!finding.bar().holds() && mutant.figures().contains(finding.bar().name())) {
        caught++;
        say.accept("  " + finding.bar().told());
        finding.examples().forEach(example -> say.accept("    " + example));
      } else if (!finding.bar().holds()) {
        say.accept("  beside it: " + finding.bar().told());
      }
    }
    return caught;
  }

  private List<Finding> play(Mutant mutant, Campaign.Parts parts, String what) throws Exception {
    Choice choice = new Choice(mutant.database(), Choice.Broker.EMBEDDED, workers, lease);
    Path own = Files.createDirectories(folder.resolve(mutant.patch() + "-" + what));
    Campaign.Parts under =
        new Campaign.Parts(
            parts.distribution(), environment(mutant.serverClockOff()), parts.workerClasses());
    Checker checker =
        new Campaign(under, choice, Plan.of(seed, mutant.size(), choice), own, say).run();
    return checker.findings();
  }

  private static Map<String, String> environment(Duration clockOff) throws IOException {
    if (clockOff.isZero()) {
      return Map.of();
    }
    return WrongClock.off(clockOff)
        .orElseThrow(
            () ->
                new IOException(
                    "a server's wrong clock needs libfaketime: install it (apt-get install faketime)"))
        .environment();
  }
}

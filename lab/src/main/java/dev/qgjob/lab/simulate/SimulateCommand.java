package dev.qgjob.lab.simulate;

import dev.qgjob.domain.simulation.Seeds;
import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.stack.Distribution;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Plays seeds, or tells the story of one; ends with 1 when a promise was broken. */
@Command(
    name = "simulate",
    description = "Plays the server's decisions under faults, deterministically, seed by seed.",
    mixinStandardHelpOptions = true)
public final class SimulateCommand implements Callable<Integer> {
  @Option(
      names = "--seeds",
      defaultValue = "100000",
      description = "How many. Default: ${DEFAULT-VALUE}.")
  private long seeds = 100_000;

  @Option(names = "--first", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long first = 1;

  @Option(names = "--story", paramLabel = "SEED", description = "Tells what happens in this one.")
  private @Nullable Long story;

  @Option(names = "--folder", defaultValue = "target/lab", description = "Where it writes.")
  private Path folder = Path.of("target/lab");

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    return story == null ? play() : tell(story);
  }

  private int tell(long seed) {
    Seeds.Story told = Seeds.story(seed);
    told.lines().forEach(out::println);
    return told.kept() ? 0 : 1;
  }

  private int play() throws Exception {
    Distribution distribution = Distribution.ofThisBuild();
    Path results = distribution.root().resolve(folder).toAbsolutePath();
    Files.createDirectories(results);
    double load = Machine.load();
    Seeds.Outcome outcome =
        Seeds.play(first, seeds, Math.max(1, Runtime.getRuntime().availableProcessors()));
    Findings findings = new Findings(line -> {});
    findings.add(Figure.single("seeds played", outcome.played(), "seeds", load));
    findings.add(Figure.single("seeds a minute", outcome.perMinute(), "seeds/min", load));
    findings.add(new Bar("seeds played", outcome.played(), Bar.Rule.AT_LEAST, seeds, "seeds"));
    findings.add(
        new Bar(
            "seeds that broke a promise", outcome.broken().size(), Bar.Rule.AT_MOST, 0, "seeds"));
    for (Seeds.Broken broken : outcome.broken()) {
      out.println(
          "seed "
              + broken.seed()
              + ": "
              + broken.promise()
              + "\n  ./run lab simulate --story "
              + broken.seed());
    }
    return findings.tell(
        out, results.resolve("simulate.json"), Machine.versions(distribution), first);
  }
}

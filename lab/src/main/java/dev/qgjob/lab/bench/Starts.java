package dev.qgjob.lab.bench;

import dev.qgjob.lab.figure.Bar;
import dev.qgjob.lab.figure.Figure;
import dev.qgjob.lab.figure.Findings;
import dev.qgjob.lab.figure.Machine;
import dev.qgjob.lab.figure.Samples;
import dev.qgjob.lab.stack.Command;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.ServerPart;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** How long starts take: of the server with a fresh home, of processes of the command line. */
final class Starts {
  private static final int PROCESSES = 10;

  private Starts() {}

  /** From the start script to the first answer that it is ready, asked ten times a second. */
  static void ofServer(Distribution distribution, Path folder, int rounds, Findings findings) {
    double load = Machine.load();
    List<Double> seconds = new ArrayList<>();
    for (int i = 1; i <= rounds; i++) {
      long began = System.nanoTime();
      Path home = folder.resolve("start-" + i);
      try (ServerPart server =
          ServerPart.start(distribution, home, folder.resolve("start-" + i + ".log"), Map.of())) {
        seconds.add((System.nanoTime() - began) / 1e9);
      }
    }
    Figure figure = Figure.median("server: fresh home to ready", new Samples(seconds), "s", load);
    findings.add(figure);
    findings.add(new Bar("server start", figure.value(), Bar.Rule.BELOW, 20, "s"));
  }

  /** A status as a user asks for it, beside the smallest process that Node makes here. */
  static void ofStatus(Supplier<Command.Result> status, Findings findings) {
    Figure yardstick =
        processes(
            "node -e \"\" (yardstick)",
            () ->
                Command.run(Path.of("").toAbsolutePath(), Map.of(), List.of("node", "-e", ""), 60));
    Figure figure = processes("qgjob status --job-id, whole process", status);
    findings.add(yardstick);
    findings.add(figure);
    findings.add(new Bar("qgjob status", figure.value(), Bar.Rule.BELOW, 0.6, "s"));
  }

  private static Figure processes(String name, Supplier<Command.Result> process) {
    double load = Machine.load();
    process.get().expectSuccess(); // not counted: files come from the disk the first time
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      long began = System.nanoTime();
      Command.Result result = process.get();
      seconds.add((System.nanoTime() - began) / 1e9);
      result.expectSuccess();
    }
    return Figure.median(name, new Samples(seconds), "s", load);
  }
}

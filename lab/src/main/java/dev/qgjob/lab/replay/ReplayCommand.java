package dev.qgjob.lab.replay;

import dev.qgjob.client.Json;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Decides a recorded day again and shows the difference. */
@Command(
    name = "replay",
    description = "Decides recorded boards again with the placement of today.",
    mixinStandardHelpOptions = true)
public final class ReplayCommand implements Callable<Integer> {
  private static final int BAD_INPUT = 2;

  @Parameters(
      paramLabel = "FILE",
      description = "A day's decisions, or the folder decisions of a server's home.")
  private Path recorded = Path.of("");

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Option(names = "--folder", defaultValue = "target/lab", description = "Where it writes.")
  private Path folder = Path.of("target/lab");

  private final PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);

  @Override
  public Integer call() throws IOException {
    Replay replay = new Replay();
    try {
      for (Path file : files()) {
        replay.file(file);
      }
    } catch (IOException e) {
      System.err.println("qgjob-lab: " + e.getMessage());
      return BAD_INPUT;
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("figures", replay.figures());
    report.put("bars", Map.of());
    report.put("falls_short", List.of());
    report.put("differences", replay.examples());
    report.put("versions", Map.of("java", System.getProperty("java.version")));
    String text = Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(report);
    Path results = Path.of(System.getProperty("qgjob.root", ".")).resolve(folder).toAbsolutePath();
    Files.createDirectories(results);
    Files.writeString(results.resolve("replay.json"), text + "\n");
    if (json) {
      out.println(text);
    } else {
      replay
          .figures()
          .forEach((name, value) -> out.printf(Locale.ROOT, "%-36s %10.0f%n", name, value));
      replay.examples().forEach(out::println);
      out.println("the same in " + results.resolve("replay.json"));
    }
    return 0;
  }

  private List<Path> files() throws IOException {
    if (!Files.exists(recorded)) {
      throw new IOException("there is no " + recorded + ": name a server's HOME/decisions");
    }
    if (!Files.isDirectory(recorded)) {
      return List.of(recorded);
    }
    try (Stream<Path> files = Files.list(recorded)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    }
  }
}

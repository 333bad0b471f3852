package dev.qgjob.lab.schedule;

import com.fasterxml.jackson.databind.ObjectWriter;
import dev.qgjob.client.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Simulates, prints, writes it down, and ends with 1 when a bar does not hold. */
@Command(
    name = "schedule",
    description = "Runs the server's own placement over workloads in virtual time.",
    mixinStandardHelpOptions = true)
public final class ScheduleCommand implements Callable<Integer> {
  private static final int BAD_INPUT = 2;

  @Option(names = "--seed", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
  private long seed = 1;

  @Option(
      names = "--instances",
      defaultValue = "20",
      description = "Instances of every family. Default: ${DEFAULT-VALUE}.")
  private int instances = 20;

  @Option(names = "--workload", paramLabel = "FILE", description = "A workload to schedule.")
  private @Nullable Path workload;

  @Option(names = "--scale", description = "How long a tick takes, from 1,000 to 1,000,000 jobs.")
  private boolean scale;

  @Option(names = "--json", description = "Prints JSON.")
  private boolean json;

  @Option(names = "--folder", defaultValue = "target/lab", description = "Where it writes.")
  private Path folder = Path.of("target/lab");

  private final PrintStream out;

  public ScheduleCommand() {
    this(System.out);
  }

  ScheduleCommand(OutputStream out) {
    this.out = new PrintStream(out, true, StandardCharsets.UTF_8); // bounds are told with ≤
  }

  @Override
  public Integer call() throws IOException {
    if (instances < 1) {
      return bad("--instances has to be 1 at least, not " + instances);
    }
    if (workload != null) {
      try {
        return one(WorkloadFile.read(workload));
      } catch (WorkloadFile.Unusable e) {
        return bad(String.valueOf(e.getMessage()));
      }
    }
    return scale ? scale() : families();
  }

  private static int bad(String line) {
    System.err.println("qgjob-lab: " + line);
    return BAD_INPUT;
  }

  private int one(Workload given) throws IOException {
    Outcome outcome = Simulation.run(given);
    Measures m = Measures.of(given, outcome);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("makespan_s", m.makespan());
    answer.put("lower_bound_s", m.lowerBound());
    answer.put("installs", m.installs());
    answer.put("least_installs", m.leastInstalls());
    answer.put("wait_p50_s", m.waitP50());
    answer.put("wait_p99_s", m.waitP99());
    answer.put("max_slowdown", m.maxSlowdown());
    answer.put("jain", m.jain());
    answer.put("mean_flow_s", m.meanFlow());
    List<Map<String, Object>> schedule = new ArrayList<>();
    for (Outcome.Placed placed : outcome.schedule()) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("job", placed.job());
      entry.put("slot", placed.slot());
      entry.put("install", placed.install());
      entry.put("start_s", placed.start());
      entry.put("end_s", placed.end());
      schedule.add(entry);
    }
    if (json) {
      answer.put("schedule", schedule);
      out.println(pretty().writeValueAsString(answer));
    } else {
      answer.forEach((name, value) -> out.println(line(name, value)));
      schedule.forEach(out::println);
    }
    return 0;
  }

  private static String line(String name, Object value) {
    return value instanceof Double number
        ? String.format(Locale.ROOT, "%-16s %.3f", name, number)
        : String.format(Locale.ROOT, "%-16s %s", name, value);
  }

  private static ObjectWriter pretty() {
    return Json.mapper().writerWithDefaultPrettyPrinter();
  }

  private int families() throws IOException {
    Experiment experiment = new Experiment(seed, instances);
    Figures figures = experiment.run(row -> say(row));
    return tell("schedule", figures);
  }

  private int scale() throws IOException {
    Figures figures = new ScaleCurve(seed).measure(this::say);
    return tell("schedule-scale", figures);
  }

  private void say(String line) {
    if (!json) {
      out.println(line);
    }
  }

  private int tell(String name, Figures figures) throws IOException {
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("seed", seed);
    report.put("instances", instances);
    report.put("figures", figures.figures());
    report.put("bars", figures.bars());
    report.put("falls_short", figures.fallsShort());
    report.put(
        "versions",
        Map.of(
            "java", System.getProperty("java.version"),
            "cores", Integer.toString(Runtime.getRuntime().availableProcessors())));
    Path results = Path.of(System.getProperty("qgjob.root", ".")).resolve(folder).toAbsolutePath();
    Files.createDirectories(results);
    Path file = results.resolve(name + ".json");
    Files.writeString(file, pretty().writeValueAsString(report) + "\n");
    if (json) {
      out.println(pretty().writeValueAsString(report));
    } else {
      figures.bars().forEach((bar, asked) -> say(told(bar, figures, asked)));
      say("the same in " + file);
    }
    return figures.fallsShort().isEmpty() ? 0 : 1;
  }

  private static String told(String bar, Figures figures, String asked) {
    return String.format(
        Locale.ROOT,
        "%-40s %10.3f  %-10s %s",
        bar,
        figures.figures().get(bar),
        asked,
        figures.fallsShort().contains(bar) ? "FALLS SHORT" : "holds");
  }
}

package dev.qgjob.lab.demo;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import dev.qgjob.client.Json;
import dev.qgjob.lab.stack.Command.Result;
import dev.qgjob.lab.stack.Distribution;
import dev.qgjob.lab.stack.Stack;
import dev.qgjob.protocol.JobState;
import dev.qgjob.protocol.report.JobView;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Two versions of an app, submitted at once, on two phones. */
@Command(
    name = "demo",
    description = "Runs the examples for two app versions on two simulated phones.",
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  private static final String ORG = "qualgent";
  private static final String FAILS = "tests/fails-on-purpose.spec.js";

  @Option(names = "--phones", defaultValue = "2", description = "Default: ${DEFAULT-VALUE}.")
  private int phones;

  @Option(
      names = "--install-seconds",
      defaultValue = "5",
      description = "How long an install takes on a simulated phone. Default: ${DEFAULT-VALUE}.")
  private int installSeconds;

  @Option(names = "--keep", description = "Leave everything up until Ctrl-C.")
  private boolean keep;

  @Option(names = "--folder", defaultValue = "target/demo", description = "Where it works.")
  private Path folder = Path.of("target/demo");

  @Option(
      names = "--session",
      paramLabel = "FILE",
      description = "Afterwards, type the commands of a first day and write down what they say.")
  private @Nullable Path session;

  private final PrintStream out = System.out;

  @Override
  public Integer call() throws Exception {
    Distribution distribution = Distribution.ofThisBuild();
    Path work = distribution.root().resolve(folder).toAbsolutePath();
    clear(work);
    say("making two builds of the example's app");
    Versions versions = Versions.make(distribution, work.resolve("apps"));
    say("starting a server, " + phones + " simulated phones and a worker");
    Stack.Plan plan =
        new Stack.Plan(ORG, phones, Duration.ofSeconds(installSeconds), "emulator", Map.of());
    try (Stack stack = new Stack(distribution, work, plan)) {
      Thread onInterrupt = new Thread(stack::close);
      Runtime.getRuntime().addShutdownHook(onInterrupt);
      stack.startWorker("demo", phones, Map.of());
      say("server " + stack.server().url() + ", phones " + stack.phones().serials());
      int exit = show(stack, distribution, versions, work);
      if (session != null) {
        new Session(stack, distribution.example())
            .record("1.0", distribution.root().resolve(session));
      }
      if (keep) {
        keepUp(stack, distribution);
      }
      Runtime.getRuntime().removeShutdownHook(onInterrupt);
      return exit;
    }
  }

  private int show(Stack stack, Distribution distribution, Versions versions, Path work)
      throws IOException {
    CompletableFuture<String> first = submit(stack, distribution, "1.0", versions.first());
    CompletableFuture<String> second = submit(stack, distribution, "1.1", versions.second());
    List<RunView> runs = follow(stack, List.of(first.join(), second.join()));
    int installs = stack.phones().installs();
    Summary summary = Summary.of(runs, phones, installs);
    print(runs, summary);
    Json.mapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(work.resolve("summary.json").toFile(), summary);
    say("the same in " + work.resolve("summary.json"));
    long onPurpose =
        runs.stream()
            .flatMap(r -> r.jobs().stream())
            .filter(j -> j.testPath().equals(FAILS))
            .count();
    if (!summary.holds((int) onPurpose)) {
      say("that is not what the demo should show; logs are in " + work);
      return 1;
    }
    return 0;
  }

  private CompletableFuture<String> submit(
      Stack stack, Distribution distribution, String version, Path app) {
    return CompletableFuture.supplyAsync(
        () -> {
          Result result =
              stack.qgjob(
                  distribution.example(),
                  "submit",
                  "--org-id=" + ORG,
                  "--app-version-id=" + version,
                  "--test=tests/*.spec.js",
                  "--test=tests/*.spec.ts",
                  "--target=emulator",
                  "--app=" + app,
                  "-o",
                  "json");
          try {
            RunView run = Json.mapper().readValue(result.expectSuccess(), RunView.class);
            say(
                "submitted version "
                    + version
                    + ": "
                    + run.jobs().size()
                    + " jobs, "
                    + run.runId());
            return run.runId();
          } catch (IOException e) {
            throw new IllegalStateException("qgjob submit answered: " + result.out(), e);
          }
        });
  }

  /** Tells every change of a job until all have their verdicts. */
  private List<RunView> follow(Stack stack, List<String> runIds) {
    Map<String, JobState> known = new HashMap<>();
    long deadline = System.nanoTime() + Duration.ofMinutes(15).toNanos();
    while (true) {
      List<RunView> runs = runIds.stream().map(stack::run).toList();
      runs.forEach(run -> run.jobs().forEach(job -> tell(run, job, known)));
      if (runs.stream().allMatch(r -> r.finishedAt() != null)) {
        return runs;
      }
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException("the demo's jobs did not end within 15 minutes");
      }
      pause();
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(300);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  private void tell(RunView run, JobView job, Map<String, JobState> known) {
    JobState before = known.put(job.jobId(), job.state());
    if (job.state() == before || job.state() == JobState.QUEUED) {
      return;
    }
    String where = job.slotId() == null ? "" : " on " + job.slotId();
    String why = job.message() == null ? "" : ": " + firstLine(job.message());
    say(run.appVersionId() + " " + job.testPath() + " " + job.state() + where + why);
  }

  private static Column column(String heading) {
    return new Column()
        .header(heading)
        .headerAlign(HorizontalAlign.LEFT)
        .dataAlign(HorizontalAlign.LEFT);
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  private void print(List<RunView> runs, Summary summary) {
    record Row(RunView run, JobView job) {}
    List<Row> rows = new ArrayList<>();
    runs.forEach(run -> run.jobs().forEach(job -> rows.add(new Row(run, job))));
    out.println(
        AsciiTable.getTable(
            AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS,
            rows,
            List.of(
                column("version").with(r -> r.run().appVersionId()),
                column("spec").with(r -> r.job().testPath()),
                column("verdict").with(r -> r.job().state().toString()),
                column("tests").with(r -> Integer.toString(tests(r.job()))),
                column("slot").with(r -> String.valueOf(r.job().slotId())))));
    out.printf(
        "%d jobs: %d passed, %d failed (on purpose), %d errors%n",
        summary.jobs(), summary.passed(), summary.failed(), summary.errors());
    out.printf(
        "app installs counted at the phones: %d for %d versions on %d phones; stock AppWright: %d%n",
        summary.installs(), summary.appVersions(), summary.phones(), summary.stockInstalls());
  }

  private static int tests(JobView job) {
    return job.attempts().isEmpty()
        ? 0
        : job.attempts().get(job.attempts().size() - 1).tests().size();
  }

  private void keepUp(Stack stack, Distribution distribution) {
    out.println("everything stays up; look at it from another terminal:");
    out.println("  export QGJOB_SERVER=" + stack.server().url() + " QGJOB_TOKEN=" + stack.token());
    out.println("  cd " + distribution.example() + " && ../../run qgjob list");
    out.println("  curl " + stack.phones().control() + "/phones");
    out.println("Ctrl-C here stops it all.");
    while (stack.server().part().isAlive()) {
      pause();
    }
  }

  private void say(String what) {
    out.println(LocalTime.now().truncatedTo(ChronoUnit.SECONDS) + "  " + what);
  }

  private static void clear(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      Files.createDirectories(folder);
      return;
    }
    FileUtils.cleanDirectory(folder.toFile());
  }
}

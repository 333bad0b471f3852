package dev.qgjob.worker.appwright;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.protocol.Part;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.CleanEnvironment;
import dev.qgjob.worker.process.Command;
import dev.qgjob.worker.run.Assignment;
import dev.qgjob.worker.workspace.Project;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The command that runs some specs of a project in one Playwright process. */
final class PlaywrightCommand {
  private static final ObjectMapper JSON = new ObjectMapper();

  private PlaywrightCommand() {}

  /**
   * The command.
   *
   * @param like any job of the group
   * @param jobs whose specs it runs, or the tests of them that they are about
   * @param folder for everything that this process leaves behind
   * @param gate the process waits for this file when it has read the config
   * @param worker the worker's environment
   */
  static Command of(
      Children children,
      Project project,
      Assignment like,
      List<JobRun> jobs,
      Stage stage,
      Path folder,
      Path gate,
      Map<String, String> worker)
      throws IOException {
    Path home = Files.createDirectories(folder.resolve("home"));
    Map<String, String> environment = CleanEnvironment.from(worker, home);
    environment.putIfAbsent("JAVA_HOME", System.getProperty("java.home"));
    environment.putAll(stage.environment());
    environment.putAll(project.compilation().environment());
    like.variables()
        .forEach(
            (name, value) -> {
              String upper = name.toUpperCase(Locale.ROOT);
              if (!upper.startsWith("QGJOB_") && !upper.equals("NODE_OPTIONS")) {
                environment.put(name, value);
              }
            });
    project.node().leadPath(environment); // after the job's own PATH
    environment.put("CI", "1");
    environment.put("FORCE_COLOR", "0");
    environment.put("PLAYWRIGHT_HTML_OPEN", "never");
    environment.put(
        "QGJOB_IN_PART",
        jobs.stream()
            .filter(job -> !job.only().isEmpty())
            .map(JobRun::spec)
            .collect(Collectors.joining("\n")));
    environment.put(
        "QGJOB_SHARED",
        jobs.stream()
            .filter(job -> job.part() != null)
            .map(JobRun::spec)
            .collect(Collectors.joining("\n")));
    environment.put("QGJOB_GATE", gate.toString());
    environment.put("QGJOB_ATTACHMENTS", folder.resolve("attachments").toString());
    String nodeOptions = null;
    if (!like.stock()) {
      environment.put("QGJOB_ADAPTER", "required");
      environment.put("QGJOB_ADAPTER_SETTINGS", json(settings(stage, jobs)));
      nodeOptions = "--require " + quoted(children.tools().adapter());
    }
    return new Command(
        arguments(children, project, like, jobs, folder),
        project.folder(),
        environment,
        nodeOptions,
        folder.resolve("playwright.log"));
  }

  /** The stage's, and which spec is whose: a provider's sessions are named after the job. */
  private static Map<String, Object> settings(Stage stage, List<JobRun> jobs) {
    Map<String, Object> all = new LinkedHashMap<>(stage.settings());
    Map<String, Object> named = new LinkedHashMap<>();
    for (JobRun job : jobs) {
      Assignment assignment = job.assignment();
      named.put(
          job.spec(),
          Map.of(
              "run", assignment.runId(),
              "job", assignment.jobId(),
              "attempt", assignment.attempt()));
    }
    all.put("jobs", named);
    return all;
  }

  private static List<String> arguments(
      Children children, Project project, Assignment like, List<JobRun> jobs, Path folder) {
    List<String> all = new ArrayList<>();
    all.add(project.node().program());
    all.add(project.modules().resolve("@playwright/test/cli.js").toString());
    all.add("test");
    for (JobRun job : jobs) {
      String spec = SpecPattern.of(project.folder().resolve(job.spec()));
      if (job.only().isEmpty()) {
        all.add(spec);
      }
      job.only().forEach(test -> all.add(spec + ":" + test.line() + ":" + test.column()));
    }
    all.addAll(List.of("--config", like.configFile()));
    // apart and not with "=": AppWright's global setup reads the arguments itself
    all.addAll(List.of("--project", like.projectName()));
    all.addAll(List.of("--output", folder.resolve("results").toString()));
    all.addAll(List.of("--workers", "1"));
    all.addAll(List.of("--timeout", Long.toString(like.timeout().toMillis())));
    all.addAll(List.of("--retries", "0"));
    all.addAll(like.filter().arguments());
    Part part = jobs.size() == 1 ? jobs.get(0).part() : null;
    if (part != null) {
      // by test and not by file; what is serial stays together
      all.addAll(List.of("--fully-parallel", "--shard", part.number() + "/" + part.of()));
    }
    all.add("--forbid-only");
    all.addAll(List.of("--reporter", children.tools().reporter().toString()));
    return all;
  }

  private static String json(Map<String, Object> settings) {
    try {
      return JSON.writeValueAsString(settings);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}

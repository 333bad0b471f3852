package dev.qgjob.lab.stack;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A stub worker's process: the shipped worker with scripts in the place of tests. */
public final class StubWorkerPart implements AutoCloseable {
  /**
   * What to start.
   *
   * @param server where the worker finds the API
   * @param code enrolment code; of use at the first start only
   * @param folder the worker's own: state, journal and log are kept in it over restarts
   * @param slots how many jobs it runs at once
   * @param batch how many jobs of a group it takes at once
   * @param environment added to this process's own
   * @param javaOptions for its JVM, after its own
   * @param classesFirst folders of classes that go before its own
   */
  public record Plan(
      URI server,
      String code,
      String name,
      Path folder,
      int slots,
      int batch,
      Map<String, String> environment,
      List<String> javaOptions,
      List<Path> classesFirst) {
    public Plan {
      classesFirst = List.copyOf(classesFirst);
      environment = Map.copyOf(environment);
      javaOptions = List.copyOf(javaOptions);
    }

    /** Where its starts and ends are noted. */
    public Path journal() {
      return folder.resolve("journal.jsonl");
    }
  }

  private final Part part;

  private StubWorkerPart(Part part) {
    this.part = part;
  }

  /** Starts one and returns at once; it registers by itself. */
  public static StubWorkerPart start(Plan plan) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // as the shipped worker's start script has it
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx96m", "-XX:TieredStopAtLevel=1"));
    command.addAll(plan.javaOptions());
    command.addAll(
        List.of(
            "-cp",
            classPath(plan),
            "dev.qgjob.lab.stub.StubWorkerMain",
            "--server=" + plan.server(),
            "--code=" + plan.code(),
            "--name=" + plan.name(),
            "--state=" + plan.folder().resolve("state"),
            "--journal=" + plan.journal(),
            "--slots=" + plan.slots(),
            "--batch=" + plan.batch()));
    return new StubWorkerPart(
        Part.start(
            "stub worker " + plan.name(),
            plan.folder().resolve("worker-" + System.nanoTime() + ".log"),
            plan.folder(),
            plan.environment(),
            command));
  }

  private static String classPath(Plan plan) {
    List<String> all = new ArrayList<>();
    plan.classesFirst().forEach(folder -> all.add(folder.toString()));
    all.add(System.getProperty("java.class.path"));
    return String.join(System.getProperty("path.separator"), all);
  }

  /** The process. */
  public Part part() {
    return part;
  }

  @Override
  public void close() {
    part.close();
  }
}

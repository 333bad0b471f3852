package dev.qgjob.cli;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.protocol.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Part of the build: runs the assembled {@code qgjob status} once and has Java keep the classes it
 * loaded beside the jars, from where every later start on the same Java maps them. With {@code
 * measure} it prints how long such a process takes.
 */
public final class ArchiveMaker {
  private static final int RUNS = 10;

  private ArchiveMaker() {}

  /**
   * @param args folder of the distribution, and maybe {@code measure}
   */
  public static void main(String[] args) throws Exception {
    Path dist = Path.of(args[0]).toRealPath();
    Path archive = dist.resolve("lib/qgjob.jsa");
    try (ScriptedServer server = new ScriptedServer()) {
      var job = Views.job("j1", JobState.FAILED, FailureKind.TEST);
      server.on("GET /jobs/j1", job).on("GET /runs/r1", Views.run(JobState.FAILED, job));
      if (args.length > 1) {
        measure(dist, server, "--version");
        measure(dist, server, "status", "--job-id=j1");
        measure(dist, server, "status", "--run-id=r1");
        return;
      }
      Files.deleteIfExists(archive);
      Path classes = Files.createTempFile("qgjob-classes", ".lst");
      String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
      run(
          server,
          java,
          "-XX:DumpLoadedClassList=" + classes,
          "-XX:+UseSerialGC",
          "-classpath",
          classpath(dist),
          QgjobMain.class.getName(),
          "status",
          "--run-id=r1");
      // a whole archive and not one on top of Java's own: only such takes picocli's old class files
      run(
          server,
          java,
          "-Xshare:dump",
          "-XX:SharedClassListFile=" + classes,
          "-XX:SharedArchiveFile=" + archive,
          "-XX:+UseSerialGC",
          "-classpath",
          classpath(dist));
      Files.delete(classes);
      if (!Files.exists(archive)) {
        System.err.println("this Java made no class archive; qgjob will start a little slower");
      }
    }
  }

  /** As the start script has it, to the letter: Java maps an archive for no other. */
  private static String classpath(Path dist) throws IOException {
    return Files.readAllLines(dist.resolve("bin/qgjob")).stream()
        .filter(line -> line.startsWith("CLASSPATH=\"$BASEDIR\""))
        .map(line -> line.substring("CLASSPATH=".length()))
        .map(line -> line.replace("\"$BASEDIR\"", dist.toString()))
        .map(line -> line.replace("\"$REPO\"", dist.resolve("lib").toString()))
        .findFirst()
        .orElseThrow(() -> new IOException("the start script has no CLASSPATH line"));
  }

  private static void measure(Path dist, ScriptedServer server, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of(dist.resolve("bin/qgjob").toString()));
    command.addAll(List.of(arguments));
    long[] millis = new long[RUNS];
    for (int i = 0; i < RUNS; i++) {
      long start = System.nanoTime();
      run(server, command.toArray(String[]::new));
      millis[i] = Duration.ofNanos(System.nanoTime() - start).toMillis();
    }
    Arrays.sort(millis);
    System.out.printf(
        "qgjob %s: median %d ms of %d runs (%d to %d)%n",
        String.join(" ", arguments), millis[RUNS / 2], RUNS, millis[0], millis[RUNS - 1]);
  }

  private static void run(ScriptedServer server, String... command)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("qgjob-archive", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("QGJOB_SERVER", server.url());
    builder.environment().put("QGJOB_TOKEN", ScriptedServer.TOKEN);
    int code = builder.start().waitFor();
    if (code != 0) {
      throw new IOException(
          String.join(" ", command) + " ended with " + code + ": " + Files.readString(log));
    }
    Files.delete(log);
  }
}

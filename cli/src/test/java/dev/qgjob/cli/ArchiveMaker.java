package dev.qgjob.cli;

import dev.qgjob.protocol.JobState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Part of the build: runs the assembled {@code qgjob} as its users do, notes the classes that it
 * loads in {@code lib/qgjob.classes}, and has {@code qgjob-archive} make the archive of them.
 */
public final class ArchiveMaker {
  private ArchiveMaker() {}

  /**
   * @param args folder of the distribution, and the script that makes an archive
   */
  public static void main(String[] args) throws Exception {
    Path dist = Path.of(args[0]).toRealPath();
    Path script = dist.resolve("bin/qgjob-archive");
    Files.copy(Path.of(args[1]), script, StandardCopyOption.REPLACE_EXISTING);
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path archive = dist.resolve("lib/qgjob.jsa");
    Files.deleteIfExists(archive);
    try (ScriptedServer server = new ScriptedServer()) {
      var job = Views.job("j1", JobState.PASSED, null);
      server.on("GET /jobs/j1", job).on("GET /runs/r1", Views.run(JobState.PASSED, job));
      Set<String> classes = new LinkedHashSet<>();
      classes.addAll(loaded(server, dist, "status", "--job-id=j1"));
      classes.addAll(loaded(server, dist, "status", "--run-id=r1", "-v"));
      classes.addAll(loaded(server, dist, "wait", "--run-id=r1", "--junit=-"));
      Files.write(dist.resolve("lib/qgjob.classes"), classes);
      try {
        run(server, script.toString());
      } catch (IOException e) {
        System.err.println("this Java made no class archive; qgjob will start a little slower");
      }
    }
  }

  private static List<String> loaded(ScriptedServer server, Path dist, String... arguments)
      throws IOException, InterruptedException {
    Path classes = Files.createTempFile("qgjob-classes", ".lst");
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:DumpLoadedClassList=" + classes,
                "-XX:+UseSerialGC",
                "-classpath",
                classpath(dist),
                QgjobMain.class.getName()));
    command.addAll(List.of(arguments));
    try {
      run(server, command.toArray(String[]::new));
      return Files.readAllLines(classes);
    } finally {
      Files.delete(classes);
    }
  }

  /** As the start script has it, to the letter: Java maps an archive for no other. */
  private static String classpath(Path dist) throws IOException {
    return Files.readAllLines(dist.resolve("bin/qgjob")).stream()
        .filter(line -> line.startsWith("CLASSPATH="))
        .map(line -> line.substring("CLASSPATH=".length()))
        .map(line -> line.replace("\"$BASEDIR\"", dist.toString()))
        .map(line -> line.replace("\"$REPO\"", dist.resolve("lib").toString()))
        .findFirst()
        .orElseThrow(() -> new IOException("the start script has no CLASSPATH line"));
  }

  private static void run(ScriptedServer server, String... command)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("qgjob-archive", ".log");
    try {
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
    } finally {
      Files.delete(log);
    }
  }
}

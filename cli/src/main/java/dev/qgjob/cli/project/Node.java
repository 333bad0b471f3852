package dev.qgjob.cli.project;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Node.js on this machine. */
final class Node {
  private Node() {}

  /** The one on the {@code PATH}, or null. */
  static @Nullable Path on(Map<String, String> env) {
    String path = env.getOrDefault("PATH", "");
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isBlank())
        .flatMap(folder -> Stream.of("node", "node.exe").map(Path.of(folder)::resolve))
        .filter(file -> Files.isRegularFile(file) && Files.isExecutable(file))
        .findFirst()
        .orElse(null);
  }

  /** Gives the process these variables, without qgjob's own: no program needs its token. */
  static void environment(ProcessBuilder builder, Map<String, String> env) {
    builder.environment().clear();
    builder.environment().putAll(env);
    builder.environment().keySet().removeIf(name -> name.startsWith("QGJOB_"));
  }

  /** The exit code; null where it did not end in time. Nothing of it is left in any case. */
  static @Nullable Integer run(ProcessBuilder builder, Duration limit) throws IOException {
    Process process = builder.start();
    try {
      process.getOutputStream().close();
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }
}

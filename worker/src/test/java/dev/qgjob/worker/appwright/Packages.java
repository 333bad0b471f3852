package dev.qgjob.worker.appwright;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Real packages from the registry, kept below {@code target} from one run to the next. */
final class Packages {
  private Packages() {}

  /** A folder whose {@code node_modules} has the package; tests run in more than one process. */
  static Path of(String name, String version) throws IOException, InterruptedException {
    Path all = Files.createDirectories(Path.of("target/packages").toAbsolutePath());
    try (FileChannel turn =
        FileChannel.open(
            all.resolve("turn"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      turn.lock();
      return of(name, version, all);
    }
  }

  private static Path of(String name, String version, Path all)
      throws IOException, InterruptedException {
    Path kept = all.resolve(name.replaceAll("[^a-z]", "") + "-" + version);
    if (Files.isDirectory(kept)) {
      return kept;
    }
    Path fresh = Files.createTempDirectory(all, "part");
    Files.writeString(fresh.resolve("package.json"), "{\"private\":true}");
    Path log = fresh.resolve("npm.log");
    Process npm =
        new ProcessBuilder(
                List.of(
                    "npm",
                    "install",
                    "--ignore-scripts",
                    "--no-audit",
                    "--no-fund",
                    name + "@" + version))
            .directory(fresh.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    if (!npm.waitFor(5, TimeUnit.MINUTES) || npm.exitValue() != 0) {
      npm.destroyForcibly();
      throw new IOException("npm: " + Files.readString(log));
    }
    return Files.move(fresh, kept, StandardCopyOption.ATOMIC_MOVE);
  }
}

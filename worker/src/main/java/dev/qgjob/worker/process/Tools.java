package dev.qgjob.worker.process;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Scripts that the worker ships and that Node has to find as files. */
public final class Tools {
  private final Path folder;

  private Tools(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the scripts below {@code stateDir}, each time anew: those of an older worker are
   * replaced.
   */
  public static Tools writeTo(Path stateDir) throws IOException {
    Path folder = Files.createDirectories(stateDir.toAbsolutePath().resolve("tools"));
    for (String name :
        new String[] {"qgjob-launcher.cjs", "qgjob-adapter.cjs", "qgjob-reporter.cjs"}) {
      try (InputStream in = Tools.class.getResourceAsStream("/dev/qgjob/worker/" + name)) {
        if (in == null) {
          throw new IOException("the worker's own file " + name + " is missing from its jar");
        }
        Path written = Files.createTempFile(folder, name, ".part");
        Files.copy(in, written, StandardCopyOption.REPLACE_EXISTING);
        Files.move(
            written,
            folder.resolve(name),
            StandardCopyOption.REPLACE_EXISTING,
            StandardCopyOption.ATOMIC_MOVE);
      }
    }
    return new Tools(folder);
  }

  /** Starts a command, watches it, and ends its whole tree. */
  public Path launcher() {
    return folder.resolve("qgjob-launcher.cjs");
  }

  /** Loaded before AppWright. */
  public Path adapter() {
    return folder.resolve("qgjob-adapter.cjs");
  }

  /** Playwright's reporter. */
  public Path reporter() {
    return folder.resolve("qgjob-reporter.cjs");
  }
}

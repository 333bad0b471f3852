package dev.qgjob.worker;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option that says where the worker keeps its state. */
final class StateOption {
  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "Folder for credentials, caches and notes. Default: ~/.qgjob/worker.")
  private @Nullable Path folder;

  StateFolder open() {
    return StateFolder.open(path());
  }

  /** Where it is, or would be. */
  Path path() {
    return folder == null ? Path.of(System.getProperty("user.home"), ".qgjob", "worker") : folder;
  }
}

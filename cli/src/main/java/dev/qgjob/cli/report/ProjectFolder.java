package dev.qgjob.cli.report;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** {@code --project-dir} of commands that need a project for {@code --html} alone. */
public final class ProjectFolder {
  @Option(
      names = "--project-dir",
      paramLabel = "DIR",
      description = "The AppWright project, for --html (default: the working folder).")
  private Path folder = Path.of("");

  /** As it was given. */
  public Path folder() {
    return folder;
  }
}

package dev.qgjob.cli.report;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.Surroundings;
import dev.qgjob.client.Answer;
import dev.qgjob.client.ApiClient;
import dev.qgjob.protocol.report.RunView;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --junit}, {@code --json} and {@code --html}: the run as files. */
public final class ReportFiles {
  private static final String STDOUT = "-";

  @Option(
      names = "--junit",
      paramLabel = "FILE",
      description = "Write the run as JUnit XML, a case for each test (-: stdout).")
  private @Nullable String junit;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the run as the API's JSON (-: stdout).")
  private @Nullable String json;

  @Option(
      names = "--html",
      paramLabel = "DIR",
      description =
          "Write Playwright's own HTML report of the run, with what its tests attached; the"
              + " project's installed Playwright makes it.")
  private @Nullable String html;

  /** Is any file asked for? */
  public boolean wanted() {
    return junit != null || json != null || html != null;
  }

  /** Does a report take the place of the result on stdout? */
  public boolean takeStdout() {
    return STDOUT.equals(junit) || STDOUT.equals(json);
  }

  /**
   * Refuses what cannot be, before anything is started.
   *
   * @param project folder of the AppWright project, whose Playwright makes the HTML report
   */
  public void check(Surroundings here, Path project) {
    if (STDOUT.equals(junit) && STDOUT.equals(json)) {
      throw Failure.usage("--junit and --json cannot both go to stdout; name a file for one");
    }
    for (String file : new @Nullable String[] {junit, json}) {
      Path path = file == null || file.equals(STDOUT) ? null : here.folder().resolve(file);
      if (path != null && Files.isDirectory(path)) {
        throw Failure.usage(file + " is a folder; name a file");
      }
    }
    if (html != null) {
      new HtmlReport(here, project, html).check();
    }
  }

  /** Writes the files that were asked for. */
  public void write(Surroundings here, Answer<RunView> run) {
    if (junit != null) {
      write(here, junit, JUnitFile.of(run.body()));
    }
    if (json != null) {
      write(here, json, run.json().strip() + "\n");
    }
  }

  /** Writes the HTML report, if it was asked for. */
  public void writeHtml(Surroundings here, Path project, ApiClient client, RunView run) {
    if (html != null) {
      new HtmlReport(here, project, html).write(client, run);
    }
  }

  private static void write(Surroundings here, String file, String text) {
    if (file.equals(STDOUT)) {
      here.out().print(text);
      return;
    }
    Path path = here.folder().resolve(file);
    try {
      Path folder = path.toAbsolutePath().getParent();
      if (folder != null) {
        Files.createDirectories(folder);
      }
      Files.writeString(path, text);
    } catch (IOException e) {
      String why = e.getClass() == IOException.class ? e.getMessage() : e.toString();
      throw Failure.general("the report " + file + " cannot be written: " + why + half(path), e);
    }
  }

  /** A report without its end would be taken for the whole by whoever reads it. */
  private static String half(Path path) {
    try {
      return Files.isRegularFile(path) && Files.deleteIfExists(path) ? "; it was removed" : "";
    } catch (IOException e) {
      return "; what is there of it is not whole";
    }
  }
}

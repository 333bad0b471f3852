package dev.qgjob.worker.workspace;

import dev.qgjob.protocol.FailureKind;
import dev.qgjob.worker.process.Child;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.CleanEnvironment;
import dev.qgjob.worker.process.Command;
import dev.qgjob.worker.process.Exit;
import dev.qgjob.worker.process.ProcessListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Installs a project's packages with npm; their install scripts do not run. */
public final class Npm {
  private static final Pattern CODE = Pattern.compile("npm (?:error|ERR!) code (\\S+)");
  private static final Pattern ERROR =
      Pattern.compile("npm (?:error|ERR!) (?!code|errno|A complete log)(.+)");

  /** Codes that trying again on another host may cure; all others are in what was submitted. */
  private static final Pattern OURS =
      Pattern.compile(
          "ENOTFOUND|ECONN.*|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ENOSPC|EACCES|EPERM|EROFS|EMFILE"
              + "|E5\\d\\d|E401|E403|E429|ERR_SOCKET_TIMEOUT|ENOMEM|EIO|ENOENT|CERT.*|UNABLE.*|SELF.*");

  private final Children children;
  private final String npm;
  private final Path stateDir;
  private final Map<String, String> environment;
  private final Duration most;

  /**
   * An npm.
   *
   * @param npm the program, a name to be found on the PATH or a path
   * @param environment the worker's own; an allowed part of it is passed on
   * @param most how long an install may take
   */
  public Npm(
      Children children,
      String npm,
      Path stateDir,
      Map<String, String> environment,
      Duration most) {
    this.children = children;
    this.npm = npm;
    this.stateDir = stateDir.toAbsolutePath();
    this.environment = Map.copyOf(environment);
    this.most = most;
  }

  /**
   * Installs what the manifest in {@code folder} wants.
   *
   * @param locked exactly what the lockfile says
   */
  void install(Path folder, boolean locked) throws IOException, NotReady, InterruptedException {
    Path home = Files.createTempDirectory(Files.createDirectories(stateDir.resolve("tmp")), "npm");
    Path log = home.resolve("npm.log");
    try {
      Map<String, String> clean = CleanEnvironment.forNpm(environment, home);
      clean.putIfAbsent("NPM_CONFIG_USERCONFIG", userConfig().toString());
      clean.put("NPM_CONFIG_CACHE", stateDir.resolve("cache").resolve("npm").toString());
      List<String> arguments = new ArrayList<>(List.of(npm, locked ? "ci" : "install"));
      arguments.addAll(
          List.of(
              "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--loglevel=error"));
      List<String> errors = new ArrayList<>();
      Child child =
          children.start(
              new Command(arguments, folder, clean, null, log),
              new ProcessListener() {
                @Override
                public void onLine(String line) {
                  if (errors.size() < 200 && line.startsWith("npm ")) {
                    errors.add(line);
                  }
                }
              });
      Exit exit = child.waitFor(most);
      if (exit instanceof Exit.Ended ended && ended.well()) {
        return;
      }
      throw failure(exit, errors, child.log().lastLine());
    } finally {
      Folders.remove(home);
    }
  }

  private Path userConfig() {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return Path.of(home, ".npmrc");
  }

  private NotReady failure(Exit exit, List<String> errors, String lastLine) {
    if (exit instanceof Exit.Killed) {
      return new NotReady(
          FailureKind.INFRASTRUCTURE,
          "npm did not install the project's packages within " + most.toSeconds() + " s");
    }
    if (exit instanceof Exit.NotStarted none) {
      return new NotReady(
          FailureKind.INFRASTRUCTURE, "npm cannot be started on the worker: " + none.message());
    }
    return explain(errors, lastLine);
  }

  /** What npm's own lines say, and whose fault it is. */
  static NotReady explain(List<String> errors, String lastLine) {
    String code = "";
    String said = "";
    for (String line : errors) {
      Matcher hasCode = CODE.matcher(line);
      Matcher hasText = ERROR.matcher(line);
      if (hasCode.find()) {
        code = hasCode.group(1);
      } else if (said.isEmpty() && hasText.find()) {
        said = hasText.group(1).strip();
      }
    }
    String what = said.isEmpty() ? lastLine : said;
    boolean ours = code.isEmpty() || OURS.matcher(code).matches();
    return new NotReady(
        ours ? FailureKind.INFRASTRUCTURE : FailureKind.SUBMITTER,
        "npm could not install the project's packages"
            + (code.isEmpty() ? "" : " (" + code + ")")
            + ": "
            + what);
  }
}

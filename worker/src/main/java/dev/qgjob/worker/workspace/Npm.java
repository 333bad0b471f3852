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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Installs a project's packages with npm, or with the package manager that npm fetches; their
 * install scripts do not run.
 */
public final class Npm {
  private static final Logger LOG = LoggerFactory.getLogger(Npm.class);

  /** In npm's words, pnpm's and those of yarn from 2 on. */
  private static final Pattern CODE =
      Pattern.compile("npm (?:error|ERR!) code (\\S+)|\\b(ERR_PNPM_\\w+)|(YN(?!0000)\\d{4}):");

  private static final Pattern ERROR =
      Pattern.compile(
          "npm (?:error|ERR!) (?!code|errno|A complete log)(.+)|ERR_PNPM_\\w+\\s+(.+)"
              + "|YN(?!0000)\\d{4}: (?:│ )?(.+)|^error (.+)");

  /** Codes that trying again on another host may cure; all others are in what was submitted. */
  private static final Pattern OURS =
      Pattern.compile(
          "ENOTFOUND|ECONN.*|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ENOSPC|EACCES|EPERM|EROFS|EMFILE"
              + "|E5\\d\\d|E401|E403|E429|ERR_SOCKET_TIMEOUT|ENOMEM|EIO|ENOENT|CERT.*|UNABLE.*|SELF.*"
              // pnpm's for a registry that does not answer well, and yarn's for a fetch that fails
              + "|ERR_PNPM_(?:META_)?FETCH_(?:FAIL|5\\d\\d|401|403|429)|YN0001|YN0035");

  /** A token that the registry does not take; the job's own, where the job brings one. */
  private static final Pattern DENIED =
      Pattern.compile("E401|E403|ERR_PNPM_(?:META_)?FETCH_40[13]");

  /** What they say where the network is to blame, without a code. */
  private static final Pattern NETWORK =
      Pattern.compile(
          "ENOTFOUND|ECONN\\w+|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|ENOSPC|trouble with your network");

  private final Children children;
  private final String npm;
  private final Path stateDir;
  private final Map<String, String> environment;
  private final Duration most;
  private List<String> nodeVersion = List.of();

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

  /** The host's own Node. */
  String node() {
    return children.node();
  }

  /** The worker's environment. */
  Map<String, String> environment() {
    return environment;
  }

  /** What the host's own Node says about itself; empty where it says nothing. */
  synchronized List<String> nodeVersion() throws IOException, InterruptedException {
    if (nodeVersion.isEmpty()) {
      Said said = new Said(line -> true);
      run(
          List.of(children.node(), "--version"),
          stateDir,
          Map.of(),
          Map.of(),
          Node.own(node()),
          said);
      nodeVersion = List.copyOf(said.lines);
    }
    return nodeVersion;
  }

  /**
   * The versions that the registry has of a package.
   *
   * @param name is the worker's own word, never a stranger's
   */
  List<String> versions(String name) throws IOException, NotReady, InterruptedException {
    Said said = new Said(line -> true);
    Ran ran =
        run(
            List.of(npm, "view", name, "versions", "--json", "--loglevel=error"),
            stateDir,
            Map.of(),
            Map.of(),
            Node.own(node()),
            said);
    if (!ran.well()) {
      throw failure("npm", ran.exit(), said.errors(), ran.lastLine(), false);
    }
    return said.lines.stream().map(line -> line.replaceAll("[\\s\",]", "")).toList();
  }

  /**
   * Puts one package into {@code folder}.
   *
   * @param wanted name and version, both checked
   */
  void fetch(Path folder, String wanted) throws IOException, NotReady, InterruptedException {
    Said said = new Said(Npm::isError);
    List<String> command =
        List.of(
            npm,
            "install",
            "--prefix=" + folder,
            "--ignore-scripts",
            "--no-save",
            "--no-audit",
            "--no-fund",
            "--no-progress",
            "--loglevel=error",
            wanted);
    Ran ran = run(command, folder, Map.of(), Map.of(), Node.own(node()), said);
    if (!ran.well()) {
      throw failure("npm", ran.exit(), said.lines, ran.lastLine(), false);
    }
  }

  /**
   * Installs what the manifest in {@code folder} wants.
   *
   * @param variables of the job that the project's settings name, such as a registry's token
   * @param node runs it
   */
  void install(Path folder, PackageManager manager, Map<String, String> variables, Node node)
      throws IOException, NotReady, InterruptedException {
    Map<String, String> more = new HashMap<>(manager.settings());
    if (!manager.cache().isEmpty()) {
      more.put(manager.cache(), stateDir.resolve("cache").resolve(manager.program()).toString());
    }
    LOG.info("installing a project's packages with {}", manager.name());
    Said said = new Said(Npm::isError);
    Ran ran = run(manager.command(npm), folder, more, variables, node, said);
    if (!ran.well()) {
      throw failure(manager.name(), ran.exit(), said.lines, ran.lastLine(), !variables.isEmpty());
    }
  }

  private static boolean isError(String line) {
    return ERROR.matcher(line).find() || CODE.matcher(line).find();
  }

  /** The lines that matter, as many as a list of versions has at most. */
  private static final class Said implements ProcessListener {
    private final List<String> lines = new ArrayList<>();
    private final Predicate<String> matters;

    Said(Predicate<String> matters) {
      this.matters = matters;
    }

    List<String> errors() {
      return lines.stream().filter(Npm::isError).toList();
    }

    @Override
    public void onLine(String line) {
      if (lines.size() < 5_000 && matters.test(line)) {
        lines.add(line);
      }
    }
  }

  private record Ran(Exit exit, String lastLine) {
    boolean well() {
      return exit instanceof Exit.Ended ended && ended.well();
    }
  }

  /**
   * Runs a command in npm's environment.
   *
   * @param settings go before what is there
   * @param variables do not
   */
  private Ran run(
      List<String> command,
      Path folder,
      Map<String, String> settings,
      Map<String, String> variables,
      Node node,
      Said said)
      throws IOException, InterruptedException {
    Path home = Files.createTempDirectory(Files.createDirectories(stateDir.resolve("tmp")), "npm");
    try {
      Map<String, String> clean = CleanEnvironment.forNpm(environment, home);
      clean.putIfAbsent("NPM_CONFIG_USERCONFIG", userConfig().toString());
      clean.put("NPM_CONFIG_CACHE", stateDir.resolve("cache").resolve("npm").toString());
      clean.putAll(settings);
      variables.forEach(clean::putIfAbsent);
      node.leadPath(clean);
      Child child =
          children.start(new Command(command, folder, clean, null, home.resolve("npm.log")), said);
      Exit exit = child.waitFor(most);
      return new Ran(exit, child.log().lastLine());
    } finally {
      Folders.remove(home);
    }
  }

  private Path userConfig() {
    String home = environment.getOrDefault("HOME", System.getProperty("user.home"));
    return Path.of(home, ".npmrc");
  }

  private NotReady failure(
      String name, Exit exit, List<String> said, String lastLine, boolean ownToken) {
    if (exit instanceof Exit.Killed) {
      return new NotReady(
          FailureKind.INFRASTRUCTURE,
          name + " did not install the project's packages within " + most.toSeconds() + " s");
    }
    if (exit instanceof Exit.NotStarted none) {
      return new NotReady(
          FailureKind.INFRASTRUCTURE, "npm cannot be started on the worker: " + none.message());
    }
    return explain(name, said, lastLine, ownToken);
  }

  /** What their own lines say, and whose fault it is. */
  static NotReady explain(String name, List<String> lines, String lastLine) {
    return explain(name, lines, lastLine, false);
  }

  /**
   * The same.
   *
   * @param ownToken the job brings what the project's settings name, such as a registry's token
   */
  static NotReady explain(String name, List<String> lines, String lastLine, boolean ownToken) {
    String code = "";
    String said = "";
    boolean network = NETWORK.matcher(lastLine).find();
    for (String line : lines) {
      Matcher hasCode = CODE.matcher(line);
      Matcher hasText = ERROR.matcher(line);
      if (code.isEmpty() && hasCode.find()) {
        code = group(hasCode);
      }
      if (said.isEmpty() && hasText.find()) {
        said = group(hasText).strip();
      }
      network |= NETWORK.matcher(line).find();
    }
    String what = said.isEmpty() ? lastLine : said;
    // yarn 1 has no codes; of npm one that is missing says that it came to nothing
    boolean unclear = code.isEmpty() && (said.isEmpty() || name.equals("npm"));
    boolean denied = ownToken && DENIED.matcher(code).matches();
    boolean ours = !denied && (network || unclear || OURS.matcher(code).matches());
    return new NotReady(
        ours ? FailureKind.INFRASTRUCTURE : FailureKind.SUBMITTER,
        name
            + " could not install the project's packages"
            + (code.isEmpty() ? "" : " (" + code + ")")
            + ": "
            + what
            + (denied ? "; is the token that --secret gives still good?" : ""));
  }

  /** The one group that matched. */
  private static String group(Matcher matcher) {
    for (int i = 1; i <= matcher.groupCount(); i++) {
      String text = matcher.group(i);
      if (text != null) {
        return text;
      }
    }
    return "";
  }
}

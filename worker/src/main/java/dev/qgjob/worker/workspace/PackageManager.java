package dev.qgjob.worker.workspace;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who installs a project's packages: the one whose lockfile lies beside {@code package.json}, in
 * the version that {@code packageManager} names or that writes such a lockfile. All are told to lay
 * the packages out as npm does, and to run no install scripts.
 *
 * @param name for people
 * @param source what npm fetches it from; empty for npm itself
 * @param program its command
 * @param lockfile what it installs from; empty where the project has none
 * @param arguments of the install
 * @param settings variables that it is given
 * @param cache the variable that names its cache; empty where npm's serves
 */
record PackageManager(
    String name,
    String source,
    String program,
    String lockfile,
    List<String> arguments,
    Map<String, String> settings,
    String cache) {
  /** Lockfiles, in the order in which they are looked for. */
  static final List<String> LOCKFILES =
      List.of("package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock");

  /** What decides, beside the lockfile, what is installed and from where. */
  static final List<String> SETTINGS = List.of(".npmrc", ".yarnrc", ".yarnrc.yml");

  private static final Pattern NAMED =
      Pattern.compile("(npm|pnpm|yarn)@(\\d+)(\\.[0-9A-Za-z.-]+)?(\\+.*)?");
  private static final Pattern PNPM_LOCK =
      Pattern.compile("(?m)^lockfileVersion: *['\"]?(\\d+)(\\.\\d+)?");
  private static final Pattern YARN_LOCK = Pattern.compile("(?m)^__metadata:\\s+version: *(\\d+)");

  /** Newest of the first line of yarn, which writes lockfiles without {@code __metadata}. */
  private static final String YARN_CLASSIC = "1.22.22";

  PackageManager {
    arguments = List.copyOf(arguments);
    settings = Map.copyOf(settings);
  }

  /** The one that belongs to the manifest and the lockfiles of a folder. */
  static PackageManager of(Path folder, JsonNode manifest) throws IOException {
    Matcher named = NAMED.matcher(manifest.path("packageManager").asText());
    if (named.matches()) {
      String version = named.group(2) + Optional.ofNullable(named.group(3)).orElse("");
      switch (named.group(1)) {
        case "pnpm":
          return pnpm(version, has(folder, "pnpm-lock.yaml"));
        case "yarn":
          return yarn(version, has(folder, "yarn.lock"));
        default:
          return npm(folder);
      }
    }
    if (has(folder, "package-lock.json") || has(folder, "npm-shrinkwrap.json")) {
      return npm(folder);
    }
    if (has(folder, "pnpm-lock.yaml")) {
      return pnpm(writerOfPnpm(Files.readString(folder.resolve("pnpm-lock.yaml"))), true);
    }
    if (has(folder, "yarn.lock")) {
      return yarn(writerOfYarn(Files.readString(folder.resolve("yarn.lock"))), true);
    }
    return npm(folder);
  }

  private static boolean has(Path folder, String name) {
    return Files.isRegularFile(folder.resolve(name));
  }

  /** pnpm 7 wrote lockfiles 5.x, pnpm 8 wrote 6.x, pnpm 9 and 10 write 9.0. */
  private static String writerOfPnpm(String lock) {
    Matcher version = PNPM_LOCK.matcher(lock);
    int format = version.find() ? Integer.parseInt(version.group(1)) : 9;
    return format <= 5 ? "7" : format <= 8 ? "8" : "9";
  }

  /** yarn 3 wrote the versions up to 6, yarn 4 writes 8. */
  private static String writerOfYarn(String lock) {
    Matcher version = YARN_LOCK.matcher(lock);
    if (!version.find()) {
      return YARN_CLASSIC;
    }
    return Integer.parseInt(version.group(1)) <= 6 ? "3" : "4";
  }

  private static PackageManager npm(Path folder) {
    String lock =
        List.of("package-lock.json", "npm-shrinkwrap.json").stream()
            .filter(name -> has(folder, name))
            .findFirst()
            .orElse("");
    return new PackageManager(
        "npm",
        "",
        "npm",
        lock,
        List.of(
            lock.isEmpty() ? "install" : "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--no-progress",
            "--loglevel=error"),
        Map.of(),
        "");
  }

  private static PackageManager pnpm(String version, boolean locked) {
    return new PackageManager(
        "pnpm " + version,
        "pnpm@" + version,
        "pnpm",
        locked ? "pnpm-lock.yaml" : "",
        List.of(
            "install",
            locked ? "--frozen-lockfile" : "--no-frozen-lockfile",
            "--ignore-scripts",
            "--reporter=append-only",
            "--config.node-linker=hoisted",
            // a spec that writes into its packages writes into a copy, not into everybody's
            "--config.package-import-method=clone-or-copy",
            "--config.manage-package-manager-versions=false"),
        Map.of(),
        "npm_config_store_dir");
  }

  private static PackageManager yarn(String version, boolean locked) {
    boolean classic = version.equals("1") || version.startsWith("1.");
    String lock = locked ? "yarn.lock" : "";
    if (classic) {
      return new PackageManager(
          "yarn " + version,
          "yarn@" + version,
          "yarn",
          lock,
          List.of(
              "install",
              locked ? "--frozen-lockfile" : "--no-lockfile",
              "--ignore-scripts",
              "--non-interactive",
              "--no-progress"),
          Map.of("YARN_IGNORE_PATH", "1"),
          "YARN_CACHE_FOLDER");
    }
    return new PackageManager(
        "yarn " + version,
        "@yarnpkg/cli-dist@" + version,
        "yarn",
        lock,
        List.of("install", locked ? "--immutable" : "--no-immutable", "--mode=skip-build"),
        Map.of(
            "YARN_NODE_LINKER", "node-modules",
            "YARN_ENABLE_SCRIPTS", "false",
            "YARN_ENABLE_TELEMETRY", "0",
            "YARN_ENABLE_GLOBAL_CACHE", "false",
            "YARN_ENABLE_PROGRESS_BARS", "false",
            "YARN_IGNORE_PATH", "1"),
        "YARN_CACHE_FOLDER");
  }

  /**
   * The command.
   *
   * @param npm the program of npm, which fetches the others
   */
  List<String> command(String npm) {
    List<String> all = new java.util.ArrayList<>(List.of(npm));
    if (!source.isEmpty()) {
      all.addAll(List.of("exec", "--yes", "--package=" + source, "--", program));
    }
    all.addAll(arguments);
    return all;
  }
}

package dev.qgjob.cli.submit;

import dev.qgjob.cli.Durations;
import dev.qgjob.cli.Failure;
import dev.qgjob.cli.bundle.ProjectTree;
import dev.qgjob.cli.settings.Settings;
import dev.qgjob.protocol.ResetPolicy;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** What can be said about a submission. */
final class SubmitOptions {
  private static final int PRIORITY = 100;
  private static final int RETRIES = 10;
  private static final int DAY = 86_400;
  private static final int APP_VERSION = 128;
  private static final int GREP = 1_000;
  private static final long MEGABYTE = 1_000_000;

  @Option(
      names = "--org-id",
      paramLabel = "ORG",
      description = "Your org; the token decides, and another one is refused (else QGJOB_ORG).")
  @Nullable String orgId;

  @Option(
      names = "--app-version-id",
      required = true,
      paramLabel = "ID",
      description = "What you call this version of the app; its tests share installs.")
  String appVersionId = "";

  @Option(
      names = "--test",
      required = true,
      split = Settings.BETWEEN,
      hideParamSyntax = true,
      paramLabel = "SPEC",
      description = "Spec file or pattern below the project; repeat for more. One job each.")
  List<String> tests = List.of();

  @Option(
      names = {"-g", "--grep"},
      paramLabel = "REGEX",
      description =
          "Only tests whose title or tag this JavaScript regular expression finds, such as @smoke. A"
              + " spec without any is skipped.")
  @Nullable String grep;

  @Option(
      names = "--grep-invert",
      paramLabel = "REGEX",
      description = "Without the tests whose title or tag this one finds.")
  @Nullable String grepInvert;

  @Option(
      names = "--target",
      split = "," + "|" + Settings.BETWEEN,
      splitSynopsisLabel = ",",
      paramLabel = "TARGET",
      converter = TargetName.class,
      description =
          "emulator, device or browserstack, in order of preference, or any: all that the config has"
              + " a project for (default: the first of the config's that has a slot now).")
  List<TargetWish> targetWishes = List.of();

  @Option(
      names = "--each-target",
      description = "A job for each spec on each --target, where it stays, in place of one job.")
  boolean eachTarget;

  @Option(
      names = "--split-specs",
      description =
          "A spec that is known to take longer than all of the run has to may be divided by test"
              + " among several slots. Serial tests and those that share a device stay together.")
  boolean splitSpecs;

  @Option(
      names = "--project",
      paramLabel = "NAME",
      description = "Project of the AppWright config (default: the first for the target).")
  @Nullable String project;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The AppWright config (default: appwright.config.ts or .js).")
  @Nullable String config;

  @Option(
      names = "--project-dir",
      paramLabel = "DIR",
      description = "The AppWright project (default: the working folder).")
  Path projectDir = Path.of("");

  @Option(
      names = "--app",
      split = Settings.BETWEEN,
      hideParamSyntax = true,
      paramLabel = "APK",
      description =
          "The app; repeat for builds of it for other ABIs (default: the newest build that the"
              + " server has of this version, else the project's buildPath).")
  List<Path> apps = List.of();

  @Option(
      names = "--companion",
      split = Settings.BETWEEN,
      hideParamSyntax = true,
      paramLabel = "APK",
      description =
          "An app of another package that has to be on the phone beside --app, such as a mock"
              + " server; repeat for more.")
  List<Path> companions = List.of();

  @Option(
      names = "--priority",
      paramLabel = "N",
      description = "-100 to 100 within your org, higher first (default: 0).")
  @Nullable Integer priority;

  @Option(
      names = "--reset",
      paramLabel = "POLICY",
      converter = ResetName.class,
      description = {
        "Between tests: full (reinstall), clear-data (default), confirm or none.",
        "confirm is clear-data, and what fails is tried once more under full: if that passes, the"
            + " spec leaks state, and is run under full until you name clear-data."
      })
  @Nullable ResetPolicy reset;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description = "Try a job again, up to N times, when its test failed (default: 0).")
  @Nullable Integer retries;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      converter = Durations.class,
      description = "How long one job may run (default: 30m).")
  @Nullable Duration timeout;

  @Option(
      names = "--stock",
      description = "Run AppWright just as it is, with its reinstall for every test.")
  boolean stock;

  @Option(names = "--name", paramLabel = "NAME", description = "A name for the run.")
  @Nullable String name;

  @Option(
      names = {"-e", "--env"},
      split = Settings.BETWEEN,
      hideParamSyntax = true,
      paramLabel = "K=V",
      description = "Variable for the specs; K alone takes this environment's value.")
  List<String> environment = List.of();

  @Option(
      names = "--secret",
      split = Settings.BETWEEN,
      hideParamSyntax = true,
      paramLabel = "NAME",
      description =
          "Variable of this environment that the specs get as well, and that nothing shows: no log,"
              + " no list of processes, no database in clear. Repeat for more.")
  List<String> secrets = List.of();

  @Option(
      names = "--device",
      split = Settings.BETWEEN,
      hideParamSyntax = true,
      paramLabel = "K=V",
      description =
          "Only a slot that has this, as 'qgjob devices' shows it: --device 'model=Pixel 8'.")
  Map<String, String> device = Map.of();

  @Option(
      names = "--wait-for-device",
      description = "Wait even where no slot has what --device asks for.")
  boolean waitForDevice;

  @Option(
      names = "--resource",
      paramLabel = "NAME",
      description =
          "Something of the org that there is only so much of, such as a test account: no more jobs"
              + " run at once than there are. Repeat for more.")
  List<String> resources = new ArrayList<>();

  @Option(
      names = "--idempotency-key",
      paramLabel = "KEY",
      description = "A second submission with the same key joins the first one's run.")
  @Nullable String idempotencyKey;

  @Option(
      names = "--label",
      split = Settings.BETWEEN,
      hideParamSyntax = true,
      paramLabel = "K=V",
      description = "A label for the run; repeat for more. In CI some are filled in by themselves.")
  List<String> labels = List.of();

  @Option(
      names = "--supersede",
      paramLabel = "KEY",
      description = "Cancel earlier runs with the same key, such as a branch's.")
  @Nullable String supersede;

  @Option(
      names = "--dry-run",
      description = "Only say what would be submitted and to where; nothing is uploaded.")
  boolean dryRun;

  @Option(
      names = "--bundle-limit",
      paramLabel = "MB",
      description =
          "Most megabytes that the project's files may have (default: 200; with"
              + " --with-node-modules 800).")
  @Nullable Long bundleLimit;

  @Option(
      names = "--include",
      split = Settings.BETWEEN,
      hideParamSyntax = true,
      paramLabel = "PATTERN",
      description =
          "Files or folders of the project that git ignores and the tests need; repeat for more.")
  List<String> include = List.of();

  @Option(
      names = "--with-node-modules",
      description =
          "Send the packages as they are installed here along, for workers that reach no registry.")
  boolean withNodeModules;

  /** What the parser could not see. */
  void check() {
    range("--priority", priority, -PRIORITY, PRIORITY);
    range("--retries", retries, 0, RETRIES);
    if (timeout != null && timeout.toSeconds() > DAY) {
      throw Failure.usage("--timeout may be one day at most");
    }
    if (appVersionId.isBlank() || appVersionId.length() > APP_VERSION) {
      throw Failure.usage("--app-version-id must have 1 to " + APP_VERSION + " characters");
    }
    if (eachTarget && !anyTarget() && targets().size() < 2) {
      throw Failure.usage("--each-target needs two or more --target");
    }
    if (eachTarget && splitSpecs) {
      throw Failure.usage("--split-specs goes not with --each-target");
    }
    grep("--grep", grep);
    grep("--grep-invert", grepInvert);
    if (bundleLimit != null && bundleLimit < 1) {
      throw Failure.usage("--bundle-limit must be at least 1");
    }
  }

  /** {@code --target} by name, in order of preference. */
  List<Target> targets() {
    return targetWishes.stream().flatMap(wish -> wish.target().stream()).distinct().toList();
  }

  /** {@code --target any}: after those that are named, all others that there are. */
  boolean anyTarget() {
    return targetWishes.stream().anyMatch(wish -> wish.target().isEmpty());
  }

  /** What goes into the bundle beyond what git sees. */
  ProjectTree.Extras extras() {
    return new ProjectTree.Extras(include, withNodeModules);
  }

  /** Most bytes that the bundle's files may have together. */
  long mostBytes() {
    long megabytes = bundleLimit != null ? bundleLimit : withNodeModules ? 800 : 200;
    return megabytes * MEGABYTE;
  }

  private static void grep(String option, @Nullable String regex) {
    if (regex != null && (regex.isBlank() || regex.length() > GREP)) {
      throw Failure.usage(option + " must have 1 to " + GREP + " characters");
    }
  }

  private static void range(String option, @Nullable Integer value, int least, int most) {
    if (value != null && (value < least || value > most)) {
      throw Failure.usage(option + " must be " + least + " to " + most + ", not " + value);
    }
  }

  /** {@code --label} as a map. */
  Map<String, String> labels() {
    Map<String, String> map = new LinkedHashMap<>();
    for (String label : labels) {
      int equals = label.indexOf('=');
      if (equals < 1) {
        throw Failure.usage("--label " + label + " is not of the form K=V");
      }
      map.put(label.substring(0, equals), label.substring(equals + 1));
    }
    if (supersede != null) {
      map.put(Supersede.LABEL, supersede);
    }
    return map;
  }

  /** {@code -e} as a map. */
  Map<String, String> environment(Map<String, String> env) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String argument : environment) {
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      String value = equals < 0 ? env.get(name) : argument.substring(equals + 1);
      if (name.isEmpty() || value == null) {
        throw Failure.usage(
            "-e " + argument + (name.isEmpty() ? " has no name" : " is not set here; give K=V"));
      }
      variables.put(name, value);
    }
    return variables;
  }

  /** {@code --secret} as a map; null where there is none. */
  @Nullable Map<String, String> secrets(Map<String, String> env) {
    if (secrets.isEmpty()) {
      return null;
    }
    Map<String, String> values = new LinkedHashMap<>();
    for (String name : secrets) {
      int equals = name.indexOf('=');
      if (equals >= 0) {
        // the value is not repeated
        throw Failure.usage(
            "--secret takes a name alone: set "
                + name.substring(0, equals)
                + " in the environment, where no list of processes shows it");
      }
      String value = env.get(name);
      if (value == null) {
        throw Failure.usage("--secret " + name + " is not set in this environment");
      }
      values.put(name, value);
    }
    return values;
  }

  private static <E extends Enum<E>> E constant(Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> Wire.name(constant).equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "'"
                        + text
                        + "' is none of "
                        + Arrays.stream(type.getEnumConstants())
                            .map(Wire::name)
                            .collect(Collectors.joining(", "))));
  }

  /** One of {@code --target}'s; empty: any. */
  record TargetWish(Optional<Target> target) {}

  static final class TargetName implements ITypeConverter<TargetWish> {
    @Override
    public TargetWish convert(String text) {
      return new TargetWish(
          text.strip().equalsIgnoreCase("any")
              ? Optional.empty()
              : Optional.of(constant(Target.class, text)));
    }
  }

  static final class ResetName implements ITypeConverter<ResetPolicy> {
    @Override
    public ResetPolicy convert(String text) {
      return constant(ResetPolicy.class, text);
    }
  }
}

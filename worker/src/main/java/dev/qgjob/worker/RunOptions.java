package dev.qgjob.worker;

import dev.qgjob.protocol.Target;
import dev.qgjob.worker.avd.AvdSlots;
import dev.qgjob.worker.avd.Emulator;
import dev.qgjob.worker.avd.Pace;
import dev.qgjob.worker.browserstack.Account;
import dev.qgjob.worker.browserstack.CloudApi;
import dev.qgjob.worker.browserstack.Endpoints;
import dev.qgjob.worker.browserstack.Parallels;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.discovery.AdbSlots;
import dev.qgjob.worker.discovery.AdbTool;
import dev.qgjob.worker.discovery.Found;
import dev.qgjob.worker.discovery.ListedSlots;
import dev.qgjob.worker.discovery.Marked;
import dev.qgjob.worker.discovery.SlotSource;
import dev.qgjob.worker.discovery.SlotsFile;
import dev.qgjob.worker.discovery.Together;
import dev.qgjob.worker.discovery.Wanted;
import dev.qgjob.worker.health.AdbRecovery;
import dev.qgjob.worker.health.Admission;
import dev.qgjob.worker.health.Fitness;
import dev.qgjob.worker.health.LockSecret;
import dev.qgjob.worker.health.Metrics;
import dev.qgjob.worker.health.PhoneProbe;
import dev.qgjob.worker.health.Probe;
import dev.qgjob.worker.health.Recovery;
import dev.qgjob.worker.health.Ward;
import dev.qgjob.worker.ios.IosSlots;
import dev.qgjob.worker.ios.Xcrun;
import dev.qgjob.worker.process.Children;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a running worker can be told. */
final class RunOptions {
  private static final Duration RETRY = Duration.ofSeconds(2);

  @Option(
      names = "--slots",
      paramLabel = "FILE",
      description =
          "JSON list of the slots to offer, such as"
              + " [{\"target\": \"device\", \"udid\": \"R58M123ABC\"}]. A listed phone is offered while adb"
              + " sees it, with \"watch\": false always. \"secret_from\" names the environment"
              + " variable with the secret of its lock screen.")
  private @Nullable Path slotsFile;

  @Option(
      names = "--capability",
      paramLabel = "NAME=VALUE",
      description =
          "Say this of every slot, for jobs that wish for it (--device NAME=VALUE); repeat for more."
              + " untrusted=true: the slots are for what strangers submit, and for nothing else.")
  private Map<String, String> capabilities = new LinkedHashMap<>();

  @Option(names = "--emulators", description = "Offer the emulators that adb sees.")
  private boolean emulators;

  @Option(names = "--devices", description = "Offer the real phones that adb sees.")
  private boolean devices;

  @Option(
      names = "--avd",
      paramLabel = "NAME",
      split = ",",
      description =
          "Start this Android Virtual Device without a window, keep it running, and end it with the"
              + " worker; repeat for more, or separate by commas. emulator -list-avds has the names.")
  private List<String> avds = List.of();

  @Option(
      names = "--no-ios",
      description = "Do not look for iOS simulators and phones (by xcrun, on a Mac).")
  private boolean noIos;

  @Option(names = "--no-adb", description = "Offer no slot that needs adb.")
  private boolean noAdb;

  @Option(
      names = "--browserstack-parallels",
      paramLabel = "N",
      defaultValue = "0",
      description =
          "Offer N sessions at BrowserStack; needs BROWSERSTACK_USERNAME and"
              + " BROWSERSTACK_ACCESS_KEY in the environment.")
  private int parallels;

  @Option(
      names = "--browserstack-reserved",
      paramLabel = "N",
      defaultValue = "0",
      description = "Leave N of the BrowserStack account's parallels to people.")
  private int reserved;

  @Option(
      names = "--browserstack-local",
      paramLabel = "PROGRAM",
      description =
          "Run BrowserStack's own program BrowserStackLocal, so that apps there reach what this host"
              + " reaches, such as a staging server. It gets --key and --local-identifier.")
  private @Nullable Path local;

  @Option(
      names = "--browserstack-reserve-device",
      description =
          "Ask BrowserStack to give the next session the same phone, prepared as it is (its"
              + " 'reserveDevice', which it has to enable for the account).")
  private boolean reserveDevice;

  @Option(
      names = "--batch",
      paramLabel = "N",
      defaultValue = "64",
      description = "How many jobs of one app a slot takes at once. Default: ${DEFAULT-VALUE}.")
  private int batch;

  @Option(
      names = "--cache-limit",
      paramLabel = "GB",
      defaultValue = "20",
      description =
          "Gigabytes of bundles, apps and packages that are kept for later jobs; over it those go"
              + " that were used longest ago. Default: ${DEFAULT-VALUE}.")
  private int cacheLimitGb;

  @Option(
      names = "--drain-timeout",
      paramLabel = "SECONDS",
      defaultValue = "300",
      description = "How long running jobs may go on after SIGTERM. Default: ${DEFAULT-VALUE}.")
  private long drainTimeoutS;

  @Option(
      names = "--progress-timeout",
      paramLabel = "SECONDS",
      defaultValue = "600",
      description =
          "End a run that writes no line and reports no test for so long; that is the test's failure"
              + " while the phone and Appium answer. 0: never. Default: ${DEFAULT-VALUE}.")
  private long progressTimeoutS;

  @Option(
      names = "--may-reboot",
      description = "Reboot a phone that stays unfit in a second quarantine in a row.")
  private boolean mayReboot;

  @Option(
      names = "--recovery-command",
      paramLabel = "PROGRAM",
      description =
          "Run when several phones vanish together, and for one that stays unfit or away; it finds"
              + " their serials in QGJOB_PHONES. No shell: a program, which may be a script.")
  private @Nullable Path recoveryCommand;

  @Option(
      names = "--metrics-port",
      paramLabel = "PORT",
      description =
          "Answer GET /metrics on this port of 127.0.0.1, in Prometheus' text format. 0: any free"
              + " one, which the log names. Default: no such port.")
  private @Nullable Integer metricsPort;

  /** The metrics' endpoint, if one is wanted. */
  Optional<Metrics> metrics(Ward ward) {
    Integer port = metricsPort;
    if (port == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Metrics(ward, port));
    } catch (IOException | IllegalArgumentException e) {
      throw new Unusable("--metrics-port " + port + ": " + e.getMessage());
    }
  }

  /** The health of the slots, over all registrations. */
  Ward ward(Map<String, String> environment, Admission admission) {
    if (!needsPhones()) {
      return new Ward(Probe.NONE, Recovery.NONE, admission, System::nanoTime);
    }
    Path command = recoveryCommand;
    if (command != null && !Files.isExecutable(command)) {
      throw new Unusable("--recovery-command " + command + " is no executable file");
    }
    AdbServer adb = new AdbServer(AdbServer.defaultPort(environment), Duration.ofSeconds(10));
    return new Ward(
        new PhoneProbe(adb, Fitness.USUAL, secrets(environment)),
        new AdbRecovery(
            adb,
            mayReboot,
            Optional.ofNullable(command).map(path -> List.of(path.toAbsolutePath().toString())),
            task -> {
              Thread thread = new Thread(task, "recovery");
              thread.setDaemon(true);
              thread.start();
            }),
        admission,
        System::nanoTime);
  }

  private Map<String, LockSecret> secrets(Map<String, String> environment) {
    return slotsFile == null
        ? Map.of()
        : LockSecret.in(environment, SlotsFile.read(slotsFile).secretsFrom());
  }

  Duration progressTimeout() {
    if (progressTimeoutS < 0) {
      throw new Unusable("--progress-timeout is " + progressTimeoutS + "; give seconds from 0");
    }
    return Duration.ofSeconds(progressTimeoutS);
  }

  int batch() {
    if (batch < 1 || batch > 100) {
      throw new Unusable("--batch is " + batch + "; give 1 to 100");
    }
    return batch;
  }

  /** Bytes. */
  long cacheLimit() {
    if (cacheLimitGb < 1) {
      throw new Unusable("--cache-limit is " + cacheLimitGb + "; give 1 or more");
    }
    return cacheLimitGb * 1_000_000_000L;
  }

  Duration drainTimeout() {
    if (drainTimeoutS < 0) {
      throw new Unusable("--drain-timeout is " + drainTimeoutS + "; give seconds from 0");
    }
    return Duration.ofSeconds(drainTimeoutS);
  }

  /** Whether any slot could be a phone or an emulator. */
  boolean needsPhones() {
    return !noAdb || slotsFile != null;
  }

  /**
   * Where slots come from.
   *
   * @param state the worker's own folder
   */
  SlotSource source(Map<String, String> environment, Path state) {
    SlotSource found = found(environment, state);
    try {
      return capabilities.isEmpty() ? found : new Marked(found, capabilities);
    } catch (IllegalArgumentException e) {
      throw new Unusable("--capability: " + e.getMessage());
    }
  }

  private SlotSource found(Map<String, String> environment, Path state) {
    List<SlotSource> sources = new ArrayList<>();
    sources.add(SlotSource.fixed(browserStack(environment)));
    List<Found> watched = List.of();
    if (slotsFile != null) {
      SlotsFile file = SlotsFile.read(slotsFile);
      sources.add(new ListedSlots(file.fixed(), locks(environment), RETRY));
      watched = file.watched();
    }
    boolean fileOnly = slotsFile != null && watched.isEmpty() && !emulators && !devices;
    Wanted wanted = new Wanted(fileOnly ? Set.of() : targets(), watched);
    if (!avds.isEmpty()) {
      sources.add(virtual(environment, state, wanted));
    } else if (!noAdb && !fileOnly) {
      sources.add(phones(environment, wanted));
    }
    if (!noIos && !fileOnly) {
      Xcrun.find(environment)
          .ifPresent(xcrun -> sources.add(new IosSlots(xcrun, wanted, IosSlots.PAUSE)));
    }
    return new Together(sources);
  }

  private static SlotSource phones(Map<String, String> environment, Wanted wanted) {
    int port = AdbServer.defaultPort(environment);
    return new AdbSlots(
        new AdbServer(port, Duration.ofSeconds(10)),
        AdbTool.find(environment, port),
        wanted,
        RETRY,
        locks(environment));
  }

  /** With those that adb sees anyway. */
  private SlotSource virtual(Map<String, String> environment, Path state, Wanted wanted) {
    if (noAdb) {
      throw new Unusable("--avd needs adb: leave out --no-adb");
    }
    AdbTool adb =
        AdbTool.find(environment, AdbServer.defaultPort(environment))
            .orElseThrow(
                () -> new Unusable("--avd needs adb: set ANDROID_HOME, or put adb on the PATH"));
    try {
      Emulator emulator = Emulator.find(environment);
      List<String> names = avds.stream().map(String::strip).distinct().toList();
      names.forEach(emulator::need);
      return new AvdSlots(
          names,
          emulator,
          adb,
          new Children("node", state),
          state.resolve("avd"),
          AvdSlots.FIRST_PORT,
          Pace.USUAL,
          own -> phones(environment, new Wanted(wanted.targets(), wanted.listed(), own)));
    } catch (IllegalArgumentException e) {
      throw new Unusable("--avd: " + e.getMessage());
    } catch (IOException e) {
      throw new Unusable("--avd: " + state + ": " + e.getMessage());
    }
  }

  /** The same for all workers of this host, whoever started them and wherever their state is. */
  private static Path locks(Map<String, String> environment) {
    String folder = environment.getOrDefault("QGJOB_LOCKS", "");
    return folder.isEmpty()
        ? Path.of(
            System.getProperty("java.io.tmpdir"), "qgjob-phones-" + System.getProperty("user.name"))
        : Path.of(folder);
  }

  /** How the worker uses BrowserStack. */
  CloudPlan cloud(Map<String, String> environment) {
    Path program = local;
    if (program != null && !Files.isExecutable(program)) {
      throw new Unusable("--browserstack-local " + program + " is no executable file");
    }
    Optional<Account> account = Account.in(environment);
    if (program != null && account.isEmpty()) {
      throw new Unusable(
          "--browserstack-local needs BROWSERSTACK_USERNAME and BROWSERSTACK_ACCESS_KEY in the"
              + " environment");
    }
    CloudApi api = new CloudApi(Endpoints.in(environment));
    return new CloudPlan(
        api,
        new Parallels(api, reserved, account, locks(environment)),
        reserveDevice ? Map.of("reserveDevice", true) : Map.of(),
        Optional.ofNullable(program));
  }

  private Set<Target> targets() {
    Set<Target> targets = EnumSet.noneOf(Target.class);
    if (emulators || !devices) {
      targets.add(Target.EMULATOR);
    }
    if (devices || !emulators) {
      targets.add(Target.DEVICE);
    }
    return targets;
  }

  private List<Found> browserStack(Map<String, String> environment) {
    if (parallels < 0) {
      throw new Unusable("--browserstack-parallels is " + parallels + "; give 0 or more");
    }
    if (reserved < 0) {
      throw new Unusable("--browserstack-reserved is " + reserved + "; give 0 or more");
    }
    for (String name : List.of("BROWSERSTACK_USERNAME", "BROWSERSTACK_ACCESS_KEY")) {
      if (parallels > 0 && environment.getOrDefault(name, "").isBlank()) {
        throw new Unusable("--browserstack-parallels needs " + name + " in the environment");
      }
    }
    List<Found> slots = new ArrayList<>();
    for (int i = 1; i <= parallels; i++) {
      slots.add(new Found(Target.BROWSERSTACK, Integer.toString(i), Map.of()));
    }
    return slots;
  }
}

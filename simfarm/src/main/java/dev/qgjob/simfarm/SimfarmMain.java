package dev.qgjob.simfarm;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.simfarm.control.ControlApi;
import dev.qgjob.simfarm.control.ReportFile;
import dev.qgjob.simfarm.phone.PhoneIdentity;
import dev.qgjob.simfarm.phone.PhoneKind;
import dev.qgjob.simfarm.screen.Screens;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The command line. */
@Command(
    name = "simfarm",
    mixinStandardHelpOptions = true,
    version = "simfarm 0.1.0",
    description = {
      "Simulated Android phones at the ADB wire.",
      "Prints one line of JSON on stdout when they are ready and runs until it is ended.",
      "adb finds them with 'adb connect 127.0.0.1:PORT'. An APK's code never runs: screens come",
      "from a JSON description."
    },
    sortOptions = false)
public final class SimfarmMain implements Callable<Integer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Option(
      names = "--phones",
      paramLabel = "N",
      description = "How many phones (default: ${DEFAULT-VALUE}).")
  int phones = 1;

  @Option(
      names = "--base-port",
      paramLabel = "PORT",
      description = "Port of the first phone, then every second one; default: any free ports.")
  int basePort;

  @Option(
      names = "--install-time",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description = "How long installing an app takes, such as 4s (default: no time).")
  Duration installTime = Duration.ZERO;

  @Option(
      names = "--kind",
      paramLabel = "KIND",
      description = "What the phones claim to be: emulator or device (default: emulator).")
  String kind = "emulator";

  @Option(
      names = "--screens",
      paramLabel = "FILE",
      description = "Screens of your own apps, as JSON; default: those of Android's ApiDemos.")
  @Nullable Path screens;

  @Option(
      names = "--control-port",
      paramLabel = "PORT",
      description = "Port of the control API on 127.0.0.1; default: any free one.")
  int controlPort;

  @Option(
      names = "--report",
      paramLabel = "FILE",
      description = "Keep this file up to date with the counts, as JSON.")
  @Nullable Path report;

  @ArgGroup(exclusive = false, heading = "%nA stand-in for BrowserStack in front of the phones:%n")
  @Nullable BrowserStackOptions browserStack;

  /** The options of the stand-in. */
  static final class BrowserStackOptions {
    @Option(
        names = "--browserstack",
        required = true,
        paramLabel = "PORT",
        description = "Open the stand-in on this port of 127.0.0.1; 0 for any free one.")
    int port;

    @Option(
        names = "--browserstack-appium",
        required = true,
        paramLabel = "URL",
        description = "The Appium that drives the phones, such as http://127.0.0.1:4723.")
    URI appium = URI.create("http://127.0.0.1:4723");

    @Option(
        names = "--browserstack-adb-port",
        paramLabel = "PORT",
        description = {
          "Port of the adb server that knows the phones, told to Appium",
          "(default: $ANDROID_ADB_SERVER_PORT, else Appium's own)."
        })
    @Nullable Integer adbPort;

    @Option(
        names = "--browserstack-parallels",
        paramLabel = "N",
        description = "Parallel sessions of the plan (default: one for each phone).")
    int parallels;

    @Option(
        names = "--browserstack-user",
        paramLabel = "NAME",
        description = "Its user name (default: simfarm).")
    String user = "simfarm";

    @Option(
        names = "--browserstack-key",
        paramLabel = "KEY",
        description = "Its access key (default: simfarm).")
    String key = "simfarm";

    @Option(
        names = "--browserstack-ca",
        paramLabel = "FILE",
        description = {
          "Write the certificate authority's certificate here, for NODE_EXTRA_CA_CERTS",
          "(default: a file of a temporary folder, named in the line that says ready)."
        })
    @Nullable Path certificate;
  }

  private final CountDownLatch ended = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);

  /**
   * Runs until the process is ended. Exit code 0, 1 if something failed, 2 if the options are
   * wrong.
   */
  public static void main(String[] args) {
    System.exit(new CommandLine(new SimfarmMain()).execute(args));
  }

  @Override
  public Integer call() {
    Optional<PhoneKind> wanted = kind();
    if (wanted.isEmpty()) {
      return fail(2, "--kind: '" + kind + "' is neither emulator nor device");
    }
    try {
      Screens described = screens == null ? Screens.builtIn() : Screens.read(screens);
      Farm.Plan plan = new Farm.Plan(phones, basePort, wanted.get(), installTime, described);
      try (Farm farm = Farm.open(plan)) {
        return serve(farm);
      }
    } catch (java.nio.file.NoSuchFileException e) {
      return fail(1, "no file " + e.getMessage());
    } catch (IOException e) {
      return fail(1, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException e) {
      return fail(2, String.valueOf(e.getMessage()));
    } finally {
      finished.countDown();
    }
  }

  private int serve(Farm farm) throws IOException {
    Optional<ReportFile> file =
        Optional.ofNullable(report).map(path -> new ReportFile(path, farm::report));
    if (file.isPresent()) {
      file.get().write();
      farm.onChange(file.get()::update);
    }
    Runnable changed = () -> file.ifPresent(ReportFile::update);
    try (BrowserStack standIn = BrowserStack.open(browserStack, farm);
        ControlApi control =
            new ControlApi(
                controlPort,
                farm.phones(),
                farm::report,
                changed,
                standIn::report,
                standIn.faults(),
                farm.executor())) {
      Thread hook = new Thread(this::end, "end");
      Runtime.getRuntime().addShutdownHook(hook);
      ready(farm, control, standIn);
      ended.await();
      file.ifPresent(ReportFile::update);
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 1;
    }
  }

  /** Lets {@link #serve} close everything, and waits for it: the JVM ends when the hook returns. */
  private void end() {
    ended.countDown();
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void ready(Farm farm, ControlApi control, BrowserStack standIn)
      throws IOException {
    List<Map<String, Object>> each =
        farm.phones().stream().map(phone -> describe(phone.phone().identity())).toList();
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("control", control.url());
    line.put("phones", each);
    line.putAll(standIn.describe());
    PrintStream out = System.out;
    out.println(JSON.writeValueAsString(line));
    out.flush();
    PrintStream err = System.err;
    for (var phone : farm.phones()) {
      err.println("phone ready: adb connect " + phone.phone().identity().serial());
    }
    err.println("counts: " + control.url() + "/phones");
    standIn.lines().forEach(err::println);
  }

  private static Map<String, Object> describe(PhoneIdentity identity) {
    Map<String, Object> phone = new LinkedHashMap<>();
    phone.put("serial", identity.serial());
    phone.put("port", identity.port());
    phone.put("serialNumber", identity.serialNumber());
    return phone;
  }

  private Optional<PhoneKind> kind() {
    return switch (kind.toLowerCase(Locale.ROOT)) {
      case "emulator" -> Optional.of(PhoneKind.EMULATOR);
      case "device" -> Optional.of(PhoneKind.DEVICE);
      default -> Optional.empty();
    };
  }

  private static int fail(int code, String message) {
    System.err.println("simfarm: " + message);
    return code;
  }
}

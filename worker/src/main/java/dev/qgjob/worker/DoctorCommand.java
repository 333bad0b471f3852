package dev.qgjob.worker;

import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.Target;
import dev.qgjob.worker.appwright.AndroidSdk;
import dev.qgjob.worker.avd.Emulator;
import dev.qgjob.worker.discovery.AdbServer;
import dev.qgjob.worker.discovery.PhoneList;
import dev.qgjob.worker.health.Fitness;
import dev.qgjob.worker.health.PhoneProbe;
import dev.qgjob.worker.ios.Xcrun;
import dev.qgjob.worker.run.Slot;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks whether this host can run jobs, and changes nothing. */
@Command(
    name = "doctor",
    description =
        "Says what this host needs to run jobs and has not: programs, folders, disk, the server, the"
            + " phones. Changes nothing. Exit code 0: all is there; 1: something is missing.",
    mixinStandardHelpOptions = true,
    versionProvider = WorkerMain.Version.class)
final class DoctorCommand implements Callable<Integer> {
  private static final long ENOUGH_DISK = 5L << 30;

  @Mixin private final StateOption state = new StateOption();

  @Option(names = "--no-adb", description = "This host shall offer no slot that needs adb.")
  private boolean noAdb;

  @Option(
      names = "--avd",
      paramLabel = "NAME",
      split = ",",
      description = "Virtual devices that this host's worker shall start.")
  private List<String> avds = List.of();

  @SuppressWarnings("NullAway.Init") // set by picocli
  @Spec
  private CommandSpec spec;

  /** One thing that was looked at. */
  private record Finding(boolean well, String what) {}

  @Override
  public Integer call() throws InterruptedException {
    Map<String, String> environment = System.getenv();
    List<Finding> findings = new ArrayList<>();
    findings.add(node());
    findings.add(program("npm", "comes with Node"));
    findings.add(disk());
    findings.addAll(server());
    if (!noAdb) {
      findings.add(sdk(environment));
      findings.addAll(phones(environment));
    }
    if (!avds.isEmpty()) {
      findings.addAll(virtual(environment));
    }
    Xcrun.find(environment).ifPresent(xcrun -> findings.add(ios()));
    PrintWriter out = spec.commandLine().getOut();
    findings.forEach(one -> out.println((one.well() ? "  ok  " : " WRONG ") + one.what()));
    out.flush();
    return findings.stream().allMatch(Finding::well) ? 0 : 1;
  }

  private static Finding node() throws InterruptedException {
    Optional<String> version = output("node", "--version");
    if (version.isEmpty()) {
      return new Finding(false, "node is not on the PATH; install Node 20 or newer");
    }
    String number = version.get().replaceFirst("^v(\\d+).*", "$1");
    boolean new20 = number.matches("\\d{1,4}") && Integer.parseInt(number) >= 20;
    return new Finding(
        new20, "node " + version.get() + (new20 ? "" : " is too old; install Node 20 or newer"));
  }

  private static Finding program(String name, String hint) throws InterruptedException {
    return output(name, "--version")
        .map(version -> new Finding(true, name + " " + version))
        .orElse(new Finding(false, name + " is not on the PATH; it " + hint));
  }

  private static Optional<String> output(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return Optional.empty();
      }
      String text = new String(process.getInputStream().readNBytes(4096), StandardCharsets.UTF_8);
      return process.exitValue() == 0
          ? text.lines().filter(line -> !line.isBlank()).findFirst()
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private Finding disk() {
    Path folder = state.path();
    for (Path at = folder; at != null; at = at.getParent()) {
      if (Files.isDirectory(at)) {
        try {
          long free = Files.getFileStore(at).getUsableSpace();
          boolean enough = free >= ENOUGH_DISK && Files.isWritable(at);
          return new Finding(
              enough,
              folder
                  + ": "
                  + (free >> 20)
                  + " MiB free"
                  + (Files.isWritable(at) ? "" : "; this user may not write there")
                  + (free >= ENOUGH_DISK ? "" : "; packages and apps need 5 GiB"));
        } catch (IOException e) {
          return new Finding(false, folder + " cannot be looked at: " + e.getMessage());
        }
      }
    }
    return new Finding(false, folder + " has no parent folder that exists");
  }

  private List<Finding> server() {
    Optional<Credentials> found;
    try {
      found = StateFolder.readCredentials(state.path());
    } catch (Unusable e) {
      return List.of(new Finding(false, String.valueOf(e.getMessage())));
    }
    if (found.isEmpty()) {
      return List.of(
          new Finding(false, "not enrolled; run: qgjob-worker enrol --server URL --code CODE"));
    }
    Credentials credentials = found.get();
    try {
      new ApiClient(credentials.server(), credentials.token(), Duration.ofSeconds(10))
          .get("/health/ready", Map.class);
      return List.of(
          new Finding(true, "worker " + credentials.name() + " at " + credentials.server()));
    } catch (ApiProblem | Unreachable e) {
      return List.of(new Finding(false, credentials.server() + ": " + e.getMessage()));
    }
  }

  private Finding sdk(Map<String, String> environment) {
    try {
      Path scratch = Files.createTempDirectory("doctor");
      try {
        Path sdk = AndroidSdk.locate(environment, scratch);
        return new Finding(true, "Android SDK " + (sdk.startsWith(scratch) ? "made of PATH" : sdk));
      } finally {
        delete(scratch);
      }
    } catch (IOException e) {
      return new Finding(false, String.valueOf(e.getMessage()));
    }
  }

  private List<Finding> virtual(Map<String, String> environment) {
    List<Finding> findings = new ArrayList<>();
    try {
      Emulator emulator = Emulator.find(environment);
      findings.add(
          emulator
              .slow()
              .map(why -> new Finding(false, why))
              .orElse(new Finding(true, "emulator " + emulator.program())));
      for (String name : avds) {
        findings.add(virtual(emulator, name));
      }
    } catch (IllegalArgumentException e) {
      findings.add(new Finding(false, String.valueOf(e.getMessage())));
    }
    return findings;
  }

  private static Finding virtual(Emulator emulator, String name) {
    try {
      emulator.need(name);
      return new Finding(true, "AVD " + name);
    } catch (IllegalArgumentException e) {
      return new Finding(false, String.valueOf(e.getMessage()));
    }
  }

  private static Finding ios() {
    return new Finding(true, "Xcode's tools are here; iOS is shown, and no job goes there yet");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private static List<Finding> phones(Map<String, String> environment) {
    AdbServer adb = new AdbServer(AdbServer.defaultPort(environment), Duration.ofSeconds(10));
    List<Finding> findings = new ArrayList<>();
    try {
      PhoneProbe probe = new PhoneProbe(adb, Fitness.USUAL, false);
      PhoneList.all(adb).forEach((udid, word) -> findings.add(phone(probe, udid, word)));
    } catch (IllegalArgumentException e) {
      return List.of(new Finding(false, String.valueOf(e.getMessage())));
    }
    return findings.isEmpty()
        ? List.of(new Finding(true, "adb sees no phone now; slots appear as phones do"))
        : findings;
  }

  private static Finding phone(PhoneProbe probe, String udid, String word) {
    if (!word.equals("device")) {
      return new Finding(false, "phone " + udid + ": " + PhoneList.reason(word));
    }
    return probe
        .ailment(new Slot("doctor:" + udid, Target.DEVICE, udid))
        .map(why -> new Finding(false, "phone " + udid + ": " + why))
        .orElse(new Finding(true, "phone " + udid + " is fit"));
  }
}

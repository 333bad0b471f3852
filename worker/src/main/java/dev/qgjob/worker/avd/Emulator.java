package dev.qgjob.worker.avd;

import dev.qgjob.worker.process.Child;
import dev.qgjob.worker.process.Children;
import dev.qgjob.worker.process.CleanEnvironment;
import dev.qgjob.worker.process.Command;
import dev.qgjob.worker.process.ProcessListener;
import dev.qgjob.worker.process.Programs;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** The Android SDK's emulator program. */
public final class Emulator {
  /** What an AVD may be called. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private static final int MOST_S = 30;

  private final Path program;
  private final Map<String, String> environment;

  private Emulator(Path program, Map<String, String> environment) {
    this.program = program;
    this.environment = CleanEnvironment.forEmulator(environment);
  }

  /**
   * The emulator in the Android SDK's folder or on the path.
   *
   * @throws IllegalArgumentException with one line for people when there is none
   */
  public static Emulator find(Map<String, String> environment) {
    return Programs.ofAndroid(environment, "emulator", "emulator")
        .map(program -> new Emulator(program, environment))
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "there is no emulator program in ANDROID_HOME/emulator or on the PATH;"
                        + " install it with: sdkmanager emulator"));
  }

  /** Where it is. */
  public Path program() {
    return program;
  }

  /**
   * Makes sure of a virtual device.
   *
   * @throws IllegalArgumentException with one line for people when there is none of this name
   */
  public void need(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'" + name + "' is no name of an AVD");
    }
    List<String> all = names();
    if (!all.contains(name)) {
      throw new IllegalArgumentException(
          "there is no AVD '"
              + name
              + "'; emulator -list-avds has "
              + (all.isEmpty() ? "none: make one with avdmanager" : String.join(", ", all)));
    }
  }

  /** It prints notes of its own among the names; those have spaces. */
  private List<String> names() {
    return output("-list-avds").map(String::lines).stream()
        .flatMap(lines -> lines)
        .map(String::strip)
        .filter(line -> NAME.matcher(line).matches())
        .toList();
  }

  /** What keeps this host from running emulators at speed; empty when nothing does. */
  public Optional<String> slow() {
    return output("-accel-check").isPresent()
        ? Optional.empty()
        : Optional.of(
            "emulator -accel-check finds no hardware acceleration; on Linux, may this user open"
                + " /dev/kvm?");
  }

  /** What it prints, when it ends well. */
  private Optional<String> output(String option) {
    try {
      Path output = Files.createTempFile("emulator", ".out");
      try {
        ProcessBuilder builder = new ProcessBuilder(program.toString(), option);
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process =
            builder
                .redirectInput(new File("/dev/null"))
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
          return process.waitFor(MOST_S, TimeUnit.SECONDS) && process.exitValue() == 0
              ? Optional.of(Files.readString(output, StandardCharsets.ISO_8859_1))
              : Optional.empty();
        } finally {
          process.destroyForcibly();
        }
      } finally {
        Files.deleteIfExists(output);
      }
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  /**
   * Starts a virtual device without a window.
   *
   * @param port of its console; adb's is the next one, and its serial is {@code emulator-<port>}
   * @param log gets its output
   */
  Child start(Children children, String name, int port, Path log, ProcessListener listener)
      throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString(), "-avd", name));
    command.addAll(List.of("-port", Integer.toString(port)));
    command.addAll(List.of("-no-window", "-no-audio", "-no-boot-anim"));
    // saving its state would hold up the worker's end, and a kill in the middle would spoil it
    command.add("-no-snapshot-save");
    Path folder = log.toAbsolutePath().getParent();
    return children.start(
        new Command(command, folder == null ? Path.of("/") : folder, environment, null, log),
        listener);
  }
}

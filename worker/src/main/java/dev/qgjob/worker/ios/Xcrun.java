package dev.qgjob.worker.ios;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
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

/** Xcode's command line tools. */
public final class Xcrun {
  private static final int MOST_S = 30;

  /** What devicectl itself may wait for its service; it takes nothing shorter. */
  private static final String SERVICE_S = "5";

  private final Path program;

  private Xcrun(Path program) {
    this.program = program;
  }

  /**
   * The tools of this host; empty where there are none, as on everything but a Mac. Every Mac has
   * the xcrun program, which without tools behind it opens a window that offers to install them: so
   * xcode-select is asked first.
   */
  public static Optional<Xcrun> find(Map<String, String> environment) {
    Optional<Path> xcrun = Programs.onPath(environment, "xcrun");
    Optional<Path> select = Programs.onPath(environment, "xcode-select");
    return xcrun.isPresent() && select.isPresent() && ends(select.get(), "-p")
        ? xcrun.map(Xcrun::new)
        : Optional.empty();
  }

  /** Whether there is a tool of this name: simctl needs all of Xcode, devicectl its version 15. */
  boolean has(String tool) {
    return ends(program, "--find", tool);
  }

  private static boolean ends(Path program, String... arguments) {
    try {
      List<String> command = new ArrayList<>(List.of(program.toString()));
      command.addAll(List.of(arguments));
      return run(command, ProcessBuilder.Redirect.DISCARD, ProcessBuilder.Redirect.DISCARD) == 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** All simulators. */
  JsonNode simulators() throws IOException {
    Path output = Files.createTempFile("simctl", ".json");
    try {
      ask(List.of("simctl", "list", "-j", "devices"), ProcessBuilder.Redirect.to(output.toFile()));
      return read(output);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** All phones, tablets and watches that the Mac knows. */
  JsonNode devices() throws IOException {
    return devicectl(List.of("list", "devices"));
  }

  /** Whether a phone wants its code; empty when it does not say. */
  Optional<Boolean> locked(String udid) {
    try {
      JsonNode wants =
          devicectl(List.of("device", "info", "lockState", "--device", udid))
              .path("result")
              .path("passcodeRequired");
      return wants.isBoolean() ? Optional.of(wants.asBoolean()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Its output for people is no promise; the file is. */
  private JsonNode devicectl(List<String> what) throws IOException {
    Path output = Files.createTempFile("devicectl", ".json");
    try {
      List<String> arguments = new ArrayList<>(List.of("devicectl"));
      arguments.addAll(what);
      arguments.addAll(
          List.of("--timeout", SERVICE_S, "--quiet", "--json-output", output.toString()));
      ask(arguments, ProcessBuilder.Redirect.DISCARD);
      return read(output);
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private void ask(List<String> arguments, ProcessBuilder.Redirect output) throws IOException {
    List<String> command = new ArrayList<>(List.of(program.toString()));
    command.addAll(arguments);
    Path errors = Files.createTempFile("xcrun", ".err");
    try {
      int code = run(command, output, ProcessBuilder.Redirect.to(errors.toFile()));
      if (code != 0) {
        String said = Files.readString(errors, StandardCharsets.ISO_8859_1).strip();
        throw new IOException(
            "xcrun "
                + String.join(" ", arguments.subList(0, Math.min(3, arguments.size())))
                + (code < 0 ? " did not end within " + MOST_S + " s" : " failed (" + code + ")")
                + said.lines().findFirst().map(line -> ": " + line).orElse(""));
      }
    } finally {
      Files.deleteIfExists(errors);
    }
  }

  /** The exit code, -1 for none in time. */
  private static int run(
      List<String> command, ProcessBuilder.Redirect output, ProcessBuilder.Redirect errors)
      throws IOException {
    Process process =
        new ProcessBuilder(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output)
            .redirectError(errors)
            .start();
    try {
      return process.waitFor(MOST_S, TimeUnit.SECONDS) ? process.exitValue() : -1;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the worker ends", e);
    } finally {
      process.destroyForcibly();
    }
  }

  private static JsonNode read(Path file) throws IOException {
    try {
      return Json.mapper().readTree(file.toFile());
    } catch (JsonProcessingException e) {
      throw new IOException("xcrun's answer is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}

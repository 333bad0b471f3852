package dev.qgjob.worker.install;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The adb program. Thread-safe. */
public final class Adb {
  /**
   * What adb answered.
   *
   * @param status its exit code; 124 when it did not answer in time
   * @param output standard output and error, stripped
   */
  public record Answer(int status, String output) {
    /** Whether it ended with 0. */
    public boolean well() {
      return status == 0;
    }
  }

  private static final int NO_ANSWER = 124;

  private final String program;
  private final Map<String, String> environment;

  /**
   * An adb.
   *
   * @param program a name to be found on the PATH or a path
   * @param environment all of its environment; ANDROID_ADB_SERVER_PORT chooses the server
   */
  public Adb(String program, Map<String, String> environment) {
    this.program = program;
    this.environment = Map.copyOf(environment);
  }

  /** Runs {@code adb -s udid arguments…}. */
  public Answer on(String udid, Duration most, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-s", udid));
    all.addAll(List.of(arguments));
    return run(most, all);
  }

  /** As {@link #on}, with the output, which may be no text, in {@code output}. */
  public Answer onInto(String udid, Duration most, Path output, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-s", udid));
    all.addAll(List.of(arguments));
    return run(most, all, output);
  }

  /**
   * Runs adb.
   *
   * @throws IOException when it cannot be started
   */
  public Answer run(Duration most, List<String> arguments)
      throws IOException, InterruptedException {
    // a file and not a pipe: the server that adb may start would hold the pipe open
    Path output = Files.createTempFile("adb", ".out");
    try {
      Answer answer = run(most, arguments, output);
      return answer.status() == NO_ANSWER
          ? answer
          : new Answer(
              answer.status(), Files.readString(output, StandardCharsets.ISO_8859_1).strip());
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private Answer run(Duration most, List<String> arguments, Path output)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    Process process =
        builder
            .redirectInput(new File("/dev/null"))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Answer(NO_ANSWER, "adb did not answer within " + most.toSeconds() + " s");
      }
    } finally {
      process.destroyForcibly();
    }
    return new Answer(process.exitValue(), "");
  }
}

package dev.qgjob.worker.install;

import dev.qgjob.worker.discovery.AdbServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

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

  /** How long adb may still say what became of it once the phone is gone. */
  private static final Duration LAST_WORD = Duration.ofSeconds(3);

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

  /**
   * As {@link #on}, for what takes long: ends soon after the phone has left adb's list. Some of
   * adb's commands never hear of that and would wait for ever.
   */
  public Answer onWhileThere(String udid, Duration most, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-s", udid));
    all.addAll(List.of(arguments));
    try (Departure departure =
        Departure.watch(new AdbServer(AdbServer.defaultPort(environment), LAST_WORD), udid)) {
      return run(most, all, departure.gone());
    }
  }

  /** As {@link #on}, with the output, which may be no text, in {@code output}. */
  public Answer onInto(String udid, Duration most, Path output, String... arguments)
      throws IOException, InterruptedException {
    List<String> all = new ArrayList<>(List.of("-s", udid));
    all.addAll(List.of(arguments));
    return run(most, all, output, new CompletableFuture<>());
  }

  /**
   * Runs adb.
   *
   * @throws IOException when it cannot be started
   */
  public Answer run(Duration most, List<String> arguments)
      throws IOException, InterruptedException {
    return run(most, arguments, new CompletableFuture<>());
  }

  private Answer run(Duration most, List<String> arguments, CompletableFuture<Void> gone)
      throws IOException, InterruptedException {
    // a file and not a pipe: the server that adb may start would hold the pipe open
    Path output = Files.createTempFile("adb", ".out");
    try {
      Answer answer = run(most, arguments, output, gone);
      return answer.status() == NO_ANSWER
          ? answer
          : new Answer(
              answer.status(), Files.readString(output, StandardCharsets.ISO_8859_1).strip());
    } finally {
      Files.deleteIfExists(output);
    }
  }

  private Answer run(
      Duration most, List<String> arguments, Path output, CompletableFuture<Void> gone)
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
      CompletableFuture<Process> end = process.onExit();
      CompletableFuture.anyOf(end, gone).get(most.toMillis(), TimeUnit.MILLISECONDS);
      end.get(LAST_WORD.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(process.exitValue(), "");
    } catch (TimeoutException e) {
      return new Answer(
          NO_ANSWER,
          gone.isDone()
              ? "it has left adb's list while adb was at work on it"
              : "adb did not answer within " + most.toSeconds() + " s");
    } catch (ExecutionException e) {
      throw new IOException(e.getCause());
    } finally {
      process.destroyForcibly();
    }
  }
}

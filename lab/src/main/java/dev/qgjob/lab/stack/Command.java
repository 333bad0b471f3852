package dev.qgjob.lab.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A command that is run to its end. */
public final class Command {
  private Command() {}

  /** How it ended, and what it wrote. */
  public record Result(int exit, String out, String err) {
    /** The output of a command that had to succeed. */
    public String expectSuccess() {
      if (exit != 0) {
        throw new IllegalStateException("exit " + exit + ": " + err.strip() + out.strip());
      }
      return out;
    }
  }

  /** Runs a command; {@code environment} is added to this process's own. */
  public static Result run(
      Path directory, Map<String, String> environment, List<String> command, long mostSeconds) {
    try {
      Path err = Files.createTempFile("command", ".err");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).directory(directory.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<String> out =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return new String(
                        process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                });
        if (!process.waitFor(mostSeconds, TimeUnit.SECONDS)) {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
          throw new IllegalStateException(
              String.join(" ", command) + " did not end within " + mostSeconds + " s");
        }
        return new Result(process.exitValue(), out.join(), Files.readString(err));
      } finally {
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(command.get(0) + " could not be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }
}

package dev.qgjob.worker.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What to start, and how.
 *
 * @param arguments program first; never seen by a shell
 * @param environment the whole of it
 * @param nodeOptions NODE_OPTIONS of the command itself, or null
 * @param log gets its output, at most {@link OutputLog#MOST_BYTES}
 */
public record Command(
    List<String> arguments,
    Path folder,
    Map<String, String> environment,
    @Nullable String nodeOptions,
    Path log) {
  public Command {
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
    Objects.requireNonNull(folder);
    Objects.requireNonNull(log);
    if (arguments.isEmpty()) {
      throw new IllegalArgumentException("nothing to start");
    }
  }
}

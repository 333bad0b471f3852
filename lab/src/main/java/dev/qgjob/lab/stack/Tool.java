package dev.qgjob.lab.stack;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that a script of {@code tools/} keeps on one port: {@code start}, {@code stop}, {@code
 * kill} and {@code wipe}. Ended with its data when this process ends, however that is asked for.
 */
final class Tool implements AutoCloseable {
  private static final Duration MOST = Duration.ofMinutes(5);
  private static final Pattern PORT = Pattern.compile(".*//[^:/]+:(\\d+).*");

  private final Path script;
  private final Map<String, String> environment;
  private final Thread atTheEnd = new Thread(this::wipe);
  private final String says;
  private final String port;

  /** Starts it, on a free port. */
  Tool(Path script, Map<String, String> environment) {
    this.script = script;
    this.environment = Map.copyOf(environment);
    this.says = run("start").strip();
    Matcher matcher = PORT.matcher(says);
    if (!matcher.matches()) {
      throw new IllegalStateException(script + " says no port: " + says);
    }
    this.port = matcher.group(1);
    Runtime.getRuntime().addShutdownHook(atTheEnd);
  }

  /** The URL that the script printed. */
  String says() {
    return says;
  }

  int port() {
    return Integer.parseInt(port);
  }

  /** On the same port, with the data that is there. Returns when it is ready. */
  void start() {
    run("start", port);
  }

  void stop() {
    run("stop", port);
  }

  /** SIGKILL; returns when the process is gone. */
  void kill() {
    run("kill", port);
  }

  /** Ends it where it runs, and deletes its data. */
  void wipe() {
    run("wipe", port);
  }

  @Override
  public void close() {
    Runtime.getRuntime().removeShutdownHook(atTheEnd);
    wipe();
  }

  private String run(String... arguments) {
    List<String> command = new java.util.ArrayList<>(List.of(script.toString()));
    command.addAll(List.of(arguments));
    return Command.run(
            Path.of("").toAbsolutePath(), environment, List.copyOf(command), MOST.toSeconds())
        .expectSuccess();
  }
}

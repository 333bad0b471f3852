package dev.qgjob.lab.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.ApiClient;
import dev.qgjob.client.ApiProblem;
import dev.qgjob.client.Json;
import dev.qgjob.client.Unreachable;
import dev.qgjob.protocol.Health;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A qgjob server. It may be killed, and started again with the same home and ports. Several may run
 * at once, each in a home of its own. Not thread-safe.
 */
public final class ServerPart implements AutoCloseable {
  private static final Duration MOST = Duration.ofMinutes(5);

  private final Distribution distribution;
  private final Path home;
  private final Path log;
  private ServerOptions options;
  private int starts;
  private Part part;
  private URI url;

  private ServerPart(Distribution distribution, Path home, Path log, ServerOptions options) {
    this.distribution = distribution;
    this.home = home;
    this.log = log;
    this.options = options;
    this.part = launch();
    this.url = awaitAddress();
  }

  /** Starts one on free ports and returns when it answers that it is ready. */
  public static ServerPart start(
      Distribution distribution, Path home, Path log, Map<String, String> environment) {
    return start(distribution, home, log, ServerOptions.EMBEDDED.with(environment));
  }

  /** Starts one and returns when it answers that it is ready. */
  public static ServerPart start(
      Distribution distribution, Path home, Path log, ServerOptions options) {
    ServerPart server = launch(distribution, home, log, options);
    server.awaitReady();
    return server;
  }

  /** Starts one and returns when its address is known; whether it gets ready is not asked. */
  public static ServerPart launch(
      Distribution distribution, Path home, Path log, ServerOptions options) {
    return new ServerPart(distribution, home, log, options);
  }

  private Part launch() {
    try {
      // of the process before; what it says is not so any more
      Files.deleteIfExists(facts(home));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    starts++;
    return Part.start(
        "server",
        starts == 1 ? log : log.resolveSibling(starts + "-" + log.getFileName()),
        distribution.root(),
        options.environment(),
        List.of(
            distribution.server().toString(),
            "start",
            "--home",
            home.toString(),
            "--http-port",
            Integer.toString(options.httpPort()),
            "--broker-port",
            Integer.toString(options.brokerPort()),
            "--management-port",
            "0"));
  }

  private URI awaitAddress() {
    try {
      part.await("listening", MOST, () -> Files.exists(facts(home)));
      URI address = URI.create(facts().path("url").asText());
      URI broker = URI.create(facts().path("broker").asText());
      boolean embedded = !options.environment().containsKey("QGJOB_BROKER_URL");
      options =
          new ServerOptions(
              options.environment(),
              address.getPort(),
              embedded && !options.environment().containsKey("QGJOB_PUBLIC_BROKER_URL")
                  ? broker.getPort()
                  : options.brokerPort());
      return address;
    } catch (RuntimeException e) {
      part.close();
      throw e;
    }
  }

  /** Returns when it answers that it is ready; ends it where it does not within two minutes. */
  public void awaitReady() {
    try {
      part.await("ready", MOST, this::isReady);
    } catch (RuntimeException e) {
      part.close();
      throw e;
    }
  }

  /** SIGKILL; returns when the process is gone. */
  public void kill() {
    part.kill();
  }

  /**
   * Starts it anew, where it does not run, with the same home and ports; returns when it is ready.
   */
  public void restart() {
    relaunch();
    awaitReady();
  }

  /** Starts it anew, as {@link #restart} does, and does not wait until it is ready. */
  public void relaunch() {
    if (part.isAlive()) {
      throw new IllegalStateException("the server of " + home + " runs (pid " + part.pid() + ")");
    }
    part = launch();
    url = awaitAddress();
  }

  private static Path facts(Path home) {
    return home.resolve("server.json");
  }

  /** Whether it says now that it is ready. */
  public boolean isReady() {
    try {
      return client(null).get("/health", Health.class).ready();
    } catch (Unreachable | ApiProblem e) {
      return false;
    }
  }

  /** Where it answers. */
  public URI url() {
    return url;
  }

  /** A client with a token, or with none. */
  public ApiClient client(@org.jspecify.annotations.Nullable String token) {
    return new ApiClient(url, token, Duration.ofSeconds(20));
  }

  /** The admin token that the first start wrote. */
  public String bootstrapToken() {
    try {
      return Files.readString(home.resolve("bootstrap-token")).strip();
    } catch (IOException e) {
      throw new UncheckedIOException("the server wrote no bootstrap token", e);
    }
  }

  /** Its data, log, configuration and secrets. */
  public Path home() {
    return home;
  }

  /** What the start script says of the instance. */
  public JsonNode facts() {
    try {
      return Json.mapper().readTree(facts(home).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The process. */
  public Part part() {
    return part;
  }

  @Override
  public void close() {
    part.close();
  }
}

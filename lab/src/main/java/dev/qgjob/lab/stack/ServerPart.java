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

/** A qgjob server with its embedded broker and database. */
public final class ServerPart implements AutoCloseable {
  private final Part part;
  private final Path home;
  private final URI url;

  private ServerPart(Part part, Path home, URI url) {
    this.part = part;
    this.home = home;
    this.url = url;
  }

  /** Starts one on free ports and returns when it answers that it is ready. */
  public static ServerPart start(
      Distribution distribution, Path home, Path log, Map<String, String> environment) {
    Part part =
        Part.start(
            "server",
            log,
            distribution.root(),
            environment,
            List.of(
                distribution.server().toString(),
                "start",
                "--home",
                home.toString(),
                "--http-port",
                "0",
                "--broker-port",
                "0",
                "--management-port",
                "0"));
    try {
      Path facts = home.resolve("server.json");
      part.await("listening", Duration.ofMinutes(2), () -> Files.exists(facts));
      URI url = URI.create(Json.mapper().readTree(facts.toFile()).path("url").asText());
      ServerPart server = new ServerPart(part, home, url);
      part.await("ready", Duration.ofMinutes(2), server::isReady);
      return server;
    } catch (IOException e) {
      part.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      part.close();
      throw e;
    }
  }

  private boolean isReady() {
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

  /** What the start script says of the instance. */
  public JsonNode facts() {
    try {
      return Json.mapper().readTree(home.resolve("server.json").toFile());
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

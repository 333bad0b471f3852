package dev.qgjob.lab.stack;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Simulated phones, and what was counted at them. */
public final class SimfarmPart implements AutoCloseable {
  private final Part part;
  private final URI control;
  private final List<String> serials;
  private final @Nullable Cloud cloud;
  private final HttpClient http = HttpClient.newHttpClient();

  private SimfarmPart(Part part, URI control, List<String> serials, @Nullable Cloud cloud) {
    this.part = part;
    this.cloud = cloud;
    this.control = control;
    this.serials = List.copyOf(serials);
  }

  /** Starts so many phones; an install takes this long on each. {@code more}: further options. */
  public static SimfarmPart start(
      Distribution distribution,
      Path log,
      int phones,
      Duration installTime,
      String kind,
      List<String> more) {
    List<String> command =
        new ArrayList<>(
            List.of(
                distribution.simfarm().toString(),
                "--phones",
                Integer.toString(phones),
                "--install-time",
                installTime.toMillis() + "ms",
                "--kind",
                kind));
    command.addAll(more);
    Part part = Part.start("simfarm", log, distribution.root(), Map.of(), command);
    try {
      part.await("listening", Duration.ofMinutes(3), () -> ready(part).isPresent());
      JsonNode facts = Json.mapper().readTree(ready(part).orElseThrow());
      List<String> serials = new ArrayList<>();
      facts.path("phones").forEach(p -> serials.add(p.path("serial").asText()));
      return new SimfarmPart(
          part, URI.create(facts.path("control").asText()), serials, cloud(facts));
    } catch (IOException e) {
      part.close();
      throw new UncheckedIOException(e);
    } catch (RuntimeException e) {
      part.close();
      throw e;
    }
  }

  private static @Nullable Cloud cloud(JsonNode facts) {
    JsonNode cloud = facts.path("browserstack");
    return cloud.isMissingNode()
        ? null
        : new Cloud(
            URI.create(cloud.path("url").asText()),
            Path.of(cloud.path("ca").asText()),
            cloud.path("user").asText(),
            cloud.path("key").asText(),
            cloud.path("parallels").asInt());
  }

  private static Optional<String> ready(Part part) {
    return part.output().lines().filter(l -> l.startsWith("{\"control\"")).findFirst();
  }

  /** What {@code adb connect} takes. */
  public List<String> serials() {
    return serials;
  }

  /** Where the counts can be read. */
  public URI control() {
    return control;
  }

  /** The stand-in for BrowserStack in front of the phones, where one was asked for. */
  public Cloud cloud() {
    if (cloud == null) {
      throw new IllegalStateException("these phones have no stand-in for BrowserStack");
    }
    return cloud;
  }

  /** What was counted at the stand-in: uploads, sessions, running, queued. */
  public JsonNode cloudReport() {
    return ask("GET", "/browserstack");
  }

  /** Makes the stand-in for BrowserStack go wrong, as {@code order} says. */
  public void cloudFault(String order) {
    ask("POST", "/browserstack/fault?" + order);
  }

  /** App installs counted at the phones; Appium's helpers are not among them. */
  public int installs() {
    return phones().path("total").path("installs").asInt();
  }

  /** Everything that the phones count and hold. */
  public JsonNode phones() {
    return ask("GET", "/phones");
  }

  /** Makes a phone disappear from adb, or come back: {@code verb} is vanish or return. */
  public void tell(String serial, String verb) {
    ask("POST", "/phones/" + serial + "/" + verb);
  }

  private JsonNode ask(String method, String path) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(control + path))
            .timeout(Duration.ofMinutes(1))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 300) {
        throw new IllegalStateException(path + ": " + response.statusCode() + response.body());
      }
      return response.body().isBlank()
          ? Json.mapper().createObjectNode()
          : Json.mapper().readTree(response.body());
    } catch (IOException e) {
      throw new UncheckedIOException("simfarm does not answer " + path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Override
  public void close() {
    part.close();
  }
}

package dev.qgjob.lab;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.client.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** One who watches a run at one server, as a browser does. */
final class Watching implements AutoCloseable {
  /**
   * What came.
   *
   * @param at by {@link System#nanoTime()}
   */
  record Event(String name, String id, JsonNode data, long at) {}

  private final List<Event> events = new CopyOnWriteArrayList<>();
  private final Stream<String> lines;
  private final Thread reader;
  private volatile boolean over;

  Watching(URI server, String token, String runId) throws IOException, InterruptedException {
    HttpResponse<Stream<String>> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(server.resolve("/api/v1/events?run_id=" + runId))
                    .header("Authorization", "Bearer " + token)
                    .header("Accept", "text/event-stream")
                    .build(),
                HttpResponse.BodyHandlers.ofLines());
    if (answer.statusCode() != 200) {
      throw new IllegalStateException("watching was answered with " + answer.statusCode());
    }
    lines = answer.body();
    reader = new Thread(this::read, "watching " + server);
    reader.setDaemon(true);
    reader.start();
  }

  private void read() {
    String[] name = {""};
    String[] id = {""};
    try {
      lines.forEach(
          line -> {
            if (line.startsWith("event: ")) {
              name[0] = line.substring(7);
            } else if (line.startsWith("id: ")) {
              id[0] = line.substring(4);
            } else if (line.startsWith("data: ")) {
              events.add(new Event(name[0], id[0], json(line.substring(6)), System.nanoTime()));
            }
          });
    } catch (UncheckedIOException e) {
      // the server went
    } finally {
      over = true;
    }
  }

  private static JsonNode json(String text) {
    try {
      return Json.mapper().readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<Event> events() {
    return List.copyOf(events);
  }

  /** When it was told that a job is in this state, or 0. */
  long told(String state) {
    return events.stream()
        .filter(e -> e.name().equals("job") && e.data().path("state").asText().equals(state))
        .mapToLong(Event::at)
        .findFirst()
        .orElse(0);
  }

  boolean over() {
    return over;
  }

  @Override
  public void close() {
    lines.close();
    reader.interrupt();
  }
}

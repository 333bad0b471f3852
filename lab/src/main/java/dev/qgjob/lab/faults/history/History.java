package dev.qgjob.lab.faults.history;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.qgjob.client.Json;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes a history as it happens. Thread-safe. */
public final class History implements AutoCloseable {
  private static final ObjectMapper MAPPER = Json.mapper();

  private final Timeline time = Timeline.begin();
  private final BufferedWriter out;

  public History(Path file) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    this.out = Files.newBufferedWriter(file);
  }

  /** The time line of this history. */
  public Timeline time() {
    return time;
  }

  /** Adds a line. What comes after {@link #close} is dropped. */
  public void add(Event event) {
    try {
      String line = MAPPER.writerFor(Event.class).writeValueAsString(event);
      synchronized (out) {
        out.write(line);
        out.newLine();
      }
    } catch (IOException e) {
      // closed: what still moves at the end belongs to no figure
    }
  }

  @Override
  public void close() {
    try {
      synchronized (out) {
        out.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads a history back. */
  public static List<Event> read(Path file) throws IOException {
    List<Event> events = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      events.add(MAPPER.readValue(line, Event.class));
    }
    return events;
  }
}

package dev.qgjob.protocol.golden;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A record and the file that holds its JSON.
 *
 * @param name the file's name below {@code /golden}, without {@code .json}: the record's simple
 *     name, and maybe a variant after a dot
 */
public record Golden(String name, Object value) {

  /** Every golden file there is. */
  public static List<Golden> all() {
    return Samples.ALL;
  }

  /** The record's class. */
  public Class<?> type() {
    return value.getClass();
  }

  /** The JSON as it is promised. */
  public String json() {
    String file = "/golden/" + name + ".json";
    try (InputStream in = Golden.class.getResourceAsStream(file)) {
      if (in == null) {
        throw new AssertionError("there is no golden file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

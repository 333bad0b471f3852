package dev.qgjob.worker.discovery;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.qgjob.client.Json;
import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A JSON file that lists the slots of a host:
 *
 * <pre>{@code
 * [
 *   {"target": "device", "udid": "R58M123ABC", "capabilities": {"shelf": "2"}},
 *   {"target": "emulator", "udid": "emulator-5554"},
 *   {"target": "device", "udid": "R58M456DEF", "secret_from": "PIN_OF_R58M456DEF"},
 *   {"target": "device", "udid": "10.0.0.7:5555", "watch": false}
 * ]
 * }</pre>
 *
 * <p>A listed phone is offered while adb sees it; with {@code "watch": false} always. {@code
 * secret_from} names the environment variable with the secret of its lock screen.
 */
public final class SlotsFile {
  private static final String MEMBERS = "target, udid, capabilities, watch and secret_from";

  private record Line(
      @Nullable Target target,
      @Nullable String udid,
      @Nullable Map<String, String> capabilities,
      @Nullable Boolean watch,
      @Nullable String secretFrom) {}

  private final List<Found> watched;
  private final List<Found> fixed;
  private final Map<String, String> secretsFrom;

  private SlotsFile(List<Found> watched, List<Found> fixed, Map<String, String> secretsFrom) {
    this.secretsFrom = Map.copyOf(secretsFrom);
    this.watched = List.copyOf(watched);
    this.fixed = List.copyOf(fixed);
  }

  /**
   * @throws IllegalArgumentException with one line for people when the file cannot be used
   */
  public static SlotsFile read(Path file) {
    List<Line> lines;
    try {
      lines =
          Json.mapper()
              .readerFor(new TypeReference<List<Line>>() {})
              .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
              .readValue(Files.readString(file));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "slots file " + file + " cannot be read" + line(e) + ": " + what(e), e);
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("slots file " + file + " does not exist", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("slots file " + file + " cannot be read", e);
    }
    List<Found> watched = new java.util.ArrayList<>();
    List<Found> fixed = new java.util.ArrayList<>();
    Map<String, String> secretsFrom = new HashMap<>();
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      Found slot = slot(file, i, line);
      if (!seen.add(slot.udid())) {
        throw wrong(file, i, "udid '" + slot.udid() + "' is listed twice");
      }
      (Boolean.FALSE.equals(line.watch()) ? fixed : watched).add(slot);
      String secretFrom = line.secretFrom();
      if (secretFrom != null) {
        if (!secretFrom.matches("[A-Za-z_][A-Za-z0-9_]*")) {
          throw wrong(file, i, "secret_from names no environment variable; not the secret itself");
        }
        secretsFrom.put(slot.udid(), secretFrom);
      }
    }
    return new SlotsFile(watched, fixed, secretsFrom);
  }

  private static String line(JsonProcessingException e) {
    return e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
  }

  /** In words of the file; Jackson's name classes. */
  private static String what(JsonProcessingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      return "there is no '" + unknown.getPropertyName() + "'; there are " + MEMBERS;
    }
    if (e instanceof InvalidFormatException wrong && wrong.getTargetType() == Target.class) {
      return "'" + wrong.getValue() + "' is no target; emulator or device";
    }
    if (e instanceof JsonParseException || e.getCause() instanceof JsonParseException) {
      return "it is no JSON, or ends too early";
    }
    return "it is not a list such as [{\"target\": \"device\", \"udid\": \"R58M123ABC\"}]";
  }

  private static Found slot(Path file, int index, Line line) {
    if (line.target() == null) {
      throw wrong(file, index, "target is missing; emulator or device");
    }
    if (line.target() == Target.BROWSERSTACK) {
      throw wrong(file, index, "browserstack slots come from --browserstack-parallels");
    }
    if (line.udid() == null) {
      throw wrong(file, index, "udid is missing; adb devices tells it");
    }
    try {
      return new Found(line.target(), line.udid(), Wire.orEmpty(line.capabilities()));
    } catch (IllegalArgumentException e) {
      throw wrong(file, index, String.valueOf(e.getMessage()));
    }
  }

  private static IllegalArgumentException wrong(Path file, int index, String what) {
    return new IllegalArgumentException(
        "slots file " + file + ", entry " + (index + 1) + ": " + what);
  }

  /** Offered while adb sees them. */
  public List<Found> watched() {
    return watched;
  }

  /** The environment variables with the secrets of lock screens, by serial. */
  public Map<String, String> secretsFrom() {
    return secretsFrom;
  }

  /** Offered always. */
  public List<Found> fixed() {
    return fixed;
  }
}

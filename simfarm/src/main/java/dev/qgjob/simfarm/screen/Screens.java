package dev.qgjob.simfarm.screen;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The screens of all apps that are described, by package name. Immutable.
 *
 * @param packages by package name
 */
public record Screens(@Nullable Map<String, AppSpec> packages) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** Copies the map. */
  public Screens {
    if (packages == null) {
      throw new IllegalArgumentException("'packages' is missing");
    }
    packages = Map.copyOf(packages);
  }

  /** The screens that simfarm brings along: those of Android's ApiDemos, as far as they matter. */
  public static Screens builtIn() {
    try (InputStream in =
        Objects.requireNonNull(
            Screens.class.getResourceAsStream("/dev/qgjob/simfarm/screens.json"))) {
      return JSON.readValue(in, Screens.class);
    } catch (IOException e) {
      throw new IllegalStateException("the built-in screens are broken", e);
    }
  }

  /**
   * Reads a description and lays it over the built-in one: a package described here replaces the
   * built-in description of that package.
   *
   * @throws IOException if the file cannot be read or is no such description; the message says
   *     where and why
   */
  public static Screens read(Path file) throws IOException {
    Screens own;
    try {
      own = JSON.readValue(Files.readAllBytes(file), Screens.class);
    } catch (JsonProcessingException e) {
      String where =
          e.getLocation() == null
              ? ""
              : " line " + e.getLocation().getLineNr() + " column " + e.getLocation().getColumnNr();
      throw new IOException(
          file + where + ": " + e.getOriginalMessage().lines().findFirst().orElse(""), e);
    }
    Map<String, AppSpec> all = new HashMap<>(builtIn().byPackage());
    all.putAll(own.byPackage());
    return new Screens(all);
  }

  /** The app's screens; of an app that is not described, one screen with its label. */
  public AppSpec of(String packageName, String label) {
    AppSpec spec = byPackage().get(packageName);
    return spec == null ? AppSpec.plain(label) : spec;
  }

  private Map<String, AppSpec> byPackage() {
    return packages == null ? Map.of() : packages;
  }
}

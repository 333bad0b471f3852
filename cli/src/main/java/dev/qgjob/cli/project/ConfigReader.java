package dev.qgjob.cli.project;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.qgjob.cli.Failure;
import dev.qgjob.client.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Evaluates a config with node. */
public final class ConfigReader {
  private static final String READER = "read-config.mjs";
  private static final List<String> SCRIPTS = List.of(READER, "config-hooks.mjs");
  private static final int TAIL = 400;

  private final Map<String, String> env;
  private final Duration limit;

  /**
   * @param env environment of the evaluation, without qgjob's own secrets
   * @param limit how long it may take
   */
  public ConfigReader(Map<String, String> env, Duration limit) {
    this.env = env;
    this.limit = limit;
  }

  /** Is there a node to read it with? */
  public boolean possible() {
    return Node.on(env) != null;
  }

  /** What the project's config says; throws {@link Failure} with the reason if it cannot tell. */
  public AppWrightConfig read(AppWrightProject project) throws IOException {
    Path node = Node.on(env);
    if (node == null) {
      throw Failure.usage(
          project.config()
              + " is read with node, and there is no node on the PATH; install Node.js 20 or newer,"
              + " or give all of --project, --target and --app");
    }
    Path work = Files.createTempDirectory("qgjob-config");
    try {
      return read(project, node, work);
    } finally {
      delete(work);
    }
  }

  private AppWrightConfig read(AppWrightProject project, Path node, Path work) throws IOException {
    for (String script : SCRIPTS) {
      try (InputStream in =
          Objects.requireNonNull(ConfigReader.class.getResourceAsStream(script), script)) {
        Files.copy(in, work.resolve(script));
      }
    }
    Path result = work.resolve("result.json");
    Path log = work.resolve("log");
    ProcessBuilder builder =
        new ProcessBuilder(
                node.toString(),
                "--no-warnings",
                work.resolve(READER).toString(),
                project.root().resolve(project.config()).toString(),
                result.toString())
            .directory(project.root().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Node.environment(builder, env);
    if (Node.run(builder, limit) == null) {
      throw unreadable(
          project,
          "it did not end within " + limit.toSeconds() + " s; its last words: " + tail(log));
    }
    if (!Files.exists(result)) {
      throw unreadable(project, tail(log));
    }
    AppWrightConfig config = parse(Files.readString(result));
    if (config.error() != null) {
      throw unreadable(project, config.error());
    }
    return config;
  }

  private static AppWrightConfig parse(String json) {
    try {
      return Json.mapper().readValue(json, AppWrightConfig.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("read-config.mjs wrote no JSON", e);
    }
  }

  private static Failure unreadable(AppWrightProject project, String reason) {
    return Failure.usage(
        project.root().resolve(project.config()) + " cannot be read: " + reason.strip());
  }

  private static String tail(Path log) throws IOException {
    String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8).strip();
    return text.isEmpty() ? "none" : text.substring(Math.max(0, text.length() - TAIL));
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}

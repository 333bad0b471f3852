package dev.qgjob.cli.project;

import com.fasterxml.jackson.databind.JsonNode;
import dev.qgjob.cli.Failure;
import dev.qgjob.client.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The Playwright that a project has installed, run with the node on the {@code PATH}. */
public final class ProjectPlaywright {
  private static final List<String> PACKAGES = List.of("@playwright/test", "playwright");
  private static final String APPWRIGHT = "appwright";
  private static final Duration LIMIT = Duration.ofMinutes(15);
  private static final Pattern NUMBERS = Pattern.compile("^(\\d+)\\.(\\d+)\\.");
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

  private final Map<String, String> env;
  private final Path node;
  private final Path home;
  private final String version;

  private ProjectPlaywright(Map<String, String> env, Path node, Path home, String version) {
    this.env = env;
    this.node = node;
    this.home = home;
    this.version = version;
  }

  /**
   * The one that a project would find; throws {@link Failure} with what is missing.
   *
   * @param env environment to run it in; it gets none of qgjob's own variables
   * @param what it is wanted for, for a message
   * @param since major and minor version that are needed for it
   */
  public static ProjectPlaywright of(
      Path project, Map<String, String> env, String what, List<Integer> since) throws IOException {
    Path node = Node.on(env);
    if (node == null) {
      throw Failure.general(
          what + " is made with node, and there is no node on the PATH; install Node.js", null);
    }
    Path home = installed(project.toAbsolutePath().normalize());
    if (home == null) {
      throw Failure.general(
          what
              + " is made by the project's Playwright, and none is installed in "
              + project.toAbsolutePath().normalize()
              + "; run npm ci there, or name the AppWright project with --project-dir",
          null);
    }
    JsonNode about = Json.mapper().readTree(home.resolve("package.json").toFile());
    String version = about.path("version").asText();
    if (!isSince(version, since)) {
      throw Failure.general(
          "%s takes Playwright %d.%d or newer, and the project has %s in %s; update its @playwright/test"
              .formatted(what, since.get(0), since.get(1), version, home),
          null);
    }
    return new ProjectPlaywright(env, node, home, version);
  }

  /** As node looks for it: from the project upwards, then from where AppWright really lies. */
  private static @Nullable Path installed(Path project) throws IOException {
    for (String name : PACKAGES) {
      Path found = above(project, name);
      if (found != null) {
        return found;
      }
    }
    Path appwright = above(project, APPWRIGHT);
    return appwright == null ? null : above(appwright.toRealPath(), PACKAGES.get(0));
  }

  private static @Nullable Path above(Path folder, String name) {
    for (Path at = folder; at != null; at = at.getParent()) {
      Path found = at.resolve("node_modules").resolve(name);
      if (Files.isRegularFile(found.resolve("package.json"))) {
        return found;
      }
    }
    return null;
  }

  private static boolean isSince(String version, List<Integer> since) {
    Matcher numbers = NUMBERS.matcher(version);
    if (!numbers.find()) {
      return false;
    }
    int major = Integer.parseInt(numbers.group(1));
    int minor = Integer.parseInt(numbers.group(2));
    return major > since.get(0) || (major == since.get(0) && minor >= since.get(1));
  }

  /**
   * Makes an HTML report.
   *
   * @param reports folder with blob reports; what is packed there is unpacked there
   * @param into folder of the report, which is made
   * @param log file for what Playwright prints
   */
  public void mergeToHtml(Path reports, Path into, String title, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(
                node.toString(),
                home.resolve("cli.js").toString(),
                "merge-reports",
                "--reporter=html",
                reports.toString())
            .directory(reports.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Node.environment(builder, env);
    Map<String, String> environment = builder.environment();
    environment.put("PLAYWRIGHT_HTML_OUTPUT_DIR", into.toString());
    environment.put("PLAYWRIGHT_HTML_OPEN", "never");
    // the names that older ones have for it; they would serve the report until they are ended
    environment.put("PLAYWRIGHT_HTML_REPORT", into.toString());
    environment.put("PW_TEST_HTML_REPORT_OPEN", "never");
    environment.put("PLAYWRIGHT_HTML_TITLE", title);
    Integer exit = Node.run(builder, LIMIT);
    if (exit == null) {
      throw refused("it did not end within " + LIMIT.toMinutes() + " minutes");
    }
    if (exit != 0 || !Files.isRegularFile(into.resolve("index.html"))) {
      throw refused(reason(log, exit));
    }
  }

  private Failure refused(String reason) {
    return Failure.general(
        "Playwright %s in %s makes no HTML report: %s".formatted(version, home, reason), null);
  }

  /** The line that names an error, else the last one. */
  private static String reason(Path log, int exit) throws IOException {
    String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
    List<String> lines =
        COLOURS
            .matcher(text)
            .replaceAll("")
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    Stream<String> errors =
        lines.stream().filter(line -> line.matches("(?i)(\\w*error|cannot)\\b.*"));
    return errors
        .findFirst()
        .orElse(lines.isEmpty() ? "exit code " + exit : lines.get(lines.size() - 1));
  }
}

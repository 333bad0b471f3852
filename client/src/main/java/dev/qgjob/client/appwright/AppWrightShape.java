package dev.qgjob.client.appwright;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The shape of a project's AppWright, as installed in its {@code node_modules}.
 *
 * <p>The worker's adapter puts its own in place of a few functions and methods: those must be where
 * it looks. It looks again when the tests are loaded; this is the same question asked before
 * anything is uploaded.
 */
public sealed interface AppWrightShape {
  /** The adapter knows it. */
  record Known(String name, String version) implements AppWrightShape {}

  /** The adapter does not; says what is missing. */
  record Unknown(String name, String version, List<String> problems) implements AppWrightShape {
    public Unknown {
      problems = List.copyOf(problems);
    }
  }

  /** No package of it is installed here: only a worker can tell. */
  record NotInstalled() implements AppWrightShape {}

  /**
   * Looks at the AppWright that the project would load: in its own {@code node_modules} or in one
   * above it.
   *
   * @throws IOException when a file of it cannot be read
   */
  static AppWrightShape check(Path project) throws IOException {
    for (Path at = project.toAbsolutePath(); at != null; at = at.getParent()) {
      Optional<Path> found = packageIn(at.resolve("node_modules"));
      if (found.isPresent()) {
        return Inspection.of(found.get());
      }
    }
    return new NotInstalled();
  }

  /** Why the adapter would not know it, in one line with what to do; empty where it would. */
  static Optional<String> refusal(Path project) throws IOException {
    if (check(project) instanceof Unknown unknown) {
      return Optional.of(
          unknown.name()
              + " "
              + unknown.version()
              + " has a shape that qgjob does not know ("
              + String.join("; ", unknown.problems())
              + "): it could not keep the app installed; install another version, or run it as it"
              + " is with --stock, with an install for every test");
    }
    return Optional.empty();
  }

  private static Optional<Path> packageIn(Path modules) throws IOException {
    if (Files.isRegularFile(modules.resolve("appwright/package.json"))) {
      return Optional.of(modules.resolve("appwright"));
    }
    if (!Files.isDirectory(modules)) {
      return Optional.empty();
    }
    // a fork under a name or a scope of its own
    List<Path> forks = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(modules)) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (name.startsWith("@")) {
          try (DirectoryStream<Path> scoped = Files.newDirectoryStream(entry)) {
            scoped.forEach(forks::add);
          }
        } else {
          forks.add(entry);
        }
      }
    }
    return forks.stream()
        .filter(
            path ->
                String.valueOf(path.getFileName()).toLowerCase(Locale.ROOT).contains("appwright"))
        .filter(path -> Files.isRegularFile(path.resolve("package.json")))
        .filter(path -> Files.isDirectory(path.resolve("dist/providers")))
        .sorted()
        .findFirst();
  }

  /** Reads one package. */
  final class Inspection {
    private static final Pattern DEFINES_CONFIG = exported("defineConfig");
    private static final Pattern STARTS_APPIUM = exported("startAppiumServer");
    private static final Pattern GETS_DEVICE = method("getDevice");
    private static final Pattern CREATES_CONFIG = method("createConfig");

    private Inspection() {}

    private static Pattern exported(String name) {
      return Pattern.compile("\\bexports\\." + name + "\\s*=|\\b" + name + ":\\s*\\(\\)\\s*=>");
    }

    private static Pattern method(String name) {
      return Pattern.compile("^\\s*(?:async\\s+)?" + name + "\\s*\\(.*\\{", Pattern.MULTILINE);
    }

    static AppWrightShape of(Path root) throws IOException {
      JsonNode manifest =
          new ObjectMapper().readTree(Files.readString(root.resolve("package.json")));
      String name = manifest.path("name").asText("appwright");
      String version = manifest.path("version").asText("?");
      List<String> problems = new ArrayList<>();
      if (!Files.isDirectory(root.resolve("dist/fixture"))) {
        problems.add("there is no dist/fixture");
      }
      require(root, "dist/config.js", "defineConfig", DEFINES_CONFIG, problems);
      require(root, "dist/providers/appium.js", "startAppiumServer", STARTS_APPIUM, problems);
      for (String provider : new String[] {"emulator", "local"}) {
        String file = "dist/providers/" + provider + "/index.js";
        require(root, file, "getDevice", GETS_DEVICE, problems);
        require(root, file, "createConfig", CREATES_CONFIG, problems);
      }
      return problems.isEmpty() ? new Known(name, version) : new Unknown(name, version, problems);
    }

    private static void require(
        Path root, String file, String what, Pattern pattern, List<String> problems)
        throws IOException {
      Path path = root.resolve(file);
      if (!Files.isRegularFile(path)) {
        String missing = "there is no " + file;
        if (!problems.contains(missing)) {
          problems.add(missing);
        }
      } else if (!pattern.matcher(Files.readString(path)).find()) {
        problems.add(file + " has no " + what);
      }
    }
  }
}

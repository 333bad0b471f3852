package dev.qgjob.cli.settings;

import dev.qgjob.cli.Failure;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * {@code .qgjob.yml}: options of {@code run} and {@code submit} by their long names.
 *
 * @param values name of the option to its values, one for each time that it would be given
 */
public record ProjectFile(Path file, Map<String, List<String>> values) {
  static final String NAME = ".qgjob.yml";
  private static final String OTHER_NAME = ".qgjob.yaml";

  /** The options that may stand in the file. */
  static final Set<String> KEYS =
      Set.of(
          "server",
          "org-id",
          "app-version-id",
          "test",
          "grep",
          "grep-invert",
          "target",
          "each-target",
          "split-specs",
          "project",
          "config",
          "project-dir",
          "app",
          "companion",
          "priority",
          "reset",
          "retries",
          "timeout",
          "stock",
          "name",
          "env",
          "secret",
          "label",
          "device",
          "wait-for-device",
          "supersede",
          "bundle-limit",
          "include",
          "with-node-modules",
          "wait-timeout",
          "fail-fast",
          "fail-on-flaky",
          "ignore-failures",
          "junit",
          "json");

  public ProjectFile {
    values = Map.copyOf(values);
  }

  /**
   * The file of the working folder, or of a folder above it within the same repository; nothing
   * further up is asked, where others may write.
   */
  public static Optional<ProjectFile> near(Path folder) {
    List<Path> folders = new ArrayList<>();
    Path at = folder.toAbsolutePath().normalize();
    for (Path up = at; up != null; up = up.getParent()) {
      folders.add(up);
      if (Files.exists(up.resolve(".git"))) {
        return first(folders);
      }
    }
    return first(List.of(at));
  }

  private static Optional<ProjectFile> first(List<Path> folders) {
    return folders.stream()
        .flatMap(folder -> List.of(folder.resolve(NAME), folder.resolve(OTHER_NAME)).stream())
        .filter(Files::isRegularFile)
        .findFirst()
        .map(ProjectFile::read);
  }

  static ProjectFile read(Path file) {
    Object root;
    try (Reader text = Files.newBufferedReader(file)) {
      LoaderOptions limits = new LoaderOptions();
      limits.setAllowDuplicateKeys(false);
      root = new Yaml(new SafeConstructor(limits)).load(text);
    } catch (MarkedYAMLException e) {
      int line = e.getProblemMark() == null ? 1 : e.getProblemMark().getLine() + 1;
      throw Failure.usage(file + ":" + line + " is not YAML: " + e.getProblem());
    } catch (IOException | YAMLException e) {
      throw Failure.usage(file + " cannot be read: " + e.getMessage());
    }
    if (root == null) {
      return new ProjectFile(file, Map.of());
    }
    if (!(root instanceof Map<?, ?> map)) {
      throw Failure.usage(file + " must have lines of the form 'option: value'");
    }
    Map<String, List<String>> values = new LinkedHashMap<>();
    map.forEach((key, value) -> values.put(known(file, key), values(file, key, value)));
    return new ProjectFile(file, values);
  }

  private static String known(Path file, Object key) {
    String name = String.valueOf(key).replace('_', '-');
    if (name.startsWith("token")) {
      throw Failure.usage(
          file + " must not hold a token, since it comes with the project: set QGJOB_TOKEN");
    }
    if (!KEYS.contains(name)) {
      throw Failure.usage(
          file
              + " has no option "
              + key
              + "; it may have "
              + String.join(", ", new TreeSet<>(KEYS)));
    }
    return name;
  }

  private static List<String> values(Path file, Object key, Object value) {
    List<String> values = new ArrayList<>();
    if (value instanceof Map<?, ?> pairs) {
      pairs.forEach((name, of) -> values.add(name + "=" + scalar(file, key, of)));
    } else if (value instanceof List<?> list) {
      list.forEach(one -> values.add(scalar(file, key, one)));
    } else {
      values.add(scalar(file, key, value));
    }
    return List.copyOf(values);
  }

  private static String scalar(Path file, Object key, Object value) {
    if (value == null || value instanceof Map || value instanceof List) {
      throw Failure.usage(file + ": " + key + " must have a value, or a list of values");
    }
    return value.toString();
  }
}

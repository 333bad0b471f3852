package dev.qgjob.cli.project;

import dev.qgjob.cli.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The folder of an AppWright project.
 *
 * @param root its real path
 * @param config its config's path below {@code root}, with forward slashes
 */
public record AppWrightProject(Path root, String config) {
  private static final List<String> CONFIGS =
      List.of(
          "appwright.config.ts",
          "appwright.config.js",
          "appwright.config.mjs",
          "appwright.config.cjs",
          "appwright.config.mts",
          "appwright.config.cts");

  /**
   * @param folder where to look
   * @param config the config's path within it, or null for AppWright's usual names
   */
  public static AppWrightProject find(Path folder, @Nullable String config) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw Failure.usage("--project-dir " + folder + " is not a folder");
    }
    Path root = folder.toRealPath();
    if (config != null) {
      return new AppWrightProject(root, within(root, config, "--config"));
    }
    return CONFIGS.stream()
        .filter(name -> Files.isRegularFile(root.resolve(name)))
        .findFirst()
        .map(name -> new AppWrightProject(root, name))
        .orElseThrow(
            () ->
                Failure.usage(
                    "no appwright.config.ts or .js in "
                        + root
                        + "; run qgjob in the AppWright project, or name it with --project-dir"
                        + " (and its config with --config)"));
  }

  /** The path below {@code root} of an existing file that really lies there. */
  public static String within(Path root, String file, String option) throws IOException {
    Path named = root.resolve(file);
    if (!Files.exists(named)) {
      throw Failure.usage(option + " " + file + " does not exist in the project " + root);
    }
    if (!Files.isRegularFile(named)) {
      throw Failure.usage(option + " " + file + " is not a file");
    }
    Path lexical = named.normalize();
    // the folder on the command line may be a link to the project; a link out of it is another
    // thing
    boolean inside = named.toRealPath().startsWith(root) && lexical.startsWith(root);
    if (!inside) {
      throw Failure.usage(option + " " + file + " lies outside the project " + root);
    }
    return slashes(root.relativize(lexical));
  }

  /** A relative path as it looks everywhere but on Windows. */
  public static String slashes(Path relative) {
    return Objects.requireNonNull(relative).toString().replace('\\', '/');
  }
}

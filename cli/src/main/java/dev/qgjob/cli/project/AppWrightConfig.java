package dev.qgjob.cli.project;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.Wire;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an AppWright config says.
 *
 * @param missing packages that it imports and that were not there when it was read
 * @param error why it could not be read, or null
 */
public record AppWrightConfig(List<Entry> projects, List<String> missing, @Nullable String error) {
  public AppWrightConfig {
    projects = Wire.orEmpty(projects);
    missing = Wire.orEmpty(missing);
  }

  /** A project of the config; every field may be absent. */
  public record Entry(
      @Nullable String name,
      @Nullable String platform,
      @Nullable String provider,
      @Nullable String buildPath) {

    /** Where it runs, if that is a place that qgjob knows. */
    public Optional<Target> target() {
      if ("ios".equals(platform == null ? null : platform.toLowerCase(Locale.ROOT))
          && !"browserstack".equals(provider)) {
        return Optional.empty();
      }
      return Optional.ofNullable(
          switch (provider == null ? "" : provider) {
            case "emulator" -> Target.EMULATOR;
            case "local-device" -> Target.DEVICE;
            case "browserstack" -> Target.BROWSERSTACK;
            default -> null;
          });
    }
  }

  /** The project of that name. */
  public Optional<Entry> named(String name) {
    return projects.stream().filter(project -> name.equals(project.name())).findFirst();
  }

  /** The first project for that target. */
  public Optional<Entry> on(Target target) {
    return projects.stream()
        .filter(project -> project.name() != null && project.target().equals(Optional.of(target)))
        .findFirst();
  }

  /** Targets that it has projects for, in its own order. */
  public List<Target> targets() {
    return projects.stream()
        .filter(project -> project.name() != null)
        .flatMap(project -> project.target().stream())
        .distinct()
        .toList();
  }

  /** For a message: the projects with where they run. */
  public String outline() {
    return projects.isEmpty()
        ? "no projects"
        : projects.stream()
            .map(project -> project.name() + " (" + place(project) + ")")
            .collect(Collectors.joining(", "));
  }

  private static String place(Entry project) {
    return (project.platform() == null ? "" : project.platform() + " on ")
        + (project.provider() == null ? "no provider" : project.provider());
  }
}

package dev.qgjob.cli.submit;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.project.AppWrightConfig;
import dev.qgjob.cli.project.AppWrightConfig.Entry;
import dev.qgjob.protocol.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where the tests run, and as which project of the config.
 *
 * @param targets in order of preference
 * @param projects by target, where it is another one there; null: nowhere
 */
record TargetChoice(String project, List<Target> targets, @Nullable Map<Target, String> projects) {

  /**
   * @param wished {@code --target}, in order of preference, or empty
   * @param named {@code --project}, or null
   * @param app {@code --app} says which binary it is: else the projects' own paths have to
   * @param live targets with a slot now; asked only if it makes a difference
   */
  static TargetChoice of(
      AppWrightConfig config,
      List<Target> wished,
      @Nullable String named,
      boolean app,
      Supplier<Set<Target>> live) {
    return named != null ? ofProject(config, wished, named) : ofTarget(config, wished, app, live);
  }

  private static TargetChoice ofProject(AppWrightConfig config, List<Target> wished, String named) {
    Entry project =
        config
            .named(named)
            .orElseThrow(
                () ->
                    Failure.usage(
                        "the config has no project " + named + "; it has " + config.outline()));
    if (!wished.isEmpty()) {
      return new TargetChoice(named, possible(project, wished), null);
    }
    Target own =
        project
            .target()
            .orElseThrow(
                () ->
                    Failure.usage(
                        "project "
                            + named
                            + " does not say where it runs (Android on emulator, local-device or"
                            + " browserstack); give --target"));
    return new TargetChoice(named, List.of(own), null);
  }

  /** A worker lends AppWright any phone of its own, but not a cloud's for one of its own. */
  private static List<Target> possible(Entry project, List<Target> wished) {
    boolean cloud = "browserstack".equals(project.provider());
    boolean fits =
        project.provider() == null
            || wished.stream().allMatch(target -> (target == Target.BROWSERSTACK) == cloud);
    if (!fits) {
      throw Failure.usage(
          "project "
              + project.name()
              + " is for "
              + project.provider()
              + " and cannot run on "
              + names(wished)
              + "; choose another --project or --target");
    }
    return wished.stream().distinct().toList();
  }

  private static TargetChoice ofTarget(
      AppWrightConfig config, List<Target> wished, boolean app, Supplier<Set<Target>> live) {
    List<Target> possible =
        wished.isEmpty()
            ? config.targets()
            : wished.stream().filter(config.targets()::contains).distinct().toList();
    if (possible.isEmpty()) {
      throw Failure.usage(
          (wished.isEmpty()
                  ? "the config has no project that qgjob can run"
                  : "the config has no project for " + names(wished))
              + "; it has "
              + config.outline()
              + ": add one, or choose with --project and --target");
    }
    Target target = possible.get(0);
    if (possible.size() > 1) {
      Set<Target> there = live.get();
      target = possible.stream().filter(there::contains).findFirst().orElse(target);
    }
    Entry project = config.on(target).orElseThrow();
    Map<Target, String> projects = new LinkedHashMap<>();
    projects.put(target, Objects.requireNonNull(project.name()));
    // a job may go on to another target, with the project there, if that was asked for by name
    for (Target other : wished.isEmpty() ? List.<Target>of() : possible) {
      Entry there = config.on(other).orElseThrow();
      if (app || Objects.equals(there.buildPath(), project.buildPath())) {
        projects.putIfAbsent(other, Objects.requireNonNull(there.name()));
      }
    }
    return new TargetChoice(
        Objects.requireNonNull(project.name()),
        List.copyOf(projects.keySet()),
        projects.size() > 1 ? projects : null);
  }

  private static String names(List<Target> targets) {
    return targets.stream().map(Target::toString).collect(Collectors.joining(", "));
  }
}

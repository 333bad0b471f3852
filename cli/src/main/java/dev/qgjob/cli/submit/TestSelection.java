package dev.qgjob.cli.submit;

import dev.qgjob.cli.Failure;
import dev.qgjob.cli.project.AppWrightProject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Which spec files {@code --test} means. */
final class TestSelection {
  private final AppWrightProject project;
  private final NavigableSet<String> files;

  /**
   * @param files what will be in the bundle, relative to the project
   */
  TestSelection(AppWrightProject project, NavigableSet<String> files) {
    this.project = project;
    this.files = files;
  }

  /** Each file once, sorted; every argument has to mean at least one. */
  List<String> of(List<String> arguments) throws IOException {
    TreeSet<String> chosen = new TreeSet<>();
    for (String argument : arguments) {
      String test = argument.replace('\\', '/').replaceFirst("^(\\./)+", "");
      boolean file = Files.exists(project.root().resolve(test));
      chosen.addAll(!file && Glob.isPattern(test) ? matching(argument, test) : named(test));
    }
    return List.copyOf(chosen);
  }

  private List<String> matching(String argument, String glob) {
    Pattern pattern;
    try {
      pattern = Glob.compile(glob);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("--test " + argument + " is not a pattern: " + e.getMessage());
    }
    List<String> found = files.stream().filter(name -> pattern.matcher(name).matches()).toList();
    if (found.isEmpty()) {
      throw Failure.usage(
          "--test " + argument + " matches no file of the project " + project.root());
    }
    return found;
  }

  private List<String> named(String test) throws IOException {
    if (test.isBlank()) {
      throw Failure.usage("--test is empty; name a spec file, such as tests/onboarding.spec.js");
    }
    if (Files.isDirectory(project.root().resolve(test))) {
      throw Failure.usage(
          "--test " + test + " is a folder; name its specs, such as '" + test + "/**/*.spec.js'");
    }
    String name = AppWrightProject.within(project.root(), test, "--test");
    if (!files.contains(name)) {
      throw Failure.usage("--test " + test + " is ignored by git, so it would not be submitted");
    }
    return List.of(name);
  }
}

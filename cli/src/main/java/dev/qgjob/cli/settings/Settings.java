package dev.qgjob.cli.settings;

import dev.qgjob.cli.Surroundings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Values of options that are not on the command line: {@code QGJOB_TARGET} for {@code --target},
 * else {@code target} of {@code .qgjob.yml}.
 */
public final class Settings implements IDefaultValueProvider {
  /** Between several values of one option; an option that takes several splits at it. */
  public static final String BETWEEN = "\u001f";

  private static final Set<String> COMMANDS = Set.of("run", "submit", "wait", "retry", "doctor");

  private final Surroundings here;
  private @Nullable Optional<ProjectFile> file;

  public Settings(Surroundings here) {
    this.here = here;
  }

  @Override
  public @Nullable String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option) || !COMMANDS.contains(option.command().name())) {
      return null;
    }
    String name = option.longestName().replaceFirst("^--", "");
    // where the server is has rules of its own
    if (!ProjectFile.KEYS.contains(name) || name.equals("server")) {
      return null;
    }
    String variable = "QGJOB_" + name.replace('-', '_').toUpperCase(Locale.ROOT);
    String value = here.env().get(variable);
    if (value != null && !value.isBlank()) {
      return option.isMultiValue() ? value.strip().replaceAll("\\R+", BETWEEN) : value;
    }
    List<String> values = file().map(f -> f.values().get(name)).orElse(null);
    return values == null ? null : String.join(BETWEEN, values);
  }

  private Optional<ProjectFile> file() {
    Optional<ProjectFile> known = file;
    if (known == null) {
      known = ProjectFile.near(here.folder());
      file = known;
    }
    return known;
  }
}

package dev.qgjob.cli.admin;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A number of something, or none. */
final class Cap {
  private static final String NONE = "none";

  private Cap() {}

  static boolean isNone(@Nullable String text) {
    return NONE.equals(text);
  }

  /** The number, or null for {@code none} and for nothing. */
  static @Nullable Integer number(@Nullable String text, @Nullable CommandSpec spec) {
    return number("--cap", "jobs", text, spec);
  }

  /** The same of another option; {@code what} is counted. */
  static @Nullable Integer number(
      String option, String what, @Nullable String text, @Nullable CommandSpec spec) {
    if (text == null || isNone(text)) {
      return null;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          option + " is '" + text + "': give a number of " + what + ", or none");
    }
    return Integer.valueOf(text);
  }
}

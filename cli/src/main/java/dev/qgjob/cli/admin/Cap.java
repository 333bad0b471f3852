package dev.qgjob.cli.admin;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** A number of jobs, or none. */
final class Cap {
  private static final String NONE = "none";

  private Cap() {}

  static boolean isNone(@Nullable String text) {
    return NONE.equals(text);
  }

  /** The number, or null for {@code none} and for nothing. */
  static @Nullable Integer number(@Nullable String text, @Nullable CommandSpec spec) {
    if (text == null || isNone(text)) {
      return null;
    }
    if (!text.matches("[0-9]{1,9}")) {
      throw new ParameterException(
          Objects.requireNonNull(spec).commandLine(),
          "--cap is '" + text + "': give a number of jobs, or none");
    }
    return Integer.valueOf(text);
  }
}

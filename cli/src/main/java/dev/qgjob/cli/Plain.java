package dev.qgjob.cli;

import java.util.regex.Pattern;

/** Text of others on its way to a terminal. */
public final class Plain {
  /** All that a terminal may take for a command, but ends of lines and tabs. */
  private static final Pattern COMMANDS =
      Pattern.compile("\\r(?!\\n)|[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f]");

  private Plain() {}

  /**
   * The text with a ? for each character that moves the cursor, sets the title or reads the
   * clipboard: what specs, workers and servers say is shown to people, and is theirs alone.
   */
  public static String of(String text) {
    return COMMANDS.matcher(text).replaceAll("?");
  }
}

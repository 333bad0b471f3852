package dev.qgjob.cli.submit;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * A pattern of paths as CI tools write them: {@code *} and {@code ?} within a folder, {@code **}
 * across folders (also none), {@code [a-c]}, {@code {a,b}}. Java's own globs differ: their {@code
 * **}{@code /} needs a folder.
 */
final class Glob {
  private static final String SPECIAL = "*?[{";

  private Glob() {}

  static boolean isPattern(String text) {
    return text.chars().anyMatch(c -> SPECIAL.indexOf(c) >= 0);
  }

  /**
   * As a regular expression for a path with forward slashes.
   *
   * @throws IllegalArgumentException if a bracket or brace is not closed
   */
  static Pattern compile(String glob) {
    StringBuilder regex = new StringBuilder();
    int braces = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      if (glob.startsWith("**/", i)) {
        regex.append("(?:.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i)) {
        regex.append(".*");
        i++;
      } else if (c == '*') {
        regex.append("[^/]*");
      } else if (c == '?') {
        regex.append("[^/]");
      } else if (c == '[') {
        int end = glob.indexOf(']', i + 1);
        if (end < 0) {
          throw new IllegalArgumentException("'[' is not closed");
        }
        regex.append(set(glob.substring(i + 1, end)));
        i = end;
      } else if (c == '{') {
        regex.append("(?:");
        braces++;
      } else if (c == '}' && braces > 0) {
        regex.append(')');
        braces--;
      } else if (c == ',' && braces > 0) {
        regex.append('|');
      } else {
        regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    if (braces > 0) {
      throw new IllegalArgumentException("'{' is not closed");
    }
    try {
      return Pattern.compile(regex.toString());
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getDescription(), e);
    }
  }

  private static String set(String inner) {
    boolean not = inner.startsWith("!");
    String characters = (not ? inner.substring(1) : inner).replaceAll("[\\[\\]\\\\^&]", "\\\\$0");
    return "[" + (not ? "^/" : "") + characters + "]";
  }
}

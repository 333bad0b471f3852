package dev.qgjob.cli.report;

import java.util.regex.Pattern;

/** Text as XML 1.0 can hold it. */
final class Legal {
  private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*[A-Za-z]");

  private Legal() {}

  /** Without terminal colours; what XML has no form for becomes a question mark. */
  static String xml(String text) {
    StringBuilder legal = new StringBuilder(text.length());
    COLOURS.matcher(text).replaceAll("").codePoints().forEach(c -> legal.appendCodePoint(of(c)));
    return legal.toString();
  }

  private static int of(int c) {
    boolean legal =
        c == '\t'
            || c == '\n'
            || c == '\r'
            || (c >= 0x20 && c <= 0xD7FF)
            || (c >= 0xE000 && c <= 0xFFFD)
            || c >= 0x10000;
    return legal ? c : '?';
  }
}

package dev.qgjob.worker.appwright;

import java.nio.file.Path;

/**
 * Playwright takes its file arguments for regular expressions: this makes one that means a file.
 */
final class SpecPattern {
  private SpecPattern() {}

  /** Matches exactly this absolute path. */
  static String of(Path spec) {
    String path = spec.toString();
    StringBuilder pattern = new StringBuilder("^");
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if ("\\^$.*+?()[]{}|".indexOf(c) >= 0) {
        pattern.append('\\');
      }
      // what follows a colon is read as a line number
      pattern.append(c == ':' ? "[:]" : String.valueOf(c));
    }
    return pattern.append('$').toString();
  }
}

package dev.qgjob.worker.run;

import java.util.regex.Pattern;

/** Checks shared by the records of this room. */
final class Checks {
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private Checks() {}

  static void sha256(String what, String value) {
    if (!SHA256.matcher(value).matches()) {
      throw new IllegalArgumentException(what + " is not 64 lower-case hex digits: " + value);
    }
  }

  static void plainFileName(String what, String value) {
    if (value.isEmpty()
        || value.startsWith("-")
        || value.startsWith(".")
        || value.contains("/")
        || value.contains("\\")
        || value.indexOf('\0') >= 0) {
      throw new IllegalArgumentException(what + " is not a plain file name: " + value);
    }
  }

  /**
   * A path inside the bundle: relative, forward slashes, no way out, nothing that looks an option.
   */
  static void insidePath(String what, String value) {
    if (value.startsWith("-") || value.startsWith("/") || value.contains("\\")) {
      throw new IllegalArgumentException(what + " must be a relative path, no option: " + value);
    }
    if (value.indexOf('\0') >= 0 || value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException(what + " has a control character");
    }
    for (String part : value.split("/", -1)) {
      if (part.equals("..")) {
        throw new IllegalArgumentException(what + " leaves the project: " + value);
      }
    }
  }
}

package dev.qgjob.api.submit;

import dev.qgjob.api.form.Form;
import dev.qgjob.api.problem.Refusal;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Variables that a submitter may give to a spec's process: none that would change which program
 * runs on the device host, what it loads, or where it finds the worker's own things.
 */
final class Environment {
  private static final int MOST = 200;
  private static final int LONGEST_VALUE = 32 << 10;
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]{0,127}");
  private static final Set<String> RESERVED =
      Set.of(
          "PATH",
          "HOME",
          "SHELL",
          "USER",
          "LOGNAME",
          "PWD",
          "TMPDIR",
          "TMP",
          "TEMP",
          "IFS",
          "ENV",
          "BASH_ENV",
          "NODE_OPTIONS",
          "NODE_PATH",
          "NODE_EXTRA_CA_CERTS",
          "JAVA_HOME",
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS",
          "CLASSPATH",
          "ANDROID_HOME",
          "ANDROID_SDK_ROOT",
          "ANDROID_ADB_SERVER_PORT",
          "ANDROID_SERIAL",
          "ADB_SERVER_SOCKET");
  private static final Set<String> RESERVED_BEGINNINGS =
      Set.of("LD_", "DYLD_", "QGJOB_", "NPM_CONFIG_", "APPIUM_", "PLAYWRIGHT_");

  private Environment() {}

  /**
   * @param field where they stand in the request
   */
  static Map<String, String> checked(String field, Map<String, String> variables) {
    Form.check(variables.size() <= MOST, field, field + " must have at most " + MOST + " entries");
    variables.forEach((name, value) -> check(field, name, value));
    return variables;
  }

  private static void check(String where, String name, String value) {
    if (!NAME.matcher(name).matches()) {
      throw Refusal.field(
          where,
          where + " has a name that is none: " + Refusal.shortened(name),
          "use letters, digits and _, beginning with a letter or _");
    }
    String field = where + "." + name;
    if (isReserved(name.toUpperCase(Locale.ROOT))) {
      throw Refusal.field(
          field, name + " is reserved for the worker", "give the variable another name");
    }
    // the value may be a secret: it is never repeated
    Form.check(
        value.length() <= LONGEST_VALUE && value.indexOf('\0') < 0,
        field,
        field + " must have at most 32,768 characters and no NUL");
  }

  private static boolean isReserved(String name) {
    return RESERVED.contains(name) || RESERVED_BEGINNINGS.stream().anyMatch(name::startsWith);
  }
}

package dev.qgjob.cli;

import dev.qgjob.cli.show.Status;
import org.jspecify.annotations.Nullable;

/**
 * The command lines that scripts ask in a loop, in their plainest spelling, understood without the
 * parser: setting that up takes longer than all else together. Anything more, and anything wrong,
 * is the parser's.
 */
final class Shortcut {
  private Shortcut() {}

  /** The exit code, or null where the parser has to look at it. */
  static @Nullable Integer of(Surroundings here, String... args) {
    if (args.length == 1 && (args[0].equals("--version") || args[0].equals("-V"))) {
      here.out().println(Version.text());
      return ExitCode.OK.number();
    }
    return args.length > 1 && args[0].equals("status") ? status(here, args) : null;
  }

  private static @Nullable Integer status(Surroundings here, String... args) {
    String job = null;
    String run = null;
    Output.Form form = Output.Form.TEXT;
    for (int i = 1; i < args.length; i++) {
      String next = i + 1 < args.length ? args[i + 1] : "";
      if (args[i].startsWith("--job-id=") && job == null) {
        job = args[i].substring("--job-id=".length());
      } else if (args[i].equals("--job-id") && job == null) {
        job = next;
        i++;
      } else if (args[i].startsWith("--run-id=") && run == null) {
        run = args[i].substring("--run-id=".length());
      } else if (args[i].equals("--run-id") && run == null) {
        run = next;
        i++;
      } else if (args[i].equals("-o") && next.equals("json")) {
        form = Output.Form.JSON;
        i++;
      } else {
        return null;
      }
    }
    String id = job == null ? run : job;
    if (id == null || (job != null && run != null) || !plain(id)) {
      return null;
    }
    try {
      return new Status(here, job, run, form).call();
    } catch (Exception e) {
      return new Errors(here, false).failed(e);
    }
  }

  /** An id as the server makes them: nothing that the parser would read in a way of its own. */
  private static boolean plain(String id) {
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (!letter && !(c >= '0' && c <= '9') && c != '_' && (c != '-' || i == 0)) {
        return false;
      }
    }
    return !id.isEmpty();
  }
}

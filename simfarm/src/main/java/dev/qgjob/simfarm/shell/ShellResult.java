package dev.qgjob.simfarm.shell;

/**
 * What a command answered.
 *
 * @param code 0 for success
 */
public record ShellResult(String out, String err, int code) {
  /** Success with nothing to say. */
  public static final ShellResult OK = new ShellResult("", "", 0);

  /** Success with this text. */
  public static ShellResult text(String out) {
    return new ShellResult(out, "", 0);
  }

  /** Success with this line. */
  public static ShellResult line(String out) {
    return new ShellResult(out + "\n", "", 0);
  }

  /** A failure that is told on the error output. */
  public static ShellResult error(String err, int code) {
    return new ShellResult("", err + "\n", code);
  }
}

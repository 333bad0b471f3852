package dev.qgjob.cli;

import org.jspecify.annotations.Nullable;

/** A command ends here; the message is one line that says what is wrong and what to do. */
public final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ExitCode code;

  public Failure(ExitCode code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Wrong use: the command line or a file that it names has to change. */
  public static Failure usage(String message) {
    return new Failure(ExitCode.USAGE, message, null);
  }

  /** Anything else that stops the command. */
  public static Failure general(String message, @Nullable Throwable cause) {
    return new Failure(ExitCode.GENERAL, message, cause);
  }

  /** How the process ends. */
  public ExitCode code() {
    return code;
  }
}

package dev.qgjob.worker.process;

/** How a child ended. */
public sealed interface Exit {
  /** By itself, or by a signal (then {@code status} is its name). */
  record Ended(String status) implements Exit {
    /** Whether it ended with 0. */
    public boolean well() {
      return status.equals("0");
    }

    /** Whether a signal ended it. */
    public boolean bySignal() {
      return !status.matches("[0-9]+");
    }
  }

  /** It was ended by {@link Child#kill}. */
  record Killed() implements Exit {}

  /** It never ran. */
  record NotStarted(String message) implements Exit {}
}

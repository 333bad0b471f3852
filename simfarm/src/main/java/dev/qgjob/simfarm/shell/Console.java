package dev.qgjob.simfarm.shell;

/** Whoever typed a command line. */
public interface Console {
  /** Shows text at once; it is lost if the other side is gone. */
  void print(String text);

  /** Shows bytes that are no text. */
  void print(byte[] bytes);

  /** Runs the action when the other side hangs up. */
  void onHangUp(Runnable action);
}

package dev.qgjob.worker;

/** The worker cannot start; the message is one line for people: what, where, what to do. */
final class Unusable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  Unusable(String message) {
    super(message);
  }
}

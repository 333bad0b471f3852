package dev.qgjob.domain.artefact;

/**
 * The sender of an upload went, or fell silent, before its end. Nothing of it is kept. It has no
 * stack trace: it says all in its message.
 */
public final class BodyCutOff extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BodyCutOff(String message) {
    super(message, null, false, false);
  }
}

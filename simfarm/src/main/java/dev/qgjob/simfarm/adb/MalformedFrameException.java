package dev.qgjob.simfarm.adb;

import java.io.IOException;

/**
 * What arrived is not an ADB frame. The connection cannot be resynchronised and has to be closed.
 */
public final class MalformedFrameException extends IOException {
  private static final long serialVersionUID = 1L;

  /** A frame that is malformed for this reason. */
  public MalformedFrameException(String reason) {
    super(reason);
  }
}

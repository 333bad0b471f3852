package dev.qgjob.protocol.message;

/** JMS properties. */
public final class Headers {
  /** Tells a {@code job} from a {@code control} message. */
  public static final String TYPE = "qgjob_type";

  /** Value of {@link #TYPE} for a {@link JobMessage}. */
  public static final String JOB = "job";

  /** Value of {@link #TYPE} for a {@link ControlMessage}. */
  public static final String CONTROL = "control";

  private Headers() {}
}

package dev.qgjob.worker.workspace;

import dev.qgjob.protocol.FailureKind;
import java.util.Objects;

/** What a run needs cannot be had; says whose fault it is. */
public final class NotReady extends Exception {
  private static final long serialVersionUID = 1L;

  private final FailureKind kind;

  /**
   * A reason.
   *
   * @param message one line: what is wrong, where, what to do
   */
  public NotReady(FailureKind kind, String message) {
    super(message);
    this.kind = Objects.requireNonNull(kind);
  }

  /** A reason with its cause. */
  public NotReady(FailureKind kind, String message, Throwable cause) {
    super(message, cause);
    this.kind = Objects.requireNonNull(kind);
  }

  /** Whose fault it is. */
  public FailureKind kind() {
    return kind;
  }

  /** The reason, never null. */
  @Override
  public String getMessage() {
    return Objects.requireNonNullElse(super.getMessage(), "not ready");
  }
}

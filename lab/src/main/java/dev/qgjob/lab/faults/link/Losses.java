package dev.qgjob.lab.faults.link;

import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Answers that are to be lost: the next good one of a kind; and a claim that is not to arrive.
 * Thread-safe.
 */
public final class Losses {
  /** Whose answer. */
  public enum Answer {
    /** to a claim that was granted */
    GRANT,
    /** to a finish that was recorded */
    RECORDED,
    /** to a submission that was accepted */
    ACCEPTED
  }

  /** How it gets lost. */
  public enum How {
    /** the connection stays, and nothing comes */
    SILENCE,
    /** the connection breaks instead */
    BREAK
  }

  private final Map<Answer, How> armed = new EnumMap<>(Answer.class);

  private @Nullable Runnable beforeClaim;

  /** The next claim does not arrive: this is done in its place, and its connection ends. */
  public synchronized void beforeClaim(Runnable deed) {
    beforeClaim = deed;
  }

  /** Whether a claim was to be stopped and none came. */
  public synchronized boolean claimPending() {
    return beforeClaim != null;
  }

  /** Lets claims arrive again. */
  public synchronized void forgetClaim() {
    beforeClaim = null;
  }

  /** Takes what is to be done in place of a claim; null for nothing. */
  synchronized @Nullable Runnable takeClaim() {
    Runnable deed = beforeClaim;
    beforeClaim = null;
    return deed;
  }

  /** The next such answer gets lost. */
  public synchronized void lose(Answer answer, How how) {
    armed.put(answer, how);
  }

  /** Takes the loss that was ordered for such an answer; null for none. */
  synchronized @Nullable How take(Answer answer) {
    return armed.remove(answer);
  }

  /** Whether a loss was ordered and has not come about. */
  public synchronized boolean pending(Answer answer) {
    return armed.containsKey(answer);
  }

  /** Takes an order back. */
  public synchronized void forget(Answer answer) {
    armed.remove(answer);
  }
}

package dev.qgjob.domain.placement;

/** Outbound: keeps what was decided, and on what. No call blocks or throws. */
public interface DecisionLog {
  /** Keeps nothing. */
  DecisionLog NONE = decided -> {};

  /** A tick decided this: one decision at least. What is rolled back is not kept. */
  void decided(Decided decided);
}

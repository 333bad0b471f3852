package dev.qgjob.domain.placement;

import java.util.List;

/** Outbound: keeps what was decided, and on what. No call blocks or throws. */
public interface DecisionLog {
  /** Keeps nothing. */
  DecisionLog NONE = (board, decisions) -> {};

  /** These decisions, one at least, were taken on this board. */
  void decided(Board board, List<Decision> decisions);
}

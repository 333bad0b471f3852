package dev.qgjob.worker.link;

import dev.qgjob.protocol.fleet.BeatAnswer;

/** What became of a beat. */
public sealed interface BeatResult {
  /** The server took it. */
  record Answered(BeatAnswer answer) implements BeatResult {}

  /** The server does not know this incarnation (any more): register anew. */
  record NotRegistered(String reason) implements BeatResult {}

  /** No answer, or none that says anything about the leases. */
  record NoAnswer(String reason) implements BeatResult {}
}

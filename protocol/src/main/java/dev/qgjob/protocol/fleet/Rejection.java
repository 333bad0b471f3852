package dev.qgjob.protocol.fleet;

import org.jspecify.annotations.Nullable;

/**
 * A message that a worker could not read, and dropped.
 *
 * @param queue where it came from, as the client addresses it
 * @param reason one line of at most {@value #LONGEST_REASON} characters
 * @param excerpt its beginning, at most {@value #LONGEST_EXCERPT} characters; null where it has no
 *     text or too much of it
 */
public record Rejection(String queue, String reason, @Nullable String excerpt) {
  /** Longest reason, in characters. */
  public static final int LONGEST_REASON = 500;

  /** Longest excerpt, in characters. */
  public static final int LONGEST_EXCERPT = 1_000;
}

package dev.qgjob.domain.job;

import org.jspecify.annotations.Nullable;

/**
 * How an attempt ended, as the worker saw it.
 *
 * @param outcome a verdict
 * @param kind whose fault, or null where there is none
 */
public record Ending(JobState outcome, @Nullable FailureKind kind, @Nullable String message) {
  public Ending {
    if (!outcome.isVerdict()) {
      throw new IllegalArgumentException(outcome + " is not the end of an attempt");
    }
  }
}

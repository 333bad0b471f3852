package dev.qgjob.worker.link;

import dev.qgjob.protocol.JobState;
import java.time.Duration;

/** What became of a report. */
public sealed interface FinishAnswer {
  /** It is recorded, now or before; {@code state} is the job's. */
  record Recorded(JobState state) implements FinishAnswer {}

  /** The lease had ended: the result counts for nothing. */
  record Fenced(String reason) implements FinishAnswer {}

  /** The server will never take this report as it is. */
  record Refused(String reason) implements FinishAnswer {}

  /** No answer, or one that may be another next time: a repeat is harmless. */
  record Unclear(String reason, Duration retryAfter) implements FinishAnswer {}
}

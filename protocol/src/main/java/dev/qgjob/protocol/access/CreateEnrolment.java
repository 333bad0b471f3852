package dev.qgjob.protocol.access;

import org.jspecify.annotations.Nullable;

/**
 * Asks for a one-time code with which a worker enrols.
 *
 * @param ttlS seconds that it is valid for; default one hour
 * @param untrusted the worker's host runs what strangers submit; default false
 */
public record CreateEnrolment(@Nullable Long ttlS, @Nullable Boolean untrusted) {
  /** For a host that runs what submitters submit. */
  public CreateEnrolment(@Nullable Long ttlS) {
    this(ttlS, null);
  }
}

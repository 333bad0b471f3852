package dev.qgjob.domain.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One spec file on one target: the unit that is queued, claimed, retried and reported.
 *
 * @param part of the spec's tests
 * @param generation number of the current dispatch, from 1: the fencing token
 * @param attempt number of the last attempt; 0 before the first
 * @param brokenAttempts attempts that the infrastructure broke
 * @param retriesLeft how often a failed test may still be tried again
 * @param notBefore not to be released earlier, or null
 * @param avoidSlotId a slot that broke it, to be passed over where there is another, or null
 * @param transfers how often it went on to another of the targets that its run allows
 * @param interrupted its last attempt did not end by itself: it goes first, and never again through
 *     a broker's pin
 * @param isolation how fresh its app is when its tests begin
 */
public record Job(
    String id,
    String runId,
    GroupKey group,
    String testPath,
    Part part,
    int priority,
    JobState state,
    long generation,
    int attempt,
    int brokenAttempts,
    int retriesLeft,
    @Nullable Instant notBefore,
    @Nullable String avoidSlotId,
    boolean interrupted,
    int transfers,
    Isolation isolation,
    @Nullable Lease lease,
    @Nullable Release release,
    boolean flaky,
    @Nullable FailureKind failureKind,
    @Nullable String message,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {
  public Job {
    // days that were recorded before there were these are read again
    part = part == null ? Part.WHOLE : part;
    isolation = isolation == null ? Isolation.AS_ASKED : isolation;
  }

  /** A new job about a whole spec. */
  public static Job queued(
      String id,
      String runId,
      GroupKey group,
      String testPath,
      int priority,
      int retries,
      Instant now) {
    return queued(id, runId, group, testPath, Part.WHOLE, priority, retries, now);
  }

  /** A new job: queued, under generation 1, not yet sent. */
  public static Job queued(
      String id,
      String runId,
      GroupKey group,
      String testPath,
      Part part,
      int priority,
      int retries,
      Instant now) {
    return new Job(
        id,
        runId,
        group,
        testPath,
        part,
        priority,
        JobState.QUEUED,
        1,
        0,
        0,
        retries,
        null,
        null,
        false,
        0,
        Isolation.AS_ASKED,
        null,
        null,
        false,
        null,
        null,
        now,
        null,
        null);
  }

  /** True while the current generation has not been sent. */
  public boolean unpublished() {
    return state == JobState.QUEUED && (release == null || release.generation() < generation);
  }

  /** It broke before, and may have been what broke: it is kept apart from others of the kind. */
  public boolean suspect() {
    return brokenAttempts > 0;
  }

  /**
   * The same job under this lease and with this release, for who keeps or imagines jobs: they are
   * no moves, which are {@link JobMachine}'s.
   */
  public Job with(@Nullable Lease lease, @Nullable Release release) {
    return new Job(
        id,
        runId,
        group,
        testPath,
        part,
        priority,
        state,
        generation,
        attempt,
        brokenAttempts,
        retriesLeft,
        notBefore,
        avoidSlotId,
        interrupted,
        transfers,
        isolation,
        lease,
        release,
        flaky,
        failureKind,
        message,
        createdAt,
        startedAt,
        finishedAt);
  }

  /** The same job with an app of this freshness, for who makes new ones. */
  public Job isolated(Isolation howFresh) {
    return change().isolation(howFresh).done();
  }

  /** It failed with cleared data and passed on a new install: its tests leak state. */
  public boolean leaksState() {
    return state == JobState.PASSED && isolation == Isolation.CONFIRMING;
  }

  /** Starts a changed copy. */
  public JobChange change() {
    return new JobChange(this);
  }
}

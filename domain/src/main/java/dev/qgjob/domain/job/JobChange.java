package dev.qgjob.domain.job;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A changed copy of a job in the making; only the state machine has a use for it. */
public final class JobChange {
  private final Job job;
  private GroupKey group;
  private JobState state;
  private long generation;
  private int attempt;
  private int brokenAttempts;
  private int retriesLeft;
  private @Nullable Instant notBefore;
  private @Nullable String avoidSlotId;
  private boolean interrupted;
  private int transfers;
  private Isolation isolation;
  private @Nullable Lease lease;
  private boolean flaky;
  private @Nullable FailureKind failureKind;
  private @Nullable String message;
  private @Nullable Instant startedAt;
  private @Nullable Instant finishedAt;

  JobChange(Job job) {
    this.job = job;
    this.group = job.group();
    this.state = job.state();
    this.generation = job.generation();
    this.attempt = job.attempt();
    this.brokenAttempts = job.brokenAttempts();
    this.retriesLeft = job.retriesLeft();
    this.notBefore = job.notBefore();
    this.avoidSlotId = job.avoidSlotId();
    this.interrupted = job.interrupted();
    this.transfers = job.transfers();
    this.isolation = job.isolation();
    this.lease = job.lease();
    this.flaky = job.flaky();
    this.failureKind = job.failureKind();
    this.message = job.message();
    this.startedAt = job.startedAt();
    this.finishedAt = job.finishedAt();
  }

  JobChange running(Lease held, Instant now) {
    move(JobState.RUNNING);
    attempt++;
    lease = held;
    startedAt = startedAt == null ? now : startedAt;
    notBefore = null;
    return this;
  }

  JobChange queuedAgain() {
    move(JobState.QUEUED);
    generation++;
    lease = null;
    return this;
  }

  JobChange ended(JobState verdict, Instant now) {
    move(verdict);
    lease = null;
    notBefore = null;
    finishedAt = now;
    return this;
  }

  JobChange because(@Nullable FailureKind kind, @Nullable String why) {
    failureKind = kind;
    message = why;
    return this;
  }

  JobChange broken() {
    brokenAttempts++;
    return this;
  }

  JobChange brokenOnceLess() {
    brokenAttempts--;
    return this;
  }

  JobChange oneRetryLess() {
    retriesLeft--;
    return this;
  }

  JobChange notBefore(@Nullable Instant earliest) {
    notBefore = earliest;
    return this;
  }

  JobChange interruptedOn(@Nullable String slotId) {
    interrupted = true;
    avoidSlotId = slotId;
    return this;
  }

  JobChange transferredTo(Target target) {
    group = group.on(target);
    transfers++;
    return this;
  }

  JobChange isolation(Isolation howFresh) {
    isolation = howFresh;
    return this;
  }

  /** It may be the slot's fault: another one should say so, where that costs no install. */
  JobChange failedOn(@Nullable String slotId) {
    avoidSlotId = slotId;
    return this;
  }

  JobChange flaky(boolean passedLate) {
    flaky = passedLate;
    return this;
  }

  private void move(JobState to) {
    if (!state.next().contains(to)) {
      throw new IllegalStateException(job.id() + ": " + state + " to " + to + " is not a move");
    }
    state = to;
  }

  Job done() {
    return new Job(
        job.id(),
        job.runId(),
        group,
        job.testPath(),
        job.part(),
        job.priority(),
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
        job.release(),
        flaky,
        failureKind,
        message,
        job.createdAt(),
        startedAt,
        finishedAt);
  }
}

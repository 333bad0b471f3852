package dev.qgjob.domain.job;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of a job: pure, total over states and events. The store repeats the guard
 * (generation, state, token) when it writes, so two servers that decide at once cannot both win.
 */
public final class JobMachine {
  /** Attempts that the infrastructure may break before the job ends as an error. */
  public static final int MOST_BROKEN_ATTEMPTS = 3;

  /** Attempts of a job at all: where nobody is to blame again and again there is an end as well. */
  public static final int MOST_ATTEMPTS = 20;

  /** Forecasts are wrong now and then: a job is not sent to and fro for ever. */
  public static final int MOST_TRANSFERS = 3;

  private static final String REPEATED =
      "; so it ended on another slot before: the app or the test brings it about";

  private static final Duration FIRST_BACK_OFF = Duration.ofSeconds(1);

  private JobMachine() {}

  /**
   * Applies an event.
   *
   * @param now the database's clock
   */
  public static Transition apply(Job job, JobEvent event, Instant now) {
    if (event instanceof JobEvent.Claimed claimed) {
      return claim(job, claimed, now);
    }
    if (event instanceof JobEvent.Finished finished) {
      return finish(job, finished, now);
    }
    if (event instanceof JobEvent.LeaseLost lost) {
      return loseLease(job, lost, now);
    }
    if (event instanceof JobEvent.Interrupted interrupted) {
      return interrupt(job, interrupted, now);
    }
    if (event instanceof JobEvent.Acquitted acquitted) {
      return acquit(job, acquitted);
    }
    if (event instanceof JobEvent.MessageLost lost) {
      return dispatchAgain(job, lost.generation(), true);
    }
    if (event instanceof JobEvent.Moved moved) {
      return dispatchAgain(job, moved.generation(), false);
    }
    if (event instanceof JobEvent.Transferred transferred) {
      return transfer(job, transferred);
    }
    if (event instanceof JobEvent.Cancelled cancelled) {
      return cancel(job, cancelled, now);
    }
    throw new IllegalArgumentException("unknown event " + event);
  }

  private static Transition claim(Job job, JobEvent.Claimed event, Instant now) {
    if (job.state().isVerdict()) {
      return refused(Transition.Refusal.ENDED);
    }
    if (job.generation() != event.generation()) {
      return refused(Transition.Refusal.STALE);
    }
    if (job.lease() != null) {
      return refused(Transition.Refusal.TAKEN);
    }
    return next(job.change().running(event.lease(), now));
  }

  private static Transition finish(Job job, JobEvent.Finished event, Instant now) {
    Lease lease = job.lease();
    if (job.generation() != event.generation()
        || lease == null
        || !lease.token().equals(event.token())
        || !lease.until().isAfter(now)) {
      return refused(Transition.Refusal.FENCED);
    }
    return event.hostEvent() && isBroken(event.ending())
        ? interrupted(job, event.ending(), now)
        : ended(job, event.ending(), now, backOff(job.brokenAttempts()));
  }

  private static Transition loseLease(Job job, JobEvent.LeaseLost event, Instant now) {
    if (job.lease() == null || job.generation() != event.generation()) {
      return refused(Transition.Refusal.NOTHING_TO_DO);
    }
    // a lease has been waited for already, and the slot that was lost is avoided
    return ended(
        job,
        new Ending(JobState.ERROR, FailureKind.INFRASTRUCTURE, event.reason()),
        now,
        Duration.ZERO);
  }

  private static Transition interrupt(Job job, JobEvent.Interrupted event, Instant now) {
    if (job.lease() == null || job.generation() != event.generation()) {
      return refused(Transition.Refusal.NOTHING_TO_DO);
    }
    return interrupted(
        job, new Ending(JobState.ERROR, FailureKind.INFRASTRUCTURE, event.reason()), now);
  }

  private static Transition interrupted(Job job, Ending ending, Instant now) {
    JobChange change = job.change().because(ending.kind(), ending.message());
    if (job.attempt() < MOST_ATTEMPTS) {
      change.queuedAgain().interruptedOn(job.avoidSlotId());
    } else {
      change.ended(JobState.ERROR, now);
    }
    return new Transition.Next(
        change.done(),
        Optional.of(new Transition.EndedAttempt(job.attempt(), ending, job.lease())));
  }

  private static Transition acquit(Job job, JobEvent.Acquitted event) {
    if (job.state().isVerdict()
        || job.generation() < event.generation()
        || job.brokenAttempts() == 0) {
      return refused(Transition.Refusal.NOTHING_TO_DO);
    }
    return next(job.change().brokenOnceLess());
  }

  private static Transition ended(Job job, Ending ending, Instant now, Duration pause) {
    JobChange change = job.change().because(ending.kind(), ending.message());
    switch (ending.outcome()) {
      case PASSED -> change.ended(JobState.PASSED, now).flaky(job.attempt() > 1);
      case FAILED -> {
        if (job.retriesLeft() > 0) {
          change.queuedAgain().oneRetryLess().failedOn(slotOf(job));
        } else if (mayLeak(job, ending)) {
          change.queuedAgain().isolation(Isolation.CONFIRMING);
        } else {
          change.ended(JobState.FAILED, now);
        }
      }
      case ERROR -> {
        boolean broken = isBroken(ending);
        if (broken && job.brokenAttempts() + 1 < MOST_BROKEN_ATTEMPTS) {
          change
              .queuedAgain()
              .broken()
              .interruptedOn(slotOf(job))
              .notBefore(pause.isZero() ? null : now.plus(pause));
        } else {
          change.ended(JobState.ERROR, now);
          if (followsTheJob(job, ending)) {
            change.because(FailureKind.APP, ending.message() + REPEATED);
          }
          if (broken) {
            change.broken();
          }
        }
      }
      case CANCELLED, SKIPPED -> change.ended(ending.outcome(), now);
      case QUEUED, RUNNING -> throw new IllegalArgumentException("not an ending: " + ending);
    }
    return new Transition.Next(
        change.done(),
        Optional.of(new Transition.EndedAttempt(job.attempt(), ending, job.lease())));
  }

  /** Once, and not at BrowserStack, which resets its devices as it likes. */
  private static boolean mayLeak(Job job, Ending ending) {
    return job.isolation() == Isolation.TO_CONFIRM
        && ending.kind() == FailureKind.TEST
        && job.group().target() != Target.BROWSERSTACK;
  }

  /** What the target of one slot was blamed for happened on another one before. */
  private static boolean followsTheJob(Job job, Ending ending) {
    return ending.kind() == FailureKind.TARGET
        && job.failureKind() == FailureKind.TARGET
        && job.avoidSlotId() != null
        && !job.avoidSlotId().equals(slotOf(job));
  }

  private static @Nullable String slotOf(Job job) {
    Lease lease = job.lease();
    return lease == null ? null : lease.slotId();
  }

  private static boolean isBroken(Ending ending) {
    FailureKind kind = ending.kind();
    return ending.outcome() == JobState.ERROR && (kind == null || kind.isTheInfrastructures());
  }

  /** Seconds 1, 2, 4, … : the first break often is a phone or a link that returns at once. */
  private static Duration backOff(int earlierBreaks) {
    return FIRST_BACK_OFF.multipliedBy(1L << earlierBreaks);
  }

  private static Transition dispatchAgain(Job job, long generation, boolean lost) {
    if (job.state() != JobState.QUEUED || job.generation() != generation) {
      return refused(Transition.Refusal.NOTHING_TO_DO);
    }
    JobChange change = job.change().queuedAgain();
    return next(lost ? change.interruptedOn(job.avoidSlotId()) : change);
  }

  private static Transition transfer(Job job, JobEvent.Transferred event) {
    if (!job.unpublished()
        || job.generation() != event.generation()
        || job.group().target() == event.to()
        || job.transfers() >= MOST_TRANSFERS) {
      return refused(Transition.Refusal.NOTHING_TO_DO);
    }
    return next(job.change().queuedAgain().transferredTo(event.to()));
  }

  private static Transition cancel(Job job, JobEvent.Cancelled event, Instant now) {
    if (job.state().isVerdict()) {
      return refused(Transition.Refusal.ENDED);
    }
    String message = "cancelled by " + event.by();
    Job next = job.change().because(null, message).ended(JobState.CANCELLED, now).done();
    return new Transition.Next(
        next,
        job.state() == JobState.RUNNING
            ? Optional.of(
                new Transition.EndedAttempt(
                    job.attempt(), new Ending(JobState.CANCELLED, null, message), job.lease()))
            : Optional.empty());
  }

  private static Transition next(JobChange change) {
    return new Transition.Next(change.done(), Optional.empty());
  }

  private static Transition refused(Transition.Refusal why) {
    return new Transition.Refused(why);
  }
}

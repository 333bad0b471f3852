package dev.qgjob.domain.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.testing.Fixtures;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** What holds of a job whatever happens to it, in whatever order. */
class JobMachineProperties {
  private static final Instant BEGIN = Instant.parse("2026-03-01T09:00:00Z");

  /** Something that happens; {@code off} is how far its generation is from the current one. */
  record Step(int kind, int off, int token, int seconds) {}

  @Provide
  Arbitrary<List<Step>> stories() {
    return Combinators.combine(
            Arbitraries.integers().between(0, 11),
            Arbitraries.frequency(
                net.jqwik.api.Tuple.of(8, 0),
                net.jqwik.api.Tuple.of(1, -1),
                net.jqwik.api.Tuple.of(1, 1)),
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(0, 40))
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Provide
  Arbitrary<Integer> retries() {
    return Arbitraries.integers().between(0, 3);
  }

  private static JobEvent event(Step step, Job job, Instant now) {
    long generation = job.generation() + step.off();
    String token = "t" + step.token();
    return switch (step.kind()) {
      case 0, 1 ->
          new JobEvent.Claimed(
              generation, new Lease(token, "s" + step.token(), "w", 1, now.plusSeconds(60)));
      case 2 -> finished(generation, token, JobState.PASSED, null);
      case 3 -> finished(generation, token, JobState.FAILED, FailureKind.TEST);
      case 4 -> finished(generation, token, JobState.ERROR, FailureKind.TARGET);
      case 5 -> new JobEvent.LeaseLost(generation, "nothing was heard");
      case 6 -> new JobEvent.MessageLost(generation);
      case 7 ->
          step.seconds() < 30
              ? new JobEvent.Moved(generation)
              : new JobEvent.Transferred(generation, Target.values()[step.token()]);
      case 8 -> new JobEvent.Interrupted(generation, "nobody was there");
      case 9 -> new JobEvent.Acquitted(generation);
      case 10 ->
          new JobEvent.Finished(
              generation, token, new Ending(JobState.ERROR, FailureKind.TARGET, "why"), true);
      default ->
          step.seconds() < 4
              ? new JobEvent.Cancelled("somebody")
              : finished(generation, token, JobState.ERROR, FailureKind.SUBMITTER);
    };
  }

  private static JobEvent finished(
      long generation, String token, JobState outcome, FailureKind kind) {
    return new JobEvent.Finished(generation, token, new Ending(outcome, kind, "why"));
  }

  @Property
  void everyStoryIsLegal(@ForAll("stories") List<Step> story, @ForAll("retries") int retries) {
    Instant now = BEGIN;
    Job job = Job.queued("job_1", "run_1", Fixtures.GROUP, "a.spec.js", 0, retries, now);
    Set<Integer> results = new HashSet<>();
    int uncounted = 0;
    for (Step step : story) {
      now = now.plusSeconds(step.seconds());
      JobEvent event = event(step, job, now);
      Transition transition = JobMachine.apply(job, event, now);
      assertThat(JobMachine.apply(job, event, now)).isEqualTo(transition);
      if (!(transition instanceof Transition.Next next)) {
        continue;
      }
      Job after = next.job();
      if (event instanceof JobEvent.Acquitted) {
        assertThat(after).isEqualTo(job.change().brokenOnceLess().done());
        uncounted++;
        job = after;
        continue;
      }
      assertThat(job.state().next()).contains(after.state());
      monotone(job, after);
      uncounted += isUncounted(event) ? 1 : 0;
      whole(after, retries + uncounted);
      next.ended().ifPresent(ended -> assertThat(results.add(ended.number())).isTrue());
      assertThat(next.ended().isPresent()).isEqualTo(job.state() == JobState.RUNNING);
      fenced(event, job, now);
      job = after;
    }
    int open = job.state() == JobState.RUNNING ? 1 : 0;
    assertThat(results).hasSize(job.attempt() - open);
  }

  private static boolean isUncounted(JobEvent event) {
    return event instanceof JobEvent.Interrupted
        || event instanceof JobEvent.Finished finished && finished.hostEvent();
  }

  private static void monotone(Job before, Job after) {
    boolean queuedAgain = after.state() == JobState.QUEUED;
    assertThat(after.generation()).isEqualTo(before.generation() + (queuedAgain ? 1 : 0));
    boolean started = after.state() == JobState.RUNNING;
    assertThat(after.attempt()).isEqualTo(before.attempt() + (started ? 1 : 0));
    assertThat(after.brokenAttempts())
        .isBetween(before.brokenAttempts(), before.brokenAttempts() + 1);
    assertThat(after.retriesLeft()).isBetween(before.retriesLeft() - 1, before.retriesLeft());
    assertThat(after.id()).isEqualTo(before.id());
    assertThat(after.createdAt()).isEqualTo(before.createdAt());
  }

  /** {@code more}: attempts that may follow one that nothing of the infrastructure broke. */
  private static void whole(Job job, int more) {
    assertThat(job.lease() != null).isEqualTo(job.state() == JobState.RUNNING);
    assertThat(job.finishedAt() != null).isEqualTo(job.state().isVerdict());
    assertThat(job.brokenAttempts()).isLessThanOrEqualTo(JobMachine.MOST_BROKEN_ATTEMPTS);
    assertThat(job.retriesLeft()).isNotNegative();
    assertThat(job.attempt()).isLessThanOrEqualTo(more + JobMachine.MOST_BROKEN_ATTEMPTS);
    assertThat(job.generation()).isGreaterThanOrEqualTo(job.attempt());
    if (job.brokenAttempts() == JobMachine.MOST_BROKEN_ATTEMPTS) {
      assertThat(job.state()).isEqualTo(JobState.ERROR);
    }
    if (job.flaky()) {
      assertThat(job.state()).isEqualTo(JobState.PASSED);
    }
  }

  /** What moved a job was entitled to. */
  private static void fenced(JobEvent event, Job before, Instant now) {
    if (event instanceof JobEvent.Finished finished) {
      assertThat(before.lease()).isNotNull();
      assertThat(before.lease().token()).isEqualTo(finished.token());
      assertThat(before.lease().until()).isAfter(now);
      assertThat(before.generation()).isEqualTo(finished.generation());
    }
    if (event instanceof JobEvent.Claimed claimed) {
      assertThat(before.generation()).isEqualTo(claimed.generation());
    }
  }
}

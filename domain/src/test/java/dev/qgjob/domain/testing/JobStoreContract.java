package dev.qgjob.domain.testing;

import static dev.qgjob.domain.testing.Fixtures.lease;
import static dev.qgjob.domain.testing.Fixtures.queued;
import static dev.qgjob.domain.testing.Fixtures.running;
import static dev.qgjob.domain.testing.Typed.bool;
import static dev.qgjob.domain.testing.Typed.list;
import static dev.qgjob.domain.testing.Typed.opt;
import static dev.qgjob.domain.testing.Typed.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Requeue;
import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore.LeaseGuard;
import dev.qgjob.domain.lease.JobStore.Move;
import dev.qgjob.domain.lease.JobStore.Waiting;
import dev.qgjob.domain.placement.BoardStore.Released;
import dev.qgjob.domain.report.AttemptReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What every {@link dev.qgjob.domain.lease.JobStore} promises. */
public interface JobStoreContract {
  Duration HOUR = Duration.ofHours(1);

  /** The world of this test, fresh and empty. */
  World world();

  private Job one() {
    world().org(Fixtures.ORG);
    world().worker("w1");
    Fixtures.slots(world(), "w1", "s1", "s2");
    return queued(world(), 1, 1).get(0);
  }

  private Instant clock() {
    return world().in(s -> s.jobs().now());
  }

  private Job started(Job job, Instant until) {
    Job after = running(job, lease("token-1", "s1", until));
    world()
        .in(
            s -> {
              assertThat(s.jobs().replace(job, after, LeaseGuard.ANY)).isTrue();
              s.jobs().attemptStarted(after);
              return null;
            });
    return after;
  }

  @Test
  default void aJobComesBackAsItWasWritten() {
    Job job = one();
    assertThat(Fixtures.now(world(), job)).usingRecursiveComparison().isEqualTo(job);
    Job after = started(job, clock().plus(HOUR));
    assertThat(Fixtures.now(world(), job)).usingRecursiveComparison().isEqualTo(after);
  }

  @Test
  default void anUnknownJobIsAbsent() {
    assertThat(opt(world().in(s -> s.jobs().find("job_none")))).isEmpty();
  }

  @Test
  default void ofTwoThatReplaceTheSameStateOneWins() {
    Job job = one();
    Job first = running(job, lease("token-1", "s1", clock().plus(HOUR)));
    Job second = running(job, lease("token-2", "s2", clock().plus(HOUR)));
    assertThat(Fixtures.replace(world(), job, first, LeaseGuard.ANY)).isTrue();
    assertThat(Fixtures.replace(world(), job, second, LeaseGuard.ANY)).isFalse();
    assertThat(Fixtures.now(world(), job).lease()).isEqualTo(first.lease());
  }

  @Test
  default void anotherGenerationIsNotReplaced() {
    Job job = one();
    Transition.Next moved = (Transition.Next) JobMachine.apply(job, new JobEvent.Moved(1), clock());
    assertThat(Fixtures.replace(world(), job, moved.job(), LeaseGuard.ANY)).isTrue();
    assertThat(Fixtures.replace(world(), job, moved.job(), LeaseGuard.ANY)).isFalse();
    assertThat(Fixtures.now(world(), job).generation()).isEqualTo(2);
  }

  @Test
  default void theLeaseGuardAsksTheStoresClock() {
    Job running = started(one(), clock().plus(HOUR));
    Job ended = ended(running);
    assertThat(Fixtures.replace(world(), running, ended, LeaseGuard.EXPIRED)).isFalse();
    assertThat(Fixtures.replace(world(), running, ended, LeaseGuard.LIVE)).isTrue();
  }

  @Test
  default void anExpiredLeaseFinishesNothing() {
    Job running = started(one(), clock().minus(HOUR));
    assertThat(Fixtures.replace(world(), running, ended(running), LeaseGuard.LIVE)).isFalse();
    assertThat(list(world().in(s -> s.jobs().expired(10))))
        .extracting(Job::id)
        .containsExactly(running.id());
    assertThat(Fixtures.replace(world(), running, ended(running), LeaseGuard.EXPIRED)).isTrue();
    assertThat(list(world().in(s -> s.jobs().expired(10)))).isEmpty();
  }

  private Job ended(Job running) {
    Ending ending = new Ending(JobState.CANCELLED, null, "x");
    Transition transition =
        JobMachine.apply(
            running(running, lease("token-1", "s1", clock().plus(HOUR))),
            new JobEvent.Finished(running.generation(), "token-1", ending),
            clock());
    return ((Transition.Next) transition).job();
  }

  @Test
  default void aBeatRenewsALiveLeaseAndNeverRevivesAnExpiredOne() {
    List<Job> jobs = List.of(one(), queued(world(), 1, 1).get(0));
    Job live = started(jobs.get(0), clock().plus(Duration.ofMinutes(1)));
    Job dead = running(jobs.get(1), lease("token-2", "s2", clock().minus(HOUR)));
    assertThat(Fixtures.replace(world(), jobs.get(1), dead, LeaseGuard.ANY)).isTrue();
    assertThat(set(world().in(s -> s.jobs().renew("w1", 1, List.of("token-1", "token-2"), HOUR))))
        .containsExactly(live.id());
    assertThat(Fixtures.now(world(), live).lease().until())
        .isAfter(clock().plus(Duration.ofMinutes(30)));
    assertThat(Fixtures.now(world(), dead).lease().until()).isBefore(clock());
  }

  @Test
  default void aBeatOfAnotherWorkerOrIncarnationRenewsNothing() {
    started(one(), clock().plus(Duration.ofMinutes(1)));
    assertThat(set(world().in(s -> s.jobs().renew("w2", 1, List.of("token-1"), HOUR)))).isEmpty();
    assertThat(set(world().in(s -> s.jobs().renew("w1", 2, List.of("token-1"), HOUR)))).isEmpty();
    assertThat(set(world().in(s -> s.jobs().renew("w1", 1, List.of("other"), HOUR)))).isEmpty();
  }

  @Test
  default void anEarlierIncarnationsJobsAreFound() {
    Job running = started(one(), clock().plus(HOUR));
    assertThat(list(world().in(s -> s.jobs().leasedBefore("w1", 1)))).isEmpty();
    assertThat(list(world().in(s -> s.jobs().leasedBefore("w1", 2))))
        .extracting(Job::id)
        .containsExactly(running.id());
    assertThat(list(world().in(s -> s.jobs().underToken("token-1"))))
        .extracting(Job::id)
        .containsExactly(running.id());
    assertThat(List.of("token-1", "token-2"))
        .filteredOn(token -> world().in(s -> s.jobs().isHeld(token)))
        .containsExactly("token-1");
  }

  @Test
  default void anAttemptHasOneResult() {
    Job running = started(one(), clock().plus(HOUR));
    Transition.EndedAttempt first =
        new Transition.EndedAttempt(1, new Ending(JobState.PASSED, null, null), running.lease());
    Transition.EndedAttempt second =
        new Transition.EndedAttempt(
            1, new Ending(JobState.CANCELLED, null, "late"), running.lease());
    assertThat(
            bool(world().in(s -> s.jobs().attemptEnded(running.id(), first, AttemptReport.NONE))))
        .isTrue();
    assertThat(
            bool(world().in(s -> s.jobs().attemptEnded(running.id(), second, AttemptReport.NONE))))
        .isFalse();
    assertThat(opt(world().in(s -> s.jobs().recorded(running.id(), 1, "token-1"))))
        .contains(first.ending());
    assertThat(opt(world().in(s -> s.jobs().recorded(running.id(), 1, "other")))).isEmpty();
    assertThat(opt(world().in(s -> s.jobs().recorded(running.id(), 2, "token-1")))).isEmpty();
  }

  @Test
  default void aJobThatIsQueuedAgainHasItNoted() {
    Job job = one();
    Requeue first = new Requeue(job.id(), 2, Requeue.Reason.MESSAGE_LOST, "s1", true, clock());
    Requeue second = new Requeue(job.id(), 3, Requeue.Reason.MOVED, null, false, clock());
    world()
        .in(
            s -> {
              s.jobs().requeued(second);
              s.jobs().requeued(first);
              return null;
            });
    assertThat(list(world().in(s -> s.jobs().requeues(job.id()))))
        .containsExactlyInAnyOrder(first, second);
    assertThat(list(world().in(s -> s.jobs().requeues("job_none")))).isEmpty();
  }

  @Test
  default void leasesLostAtASlotAreFound() {
    Job job = one();
    Instant now = clock();
    Requeue lost = new Requeue(job.id(), 2, Requeue.Reason.LEASE_LOST, "s1", true, now);
    Requeue before =
        new Requeue(job.id(), 3, Requeue.Reason.LEASE_LOST, "s1", true, now.minusSeconds(9));
    Requeue interrupted = new Requeue(job.id(), 4, Requeue.Reason.INTERRUPTED, "s1", true, now);
    Requeue elsewhere = new Requeue(job.id(), 5, Requeue.Reason.LEASE_LOST, "s2", true, now);
    world()
        .in(
            s -> {
              List.of(lost, before, interrupted, elsewhere).forEach(s.jobs()::requeued);
              return null;
            });
    assertThat(list(world().in(s -> s.jobs().lostAt(List.of("s1", "s3"), now.minusSeconds(9)))))
        .containsExactly(lost);
    assertThat(list(world().in(s -> s.jobs().lostAt(List.of(), now.minusSeconds(9))))).isEmpty();
  }

  @Test
  default void lockedJobsMoveTogether() {
    List<Job> jobs = List.of(one(), queued(world(), 1, 1).get(0), queued(world(), 1, 1).get(0));
    Instant until = clock().plus(HOUR);
    List<Job> running =
        jobs.stream().map(job -> running(job, lease("token-1", "s1", until))).toList();
    world()
        .in(
            s -> {
              assertThat(s.jobs().lock(List.of(jobs.get(2).id(), "job_none", jobs.get(0).id())))
                  .extracting(Job::id)
                  .containsExactly(jobs.get(0).id(), jobs.get(2).id());
              Instant now = s.jobs().now();
              s.jobs()
                  .moveLocked(
                      List.of(
                          began(jobs.get(0), running.get(0), now),
                          began(jobs.get(2), running.get(2), now)));
              return null;
            });
    assertThat(Fixtures.now(world(), jobs.get(0)))
        .usingRecursiveComparison()
        .isEqualTo(running.get(0));
    assertThat(Fixtures.now(world(), jobs.get(1)).state()).isEqualTo(JobState.QUEUED);
    assertThat(Fixtures.now(world(), jobs.get(2)).state()).isEqualTo(JobState.RUNNING);
    world()
        .in(
            s -> {
              s.jobs().lock(List.of(jobs.get(0).id(), jobs.get(2).id()));
              Instant now = s.jobs().now();
              s.jobs()
                  .moveLocked(
                      List.of(
                          over(running.get(0), JobState.PASSED, now),
                          over(running.get(2), JobState.CANCELLED, now)));
              return null;
            });
    assertThat(Fixtures.now(world(), jobs.get(0)).state()).isEqualTo(JobState.PASSED);
    assertThat(Fixtures.now(world(), jobs.get(2)).state()).isEqualTo(JobState.CANCELLED);
    assertThat(opt(world().in(s -> s.jobs().recorded(jobs.get(2).id(), 1, "token-1"))))
        .contains(new Ending(JobState.CANCELLED, null, null));
  }

  private static Move began(Job before, Job after, Instant now) {
    return new Move(before, after, Optional.empty(), AttemptReport.NONE, now);
  }

  private static Move over(Job running, JobState verdict, Instant now) {
    Ending ending = new Ending(verdict, null, null);
    Transition.Next next =
        (Transition.Next)
            JobMachine.apply(running, new JobEvent.Finished(1, "token-1", ending), now);
    return new Move(running, next.job(), next.ended(), AttemptReport.NONE, now);
  }

  @Test
  default void aLockedJobThatIsNotAsItWasSaysSo() {
    Job job = one();
    Instant now = clock();
    Job running = started(job, now.plus(HOUR));
    List<Move> moves = List.of(began(job, running, now));
    assertThatThrownBy(
            () ->
                world()
                    .in(
                        s -> {
                          s.jobs().moveLocked(moves);
                          return null;
                        }))
        .hasStackTraceContaining("locked");
  }

  @Test
  default void aClaimChoosesFromWhatItsSlotMayTake() {
    Job plain = one();
    Job interrupted = queued(world(), 1, 1).get(0);
    List<Job> sent = queued(world(), 1, 3);
    Job later = queued(world(), 1, 1).get(0);
    Transition.Next again =
        (Transition.Next) JobMachine.apply(interrupted, new JobEvent.MessageLost(1), clock());
    assertThat(Fixtures.replace(world(), interrupted, again.job(), LeaseGuard.ANY)).isTrue();
    Job notYet = Fixtures.dueAt(later, clock().plus(HOUR));
    assertThat(Fixtures.replace(world(), later, notYet, LeaseGuard.ANY)).isTrue();
    world()
        .in(
            s -> {
              s.boards()
                  .released(
                      List.of(
                          new Released(sent.get(0).id(), 1, "s1"),
                          new Released(sent.get(1).id(), 1, "s2"),
                          new Released(sent.get(2).id(), 1, null)));
              return null;
            });
    assertThat(waiting("s1", 10))
        .extracting(Waiting::id)
        .containsExactly(plain.id(), sent.get(0).id(), sent.get(2).id());
    assertThat(waiting("s1", 10)).extracting(Waiting::runId).contains(plain.runId());
    assertThat(waiting("s2", 1)).hasSize(1);
    assertThat(world().in(s -> s.boards().read(Target.EMULATOR, HOUR)).groups().get(0).heads())
        .as("interrupted ones are first elsewhere")
        .extracting(Job::id)
        .containsExactly(interrupted.id(), plain.id());
  }

  @Test
  default void whatIsQueuedForATargetIsCountedUpToAMost() {
    Fixtures.queued(world(), 1, 3);
    Fixtures.queued(world(), 2, 2);
    assertThat(queuedOn(Target.EMULATOR, 100)).as("of all groups").isEqualTo(5);
    assertThat(queuedOn(Target.EMULATOR, 4)).isEqualTo(4);
    assertThat(queuedOn(Target.DEVICE, 100)).isZero();
  }

  @Test
  default void whatRunsOnATargetIsCountedBySlot() {
    List<Job> jobs = Fixtures.queued(world(), 1, 4);
    Instant later = clock().plus(HOUR);
    for (int i = 0; i < 3; i++) {
      Job running = running(jobs.get(i), lease("t" + i, i < 2 ? "s1" : "s2", later));
      assertThat(Fixtures.replace(world(), jobs.get(i), running, LeaseGuard.ANY)).isTrue();
    }
    assertThat(List.copyOf(world().in(s -> s.jobs().runningOn(Target.EMULATOR)).entrySet()))
        .containsExactlyInAnyOrder(Map.entry("s1", 2), Map.entry("s2", 1));
    assertThat(List.copyOf(world().in(s -> s.jobs().runningOn(Target.DEVICE)).entrySet()))
        .isEmpty();
  }

  private int queuedOn(Target target, int most) {
    int queued = world().in(s -> s.jobs().queuedOn(target, most));
    return queued;
  }

  private List<Waiting> waiting(String slotId, int most) {
    return list(world().in(s -> s.jobs().waiting(Fixtures.GROUP, slotId, most)));
  }
}

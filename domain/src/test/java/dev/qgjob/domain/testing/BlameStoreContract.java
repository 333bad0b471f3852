package dev.qgjob.domain.testing;

import static dev.qgjob.domain.testing.Fixtures.PACKAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.blame.BlameStore;
import dev.qgjob.domain.blame.StateLeak;
import dev.qgjob.domain.job.Ending;
import dev.qgjob.domain.job.FailureKind;
import dev.qgjob.domain.job.Job;
import dev.qgjob.domain.job.JobEvent;
import dev.qgjob.domain.job.JobMachine;
import dev.qgjob.domain.job.JobState;
import dev.qgjob.domain.job.Lease;
import dev.qgjob.domain.job.Transition;
import dev.qgjob.domain.lease.JobStore;
import dev.qgjob.domain.report.AttemptReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** What any store of leaks and doubts must do. */
public interface BlameStoreContract {
  World world();

  /** Runs in one transaction. */
  <T> T blaming(Function<BlameStore, T> work);

  @Test
  default void aLeakIsKnownOfItsSpecAndAppUntilItIsForgotten() {
    note(new StateLeak("o1", PACKAGE, "a.spec.js"));
    note(new StateLeak("o1", PACKAGE, "a.spec.js"));
    note(new StateLeak("o1", PACKAGE, "b.spec.js"));
    note(new StateLeak("o1", "com.other", "c.spec.js"));
    note(new StateLeak("o2", PACKAGE, "d.spec.js"));
    List<String> specs = List.of("a.spec.js", "b.spec.js", "c.spec.js", "d.spec.js");

    assertThat(leaking(specs)).containsExactlyInAnyOrder("a.spec.js", "b.spec.js");
    assertThat(leaking(List.of("b.spec.js"))).containsExactly("b.spec.js");
    assertThat(leaking(List.of())).isEmpty();

    blaming(
        store -> {
          store.forgetLeaks("o1", PACKAGE, List.of("a.spec.js", "d.spec.js"));
          return null;
        });
    assertThat(leaking(specs)).containsExactly("b.spec.js");
  }

  private void note(StateLeak leak) {
    blaming(
        store -> {
          store.leaks(leak);
          return null;
        });
  }

  private Set<String> leaking(List<String> specs) {
    return blaming(store -> store.leaking("o1", PACKAGE, specs));
  }

  @Test
  default void anAttemptThatFailedElsewhereCastsDoubtOnItsSlot() {
    Job job = Fixtures.queuedWithRetries(world(), 1, 1, 2).get(0);
    Job again = attempt(attempt(job, "s1", JobState.FAILED), "s2", JobState.FAILED);
    attempt(again, "s2", JobState.PASSED);
    for (int i = 0; i < 2; i++) {
      blaming(
          store -> {
            store.passedOn(job.id(), "s2");
            return null;
          });
    }
    assertThat(doubts(Duration.ofDays(7))).containsExactlyEntriesOf(Map.of("s1", 1));
    assertThat(doubts(Duration.ofDays(-1))).isEmpty();
  }

  private Map<String, Integer> doubts(Duration within) {
    return blaming(store -> store.doubts(within));
  }

  /** One attempt that is claimed and ends; the job may be tried again after it. */
  private Job attempt(Job job, String slot, JobState outcome) {
    String token = "token-" + job.generation();
    Instant until = world().in(s -> s.jobs().now()).plusSeconds(3600);
    Job running =
        moved(job, new JobEvent.Claimed(job.generation(), new Lease(token, slot, "w1", 1, until)));
    Ending ending = new Ending(outcome, outcome == JobState.FAILED ? FailureKind.TEST : null, null);
    return moved(running, new JobEvent.Finished(job.generation(), token, ending));
  }

  private Job moved(Job before, JobEvent event) {
    return world()
        .in(
            s -> {
              s.jobs().lock(List.of(before.id()));
              Instant now = s.jobs().now();
              Transition.Next next = (Transition.Next) JobMachine.apply(before, event, now);
              s.jobs()
                  .moveLocked(
                      List.of(
                          new JobStore.Move(
                              before, next.job(), next.ended(), AttemptReport.NONE, now)));
              return next.job();
            });
  }
}

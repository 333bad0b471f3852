package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WakeupTest {
  private final Deque<Runnable> queued = new ArrayDeque<>();
  private final AtomicInteger runs = new AtomicInteger();

  @Test
  void manyCallsLeadToOneRun() {
    Wakeup wakeup = new Wakeup(queued::add, runs::incrementAndGet);
    wakeup.wake();
    wakeup.wake();
    wakeup.wake();
    assertThat(queued).hasSize(1);
    queued.remove().run();
    assertThat(runs).hasValue(1);
  }

  @Test
  void aCallDuringARunLeadsToOneMoreRun() {
    Wakeup[] wakeup = new Wakeup[1];
    wakeup[0] =
        new Wakeup(
            queued::add,
            () -> {
              if (runs.incrementAndGet() == 1) {
                wakeup[0].wake();
                wakeup[0].wake();
              }
            });
    wakeup[0].wake();
    queued.remove().run();
    assertThat(runs).hasValue(2);
    assertThat(queued).isEmpty();
  }

  @Test
  void aCallAfterARunRunsAgain() {
    Wakeup wakeup = new Wakeup(Runnable::run, runs::incrementAndGet);
    wakeup.wake();
    wakeup.wake();
    assertThat(runs).hasValue(2);
  }

  @Test
  void aFullExecutorCostsOneCallAndNotAll() {
    boolean[] full = {true};
    Wakeup wakeup =
        new Wakeup(
            work -> {
              if (full[0]) {
                throw new RejectedExecutionException();
              }
              work.run();
            },
            runs::incrementAndGet);
    wakeup.wake();
    full[0] = false;
    wakeup.wake();
    assertThat(runs).hasValue(1);
  }
}

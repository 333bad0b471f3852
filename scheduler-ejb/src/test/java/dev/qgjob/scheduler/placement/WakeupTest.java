package dev.qgjob.scheduler.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
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
  void aRunRestsAsLongAsItTook() {
    Duration run = Duration.ofMillis(30);
    List<Long> begins = new ArrayList<>();
    Wakeup[] wakeup = new Wakeup[1];
    wakeup[0] =
        new Wakeup(
            Runnable::run,
            () -> {
              begins.add(System.nanoTime());
              if (begins.size() == 1) {
                wakeup[0].wake();
                LockSupport.parkNanos(run.toNanos());
              }
            });
    wakeup[0].wake();
    assertThat(Duration.ofNanos(begins.get(1) - begins.get(0)))
        .isGreaterThan(run.multipliedBy(3).dividedBy(2));
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

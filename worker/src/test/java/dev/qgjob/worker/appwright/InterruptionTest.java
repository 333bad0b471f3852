package dev.qgjob.worker.appwright;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.worker.run.Cancellation;
import java.util.List;
import org.junit.jupiter.api.Test;

class InterruptionTest {
  /**
   * Else the slot's thread would take it for the end of the worker, in the middle of its next job.
   */
  @Test
  void anInterruptThatTheStepDidNotHearEndsWithTheStep() {
    Cancellation cancellation = new Cancellation();
    try (Interruption step = new Interruption(cancellation, List.of())) {
      assertThat(Thread.currentThread().isInterrupted()).as("an empty group is cancelled").isTrue();
    }
    assertThat(Thread.interrupted()).isFalse();
  }
}

package dev.qgjob.scheduler.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus.Dispatch;
import org.junit.jupiter.api.Test;

class EnvelopesTest {

  @Test
  void aReleasedJobIsKeptInItsGroupUntilItIsTaken() {
    assertThat(Envelopes.of(new Dispatch.Shared(Target.DEVICE, "org/app/2", "j1", 3, 100)))
        .isEqualTo(
            new Outgoing(
                "jms.queue.jobs.device",
                "org/app/2",
                "job",
                "{\"job_id\":\"j1\",\"generation\":3}",
                9,
                null));
  }

  @Test
  void aHandOffNamesItsSlotAndDoesNotLastForEver() {
    assertThat(Envelopes.of(new Dispatch.HandOff("w1", "w1/device/udid", "j1", 3, 0)))
        .isEqualTo(
            new Outgoing(
                "jms.queue.worker.w1",
                null,
                "job",
                "{\"job_id\":\"j1\",\"generation\":3,\"slot_id\":\"w1/device/udid\"}",
                4,
                Envelopes.WORKER_MESSAGE_LIVES));
  }

  @Test
  void aStopGoesBeforeAllWork() {
    assertThat(Envelopes.of(new Dispatch.Stop("w1", "j1", 3)))
        .isEqualTo(
            new Outgoing(
                "jms.queue.worker.w1",
                null,
                "control",
                "{\"kind\":\"cancel\",\"job_id\":\"j1\",\"generation\":3}",
                9,
                Envelopes.WORKER_MESSAGE_LIVES));
  }
}

package dev.qgjob.scheduler.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.qgjob.domain.job.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QueuesTest {

  @Test
  void namesAreTheBrokersOwnAddresses() {
    assertThat(Queues.ofTarget(Target.BROWSERSTACK)).isEqualTo("jms.queue.jobs.browserstack");
    assertThat(Queues.ofWorker("w-1")).isEqualTo("jms.queue.worker.w-1");
  }

  @ParameterizedTest
  @CsvSource({
    "0,4", "1,5", "20,5", "21,6", "100,9", "1000,9", "-1,3", "-25,3", "-26,2", "-100,0", "-1000,0"
  })
  void everyWishAboveOrBelowNoneCounts(int job, int jms) {
    assertThat(Queues.jmsPriority(job)).isEqualTo(jms);
  }
}

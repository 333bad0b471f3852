package dev.qgjob.api.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.protocol.Target;
import dev.qgjob.protocol.fleet.BrokerAccess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BrokerSettingsTest {
  @Test
  void theEmbeddedBrokerIsTakenFromItsUsersFile(@TempDir Path home) throws Exception {
    Path users = Files.writeString(home.resolve("users.properties"), "# who\nworker=hush\n");
    var settings =
        BrokerSettings.of(
            Map.of(
                    "qgjob.broker.public-url",
                    "tcp://farm:61616",
                    "qgjob.broker.users",
                    users.toString())
                ::get,
            Map.<String, String>of()::get);
    assertThat(settings.access()).isEqualTo(new BrokerAccess("tcp://farm:61616", "worker", "hush"));
    assertThat(settings.jobQueues()).containsEntry(Target.DEVICE, "jms.queue.jobs.device");
    assertThat(settings.ownQueue("w1")).isEqualTo("jms.queue.worker.w1");
  }

  @Test
  void aBrokerOfOnesOwnHasUsersOfItsOwn() {
    var settings =
        BrokerSettings.of(
            Map.of("qgjob.broker.public-url", "tcp://mq:61616")::get,
            Map.of(
                    "QGJOB_BROKER_URL", "tcp://mq:61616",
                    "QGJOB_WORKER_BROKER_USER", "hands",
                    "QGJOB_WORKER_BROKER_PASSWORD", "hush")
                ::get);
    assertThat(settings.access()).isEqualTo(new BrokerAccess("tcp://mq:61616", "hands", "hush"));
    assertThat(settings.jobQueues()).containsEntry(Target.EMULATOR, "jms.queue.jobs.emulator");
  }

  @Test
  void whatIsMissingIsNamed() {
    assertThatThrownBy(
            () -> BrokerSettings.of(Map.<String, String>of()::get, Map.<String, String>of()::get))
        .hasMessageContaining("qgjob.broker.public-url");
  }
}

package dev.qgjob.scheduler.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus.Dispatch;
import dev.qgjob.domain.placement.Bus.Unavailable;
import java.util.List;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a broker of the client's own version, in this JVM. */
class JmsBusTest {

  private static final String URL = "vm://77";

  private EmbeddedActiveMQ broker;
  private final JmsBus bus = new JmsBus(new ActiveMQConnectionFactory(URL), null);

  @BeforeEach
  void start() throws Exception {
    broker = new EmbeddedActiveMQ();
    broker.setConfiguration(
        new ConfigurationImpl()
            .setPersistenceEnabled(false)
            .setSecurityEnabled(false)
            .addAcceptorConfiguration("vm", URL)
            .addAddressSetting("#", new AddressSettings().setAutoDeleteQueues(false)));
    broker.start();
  }

  @AfterEach
  void stop() throws Exception {
    bus.close();
    broker.stop();
  }

  @Test
  void aBatchIsThereAsAWhole() {
    bus.send(List.of(job("a"), job("b"), job("c")));

    assertHolds("jms.queue.jobs.emulator", 3);
  }

  @Test
  void ofABatchThatFailsNothingIsThere() {
    Outgoing good = new Outgoing("jms.queue.jobs.emulator", "g", "job", "{}", 4, null);
    Outgoing bad = new Outgoing("", null, "job", "{}", 4, null);

    assertThatThrownBy(() -> bus.transmit(List.of(good, bad))).isInstanceOf(Unavailable.class);

    bus.send(List.of(job("a")));
    assertHolds("jms.queue.jobs.emulator", 1);
  }

  @Test
  void whenTheBrokerIsBackSoIsTheBus() throws Exception {
    bus.send(List.of(job("a")));
    broker.stop();
    assertThatThrownBy(() -> bus.send(List.of(job("b"))))
        .isInstanceOf(Unavailable.class)
        .hasMessageStartingWith("could not send 1 messages to the broker: ");

    start();
    bus.send(List.of(job("b")));

    assertHolds("jms.queue.jobs.emulator", 1);
  }

  @Test
  void aWorkersQueueComesAndGoes() {
    bus.open("w1");
    bus.open("w1");
    bus.send(List.of(new Dispatch.HandOff("w1", "s", "j", 1, 0)));
    assertHolds("jms.queue.worker.w1", 1);

    bus.close("w1");
    bus.close("w1");

    assertThat(broker.getActiveMQServer().locateQueue(SimpleString.of("jms.queue.worker.w1")))
        .isNull();
  }

  @Test
  void nothingToSendNeedsNoBroker() throws Exception {
    broker.stop();

    bus.send(List.of());
  }

  /** The broker counts what was committed a moment later. */
  private void assertHolds(String queue, int messages) {
    await()
        .untilAsserted(
            () ->
                assertThat(
                        broker
                            .getActiveMQServer()
                            .locateQueue(SimpleString.of(queue))
                            .getMessageCount())
                    .isEqualTo(messages));
  }

  private static Dispatch job(String id) {
    return new Dispatch.Shared(Target.EMULATOR, "org/app/1", id, 1, 0);
  }
}

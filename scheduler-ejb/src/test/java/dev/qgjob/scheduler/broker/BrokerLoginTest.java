package dev.qgjob.scheduler.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import org.junit.jupiter.api.Test;

class BrokerLoginTest {

  @Test
  void theEmbeddedBrokerAsksForNone() {
    assertThat(BrokerLogin.of(Map.of())).isNull();
  }

  @Test
  void aBrokerOutsideAsksForBoth() {
    assertThat(
            BrokerLogin.of(
                Map.of(
                    "QGJOB_BROKER_URL", "tcp://broker:61616",
                    "QGJOB_BROKER_USER", "server",
                    "QGJOB_BROKER_PASSWORD", "secret")))
        .isEqualTo(new BrokerLogin("server", "secret"))
        .hasToString("server");
    assertThatIllegalStateException()
        .isThrownBy(() -> BrokerLogin.of(Map.of("QGJOB_BROKER_URL", "tcp://broker:61616")))
        .withMessageContaining("QGJOB_BROKER_USER");
  }
}

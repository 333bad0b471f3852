package dev.qgjob.scheduler.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.job.Target;
import dev.qgjob.domain.placement.Bus.Dispatch;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.Message;
import jakarta.jms.Session;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.FileDeploymentManager;
import org.apache.activemq.artemis.core.config.impl.FileConfiguration;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.invm.InVMAcceptorFactory;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.apache.activemq.artemis.jms.client.ActiveMQConnectionFactory;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The broker that {@code docker/artemis/broker.xml} describes gives the server and the workers what
 * they need.
 */
class OwnBrokerTest {

  private final ActiveMQConnectionFactory factory = new ActiveMQConnectionFactory("vm://78");
  private final JmsBus bus = new JmsBus(factory, new BrokerLogin("server", "s"));
  private EmbeddedActiveMQ broker;

  @BeforeEach
  void start() throws Exception {
    var described = new FileConfiguration();
    var files =
        new FileDeploymentManager(
            Path.of("../docker/artemis/broker.xml")
                .toAbsolutePath()
                .normalize()
                .toUri()
                .toString());
    files.addDeployable(described);
    files.readConfiguration();
    described
        .setPersistenceEnabled(false)
        .setAcceptorConfigurations(
            Set.of(
                new TransportConfiguration(
                    InVMAcceptorFactory.class.getName(), java.util.Map.of("serverId", "78"))));
    var users = new SecurityConfiguration();
    users.addUser("server", "s");
    users.addRole("server", "server");
    users.addUser("worker", "w");
    users.addRole("worker", "worker");
    broker = new EmbeddedActiveMQ();
    broker.setConfiguration(described);
    broker.setSecurityManager(
        new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users));
    broker.start();
  }

  @AfterEach
  void stop() throws Exception {
    bus.close();
    broker.stop();
  }

  @Test
  void jobsGoFromTheServerToAWorker() throws JMSException {
    bus.open("w1");
    bus.send(
        List.of(
            new Dispatch.Shared(Target.DEVICE, "g", "j1", 1, 0),
            new Dispatch.HandOff("w1", "slot", "j2", 1, 0)));

    try (Connection worker = factory.createConnection("worker", "w")) {
      worker.start();
      assertThat(receive(worker, Queues.ofTarget(Target.DEVICE)).getBody(String.class))
          .contains("j1");
      assertThat(receive(worker, Queues.ofWorker("w1")).getBody(String.class)).contains("j2");
    }
    bus.close("w1");
  }

  @Test
  void aWorkerMayConsumeAndNothingElse() throws JMSException {
    try (Connection worker = factory.createConnection("worker", "w");
        Session session = worker.createSession(Session.AUTO_ACKNOWLEDGE)) {
      var queue = session.createQueue(Queues.ofTarget(Target.DEVICE));
      assertThatThrownBy(() -> session.createProducer(queue).send(session.createTextMessage("{}")))
          .isInstanceOf(JMSSecurityException.class);
      assertThatThrownBy(() -> session.createConsumer(session.createQueue(Queues.ofWorker("w2"))))
          .isInstanceOf(JMSException.class);
      assertThatThrownBy(session::createTemporaryQueue).isInstanceOf(JMSException.class);
    }
  }

  private static Message receive(Connection connection, String queue) throws JMSException {
    try (Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
        var consumer = session.createConsumer(session.createQueue(queue))) {
      return consumer.receive(5_000);
    }
  }
}

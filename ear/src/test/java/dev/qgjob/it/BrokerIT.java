package dev.qgjob.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.qgjob.domain.job.Target;
import dev.qgjob.it.probe.BusProbe;
import dev.qgjob.protocol.message.Headers;
import dev.qgjob.scheduler.broker.Queues;
import jakarta.jms.Connection;
import jakarta.jms.JMSException;
import jakarta.jms.JMSSecurityException;
import jakarta.jms.MessageConsumer;
import jakarta.jms.Session;
import jakarta.jms.TextMessage;
import java.util.ArrayList;
import java.util.List;
import org.apache.activemq.artemis.api.jms.ActiveMQJMSConstants;
import org.jboss.arquillian.container.test.api.Deployment;
import org.jboss.arquillian.container.test.api.RunAsClient;
import org.jboss.arquillian.junit5.ArquillianExtension;
import org.jboss.shrinkwrap.api.ShrinkWrap;
import org.jboss.shrinkwrap.api.spec.EnterpriseArchive;
import org.jboss.shrinkwrap.api.spec.WebArchive;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIf;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a worker, a client over TCP of another version than the server's broker, may count on. */
@ExtendWith(ArquillianExtension.class)
@RunAsClient
@DisabledIf("dev.qgjob.it.ServerUnderTest#partsAreMissing")
class BrokerIT {

  private static final int SOON_MS = 5_000;
  private static final int LONG_ENOUGH_FOR_NOTHING_MS = 300;

  private Connection connection;

  @Deployment(testable = false)
  static EnterpriseArchive earWithProbe() {
    return ServerUnderTest.earWith(
        ShrinkWrap.create(WebArchive.class, "probe.war").addClass(BusProbe.class), "/probe");
  }

  @BeforeEach
  void connect() throws JMSException {
    connection = ServerUnderTest.connectAsWorker();
  }

  @AfterEach
  void emptyAndDisconnect() throws JMSException {
    for (Target target : Target.values()) {
      try (Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
          MessageConsumer consumer =
              session.createConsumer(session.createQueue(Queues.ofTarget(target)))) {
        while (consumer.receive(50) != null) {
          continue;
        }
      }
    }
    connection.close();
  }

  @Test
  void aJobReachesAClientOnTheQueueOfItsTarget() throws JMSException {
    send("shared?target=DEVICE&group=org/app/1&job=j1");

    TextMessage message = (TextMessage) consumer(Queues.ofTarget(Target.DEVICE)).receive(SOON_MS);

    assertThat(message.getText()).isEqualTo("{\"job_id\":\"j1-0\",\"generation\":1}");
    assertThat(message.getStringProperty(Headers.TYPE)).isEqualTo(Headers.JOB);
    assertThat(message.getStringProperty("JMSXGroupID")).isEqualTo("org/app/1");
    assertThat(message.getJMSPriority()).isEqualTo(4);
  }

  @Test
  void jobsOfOneGroupGoToOneConsumer() throws JMSException {
    MessageConsumer first = consumer(Queues.ofTarget(Target.EMULATOR));
    MessageConsumer second = consumer(Queues.ofTarget(Target.EMULATOR));

    send("shared?target=EMULATOR&group=org/app/1&job=a&count=4");
    send("shared?target=EMULATOR&group=org/app/2&job=b&count=4");

    List<String> one = bodies(first);
    List<String> other = bodies(second);
    assertThat(one).hasSize(4);
    assertThat(other).hasSize(4);
    assertThat(one.stream().map(body -> body.contains("\"a-")).distinct()).hasSize(1);
    assertThat(other.stream().map(body -> body.contains("\"a-")).distinct()).hasSize(1);
  }

  @Test
  void oneMessageIsAcknowledgedWithoutThoseBeforeIt() throws JMSException {
    send("shared?target=EMULATOR&group=org/app/3&job=c&count=3");
    try (Session session = connection.createSession(ActiveMQJMSConstants.INDIVIDUAL_ACKNOWLEDGE);
        MessageConsumer consumer =
            session.createConsumer(session.createQueue(Queues.ofTarget(Target.EMULATOR)))) {
      assertThat(((TextMessage) consumer.receive(SOON_MS)).getText()).contains("c-0");
      TextMessage second = (TextMessage) consumer.receive(SOON_MS);
      assertThat(second.getText()).contains("c-1");
      second.acknowledge();
    }

    assertThat(bodies(consumer(Queues.ofTarget(Target.EMULATOR))))
        .satisfiesExactly(
            body -> assertThat(body).contains("c-0"), body -> assertThat(body).contains("c-2"));
  }

  @Test
  void aWorkersOwnQueueIsThereFromRegistrationToTheEnd() throws JMSException {
    // a client tries to make what is not there, which it may not
    assertThatThrownBy(() -> consumer(Queues.ofWorker("w1")))
        .isInstanceOf(JMSSecurityException.class);

    send("open?worker=w1");
    send("open?worker=w1");
    MessageConsumer inbox = consumer(Queues.ofWorker("w1"));
    send("hand-off?worker=w1&job=j7");
    TextMessage message = (TextMessage) inbox.receive(SOON_MS);
    assertThat(message.getText())
        .isEqualTo("{\"job_id\":\"j7\",\"generation\":1,\"slot_id\":\"slot-1\"}");
    assertThat(message.getJMSExpiration()).isPositive();
    inbox.close();

    MessageConsumer again = consumer(Queues.ofWorker("w1"));
    assertThat(again.receive(LONG_ENOUGH_FOR_NOTHING_MS)).isNull();
    again.close();

    send("close?worker=w1");
    send("close?worker=w1");
    assertThatThrownBy(() -> consumer(Queues.ofWorker("w1")))
        .isInstanceOf(JMSSecurityException.class);
  }

  @Test
  void aWorkerMayNotSend() throws JMSException {
    try (Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
      var queue = session.createQueue(Queues.ofTarget(Target.DEVICE));
      assertThatThrownBy(() -> session.createProducer(queue).send(session.createTextMessage("{}")))
          .isInstanceOf(JMSSecurityException.class);
    }
  }

  @Test
  void aWorkerMayNotReadElsewhere() {
    for (String address : List.of("jms.queue.DLQ", "jms.topic.events", "activemq.management")) {
      assertThatThrownBy(() -> consumer(address)).isInstanceOf(JMSException.class);
    }
  }

  @Test
  void aWorkerMayNotMakeQueues() throws JMSException {
    try (Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE)) {
      assertThatThrownBy(() -> session.createTemporaryQueue())
          .isInstanceOf(JMSSecurityException.class);
    }
    assertThatThrownBy(() -> consumer(Queues.ofWorker("made-up"))).isInstanceOf(JMSException.class);
  }

  @Test
  void nobodyElseGetsIn() {
    assertThatThrownBy(() -> ServerUnderTest.connect("worker", "wrong"))
        .isInstanceOf(JMSSecurityException.class);
    assertThatThrownBy(() -> ServerUnderTest.connect("guest", "guest"))
        .isInstanceOf(JMSSecurityException.class);
    assertThatThrownBy(() -> ServerUnderTest.connect(null, null))
        .isInstanceOf(JMSSecurityException.class);
  }

  private MessageConsumer consumer(String address) throws JMSException {
    Session session = connection.createSession(Session.AUTO_ACKNOWLEDGE);
    return session.createConsumer(session.createQueue(address));
  }

  private static List<String> bodies(MessageConsumer consumer) throws JMSException {
    List<String> bodies = new ArrayList<>();
    for (var message = consumer.receive(SOON_MS);
        message != null;
        message = consumer.receive(LONG_ENOUGH_FOR_NOTHING_MS)) {
      bodies.add(((TextMessage) message).getText());
    }
    return bodies;
  }

  private static void send(String pathAndQuery) {
    var answer = ServerUnderTest.post("/probe/" + pathAndQuery);
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
  }
}
